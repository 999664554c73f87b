using Jietong.Geodata.Register;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Attest;

/// <summary>What was recorded, and what it changes today.</summary>
internal static class AttestedTable
{
    public static void Write(IReadOnlyList<RowChange> changes, Written written, bool dryRun, int? skipped)
    {
        var terminal = Output.Terminal();
        if (dryRun) terminal.MarkupLine("[yellow]试算，未存 Dry run, nothing was stored[/]");
        foreach (var (row, cells) in written.Rows.Zip(changes.Select(c => c.Cells)))
        {
            string? Of(string field) => cells[field]?.ToString();
            terminal.MarkupLine($"{(row.Outcome == Outcome.Added ? dryRun ? "将登记 Would record" : "[bold]已登记 Recorded[/]" : "[grey]已有，未变 Already there[/]")}  {Output.Text(row.Id)}");
            terminal.MarkupLine($"  {Output.Text(Of("linkId"))}{(Of("side") is { } side ? $" {Output.Text(side)} 侧 side" : "")} · {Words.Both(Of("stage"))}{(Of("withdrawn") == "true" ? "（撤回 withdrawn）" : "")} · 自 from {Output.Text(Of("heldFrom"))} · {Words.Both(Of("basis"))} · {Output.Text(Of("sourceId"))}，{Output.Text(Of("place"))}" +
                (Of("supersedes") is { } corrected ? $" · 更正 supersedes {Output.Text(corrected)}" : ""));
        }
        if (written.Links.Count > 0)
        {
            var table = Output.Table("通道 Link", "此前 Before", "此后 After");
            foreach (var link in written.Links)
                table.AddRow($"[bold]{Output.Text(link.NameZh)}[/]\n[grey]{Output.Text(link.NameEn)}\n{Output.Text(link.Id)}[/]", State(link.StateBefore, link.StageBefore),
                    (link.StateBefore, link.StageBefore) == (link.StateAfter, link.StageAfter) ? "[grey]不变 unchanged[/]" : $"[bold]{State(link.StateAfter, link.StageAfter)}[/]");
            terminal.Write(table);
        }
        var (added, there) = (written.Rows.Count(r => r.Outcome == Outcome.Added), written.Rows.Count(r => r.Outcome == Outcome.AlreadyThere));
        terminal.MarkupLine($"{(dryRun ? "将登记" : "登记")} {added} 条，已有 {there} 条{(skipped is { } zh ? $"，未填 {zh} 行" : "")}。 {added} {(dryRun ? "would be recorded" : "recorded")}, {there} already there{(skipped is { } en ? $", {en} rows not filled in" : "")}. 数据版本 Data version {written.Version}");
    }

    private static string State(string? state, string? stage) => state is null ? "未列 not listed" : $"{Words.Both(state)}\n{Words.Both(stage)}";
}
