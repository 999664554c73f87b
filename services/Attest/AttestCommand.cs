using System.CommandLine;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Geodata.Register;
using Jietong.Services.Cli;
using Jietong.Services.Ledger;
using Npgsql;

namespace Jietong.Services.Attest;

/// <summary>What does a source say of a link? One attestation from the options, or all of a ledger that was filled in; and what that changes.</summary>
internal static class AttestCommand
{
    private static readonly Argument<string?> Link = new("link") { Description = "The link's id 通道编号, e.g. s1-m11", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Stage = Cell("--stage", "Stage 阶段", "STAGE"), Side = Cell("--side", "a outer 对侧, b Shanghai 上海; without it the whole 整条"),
        HeldFrom = Cell("--held-from", "Since when, as the source writes it 自何时: 2018-06-29, 2018-06, 2018, 2016/2020", "DATE"), HeldTo = Cell("--held-to", "Until when the source vouches for it 至何时", "DATE"),
        Source = Cell("--source", "Id of the source 来源编号", "ID"), Place = Cell("--place", "Where in the source 出处位置"),
        Basis = Cell("--basis", "stated 直述, reported 转述 or inferred 推断 (default: by the source's grade, inferred with premises)"),
        PremisesZh = Cell("--premises-zh", "What an inference rests on 推断前提"), PremisesEn = Cell("--premises-en", "The same in English"), NoteZh = Cell("--note-zh", "Note 备注"), NoteEn = Cell("--note-en", "The same in English"),
        Supersedes = Cell("--supersedes", "The attestation that this one corrects 更正哪一条", "ID"), Id = Cell("--id", "Its own id (default: from its content) 编号", "ID");
    private static readonly Option<DateOnly?> StatedOn = CommandLine.Day("--stated-on", "Date of the source, checked against the register's; without --held-from also the day from which it holds 来源日期，与登记册核对");
    private static readonly Option<bool> Withdrawn = new("--withdrawn") { Description = "Only take back the one that it supersedes 仅撤回" }, DryRun = new("--dry-run") { Description = "Show what would change, store nothing 试算不存" };
    private static readonly Option<string?> From = new("--from") { Description = "A ledger that was filled in: .xlsx or CSV 填好的台账", HelpName = "FILE" };

    private static readonly Dictionary<Option<string?>, string> Fields = new()
    {
        [Stage] = "stage", [Side] = "side", [HeldFrom] = "heldFrom", [HeldTo] = "heldTo", [Source] = "sourceId", [Place] = "place", [Basis] = "basis", [PremisesZh] = "premisesZh", [PremisesEn] = "premisesEn",
        [NoteZh] = "noteZh", [NoteEn] = "noteEn", [Supersedes] = "supersedes", [Id] = "id",
    };

    public static Command Define()
    {
        Stage.AcceptOnlyFromAmong([.. Stages.All]);
        Side.AcceptOnlyFromAmong("a", "b");
        Basis.AcceptOnlyFromAmong("stated", "reported", "inferred");
        var command = new Command("attest", "Record what a source says of a link, or a whole ledger 登记证据，或交回台账") { Link, From };
        foreach (var option in Fields.Keys) command.Add(option);
        foreach (var option in new Option[] { StatedOn, Withdrawn, DryRun }) command.Add(option);
        command.Validators.Add(r =>
        {
            if (r.GetValue(From) is not null)
            {
                if (r.GetValue(Link) is not null || Fields.Keys.Append<Option>(StatedOn).Append(Withdrawn).Any(o => r.GetResult(o) is { Implicit: false })) r.AddError("--from takes all from the ledger: of the other options only --dry-run goes with it.");
                return;
            }
            if (r.GetValue(Link) is null) r.AddError("Name a link, as ./run links lists them, or a ledger: --from FILE.");
            foreach (var option in new[] { Stage, Source }) if (r.GetValue(option) is null) r.AddError($"{option.Name} is missing 缺 {option.Description}.");
            if (r.GetValue(HeldFrom) is null && r.GetResult(StatedOn) is null) r.AddError("--held-from is missing: since when does it hold? Where the source says it of its own day, --stated-on is enough.");
        });
        command.SetAction(Answer);
        return command;
    }

    private static Option<string?> Cell(string name, string description, string? help = null) => new(name) { Description = description, HelpName = help };

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        var ledger = asked.GetValue(From) is { } file ? LedgerChanges.Read(file) : null;
        await using var db = await CommandLine.OpenDatabase(cancel);
        var sources = await Sources(db, cancel);
        var changes = (ledger?.Changes ?? [OfOptions(asked, sources)]).Select(c => Completed(c, sources)).ToList();
        Written written;
        try { written = await Write.Apply(db, changes, $"{Environment.UserName} (terminal)", asked.GetValue(DryRun), cancel); }
        catch (RefusedRowsException e)
        {
            throw new InputException($"未登记，未作任何改动；{e.Problems.Count} 处有误。 Nothing was recorded or changed; {e.Problems.Count} problems:\n" +
                string.Join('\n', e.Problems.Select(p => ledger is null ? OfOption(p) : $"{p.Place}, {Named(p.Field, f => ledger.Headings.GetValueOrDefault(f, f))}: {p.Message}")));
        }
        AttestedTable.Write(changes, written, asked.GetValue(DryRun), ledger?.Skipped);
        return 0;
    }

    private static string Named(string fields, Func<string, string> name) => string.Join("、", fields.Split(", ").Select(name));

    private static string OfOption(RowProblem problem) => $"{Named(problem.Field, f => f == "linkId" ? "link" : Fields.FirstOrDefault(o => o.Value == f).Key?.Name ?? f)}: {problem.Message}";

    private static RowChange OfOptions(ParseResult asked, Dictionary<string, Dictionary<string, object?>> sources)
    {
        var cells = new JsonObject { ["linkId"] = asked.GetValue(Link), ["withdrawn"] = asked.GetValue(Withdrawn) };
        foreach (var (option, field) in Fields) if (asked.GetValue(option) is { } text) cells[field] = text;
        var problems = new List<RowProblem>();
        if (asked.GetValue(StatedOn) is { } statedOn)
        {
            if (sources.GetValueOrDefault(asked.GetValue(Source)!) is { } source && !MayBePublishedOn(source, statedOn))
                problems.Add(new("", "--stated-on", $"{statedOn:yyyy-MM-dd} is not the date of {source["id"]}, which was published {source["published"]} by the register: correct the option, or the source."));
            cells["heldFrom"] ??= $"{statedOn:yyyy-MM-dd}";
        }
        return new("", "attestation", cells) { Problems = problems };
    }

    /// <summary>A source without a day may be of any day that its date leaves open.</summary>
    private static bool MayBePublishedOn(Dictionary<string, object?> source, DateOnly day) =>
        day <= (DateOnly)source["publishedLatest"]! && ((string)source["published"]!).Split('/')[0] is var first && (first == ".." || string.CompareOrdinal($"{day:yyyy-MM-dd}", first) >= 0);

    /// <summary>What a person need not write: the basis, which the source's grade gives, and a place that nobody noted.</summary>
    private static RowChange Completed(RowChange change, Dictionary<string, Dictionary<string, object?>> sources)
    {
        var cells = (JsonObject)change.Cells.DeepClone();
        var problems = change.Problems.ToList();
        var source = cells["sourceId"]?.ToString() is { } id ? sources.GetValueOrDefault(id) : null;
        if (source is null && cells["sourceId"] is { } unknown) problems.Add(new(change.Place, "sourceId", $"there is no source \"{unknown}\": ./run sources lists them; a new one is entered first (POST /odata/Sources)."));
        cells["basis"] ??= cells["premisesZh"] is not null || cells["premisesEn"] is not null ? "inferred" : source?["grade"] is "GOV" or "STATE" ? "stated" : "reported";
        cells["place"] ??= "未注明 / not noted";
        return change with { Cells = cells, Problems = problems };
    }

    private static async Task<Dictionary<string, Dictionary<string, object?>>> Sources(NpgsqlDataSource db, CancellationToken cancel)
    {
        await using var rows = await RowReader.Ask(db, new Query(Catalogue.Sources) { KnownBy = DateOnly.MaxValue.AddYears(-1) }, cancel: cancel);
        return (await Output.Collect(rows, cancel)).ToDictionary(s => (string)s["id"]!);
    }
}
