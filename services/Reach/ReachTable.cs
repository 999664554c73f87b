using System.Globalization;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Reach;

/// <summary>What is reached, band by band, as a table: how many places, which are new in the band, how much area; with links opened or closed, before and after.</summary>
internal static class ReachTable
{
    public static void Write(ReachAnswer answer)
    {
        var (terminal, request, origin) = (Output.Terminal(), answer.Request, answer.Origin);
        string[] OfPlaces(params string[] cells) => answer.PlacesCompared > 0 ? cells : [];   // a region may have none
        var table = Output.Table(["时限 Within", .. OfPlaces("到达地点 Places", "占比 Share"), "面积 Area km²", .. OfPlaces(answer.Patched is null ? "此档新到（分） New in this band (min)" : "变化（分） Changed (min)")]);
        table.ShowRowSeparators();
        for (var i = 0; i < answer.Base.Count; i++)
        {
            var (before, after) = (answer.Base[i], answer.Patched?[i]);
            string Change(Func<ReachedBand, double> of, string format, string difference) => after is null ? Number(of(before), format)
                : $"{Number(of(before), format)} → [bold]{Number(of(after), format)}[/]\n{(of(after) - of(before) is var more && Math.Abs(more) < 1e-9 ? "±0" : Number(more, difference))}";
            table.AddRow([$"[bold]0–{before.Minutes}[/] 分 min", .. OfPlaces($"{Change(b => b.Places.Count, "0", "+0;-0")}\n[grey]/ {answer.PlacesCompared}[/]", Change(b => 100.0 * b.Places.Count / Math.Max(1, answer.PlacesCompared), "0.0", "+0.0;-0.0") + " %"),
                Change(b => b.AreaKm2, "0.0", "+0.0;-0.0"), .. OfPlaces(after is null ? Names(before.Places.Skip(i == 0 ? 0 : answer.Base[i - 1].Places.Count)) : Changed(before, after))]);
        }
        terminal.Write(table);
        var at = origin.PlaceId is not null ? $"[bold]{Output.Text(origin.NameZh)}[/] {Output.Text(origin.NameEn)}"
            : $"[bold]{Output.Text(request.From)}[/]（距最近节点 {origin.Metres:0} 米 m to the nearest junction: {Output.Text(origin.NameZh)} {Output.Text(origin.NameEn)}）";
        terminal.MarkupLine($"出发 From {at} · {Words.Both(request.Mode)} · 各档从 0 分起，含前档 bands are cumulative" +
            $"{(request.Open.Count > 0 ? $" · 接通 opened {Output.Text(string.Join(", ", request.Open))}" : "")}{(request.Close.Count > 0 ? $" · 断开 closed {Output.Text(string.Join(", ", request.Close))}" : "")}");
        terminal.MarkupLine($"面积 Area：{Output.Text(answer.Method)}");
        terminal.MarkupLine($"{Output.Days(request.AsOf, request.KnownBy)} · 数据版本 Data version {answer.DataVersion}" +
            (answer.OnStreets ? $"\n道路为导入的路网；不含拥堵。 Roads are the imported streets; no congestion.{(answer.Sketch ? " 示意 [bold]sketch[/]：线位不明的通道按直线×系数。 Links whose course nobody shows are straight lines × a factor." : "")}"
                : answer.Sketch ? "\n示意 [bold]sketch[/]：无路网处以直线×系数的接驳弧代替道路；不含拥堵。 Connectors stand for roads we have no data of; no congestion." : ""));
    }

    /// <summary>Places that are reached only with the patch, or no more, or at another time.</summary>
    private static string Changed(ReachedBand before, ReachedBand after)
    {
        var (was, now) = (before.Places.ToDictionary(p => p.Place.Id), after.Places.ToDictionary(p => p.Place.Id));
        var parts = new[]
        {
            (Zh: "新到 reached", Names: Names(after.Places.Where(p => !was.ContainsKey(p.Place.Id)))), (Zh: "不再到 lost", Names: Names(before.Places.Where(p => !now.ContainsKey(p.Place.Id)))),
            (Zh: "更快 faster", Names: Differing((a, b) => b < a)), (Zh: "更慢 slower", Names: Differing((a, b) => b > a)),
        }.Where(p => p.Names != "").ToList();
        return parts.Count == 0 ? "[grey]无 none[/]" : string.Join('\n', parts.Select(p => $"[bold]{p.Zh}[/]：{p.Names}"));

        string Differing(Func<int, int, bool> how) => string.Join("，", after.Places.Where(p => was.TryGetValue(p.Place.Id, out var b) && how(b.Ms, p.Ms))
            .Select(p => $"{Output.Text(p.Place.NameZh)} [grey]{Output.Text(p.Place.NameEn)}[/] {Minutes(was[p.Place.Id].Ms)}→{Minutes(p.Ms)}"));
    }

    private static string Names(IEnumerable<ReachedPlace> places) => string.Join("，", places.Select(p => $"{Output.Text(p.Place.NameZh)} [grey]{Output.Text(p.Place.NameEn)}[/] {Minutes(p.Ms)}"));

    private static string Minutes(int ms) => Number(ms / 60_000.0, "0.0");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
