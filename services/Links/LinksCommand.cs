using System.CommandLine;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Jietong.Services.Ledger;

namespace Jietong.Services.Links;

/// <summary>Which links are there, which are still broken, since when, and who says so?</summary>
internal static class LinksCommand
{
    private static readonly Option<DateOnly?> AsOf = CommandLine.AsOf(), KnownBy = CommandLine.KnownBy();
    private static readonly Option<bool> Broken = new("--broken") { Description = "Only links not known to be open 只列未接通" };
    private static readonly Option<string?> State = Code("--state", "open 已通, not_open 未通, unverified 待核实 or cancelled 取消", "open", "not_open", "unverified", "cancelled");
    private static readonly Option<string?> Kind = Code("--kind", "Kind 类别", "road", "metro", "rail", "brt", "bus", "footbridge", "waterway", "unspecified");
    private static readonly Option<string?> Nature = Code("--nature", "Nature 性质", "missing", "bottleneck", "blocked", "service", "study");
    private static readonly Option<string?> Unit = new("--unit") { Description = "Part of the name of a responsible unit 责任单位", HelpName = "NAME" };
    private static readonly Option<Position?> Near = new("--near") { Description = "Near this position 附近（WGS 84）", HelpName = "LON,LAT", CustomParser = Position.Parse };
    private static readonly Option<double?> Within = new("--within") { Description = "At most so many metres from it 距离（米）", HelpName = "METRES" };
    private static readonly Option<bool> Overdue = new("--overdue") { Description = "Only links with a promise past and unmet 承诺逾期" };
    private static readonly Option<int?> OlderThan = new("--older-than") { Description = "Only links whose last evidence is older than so many days 证据陈旧", HelpName = "DAYS" };
    private static readonly Option<DateOnly?> ChangedSince = CommandLine.Day("--changed-since", "Only links that stand elsewhere than on this day 此日以来有变化");
    private static readonly Option<string?> For = new("--for") { Description = "Only links of this town; with csv or xlsx as a ledger to fill in 某镇通道；csv、xlsx 为可填报台账", HelpName = "TOWN" };
    private static readonly Option<string?> Out = new("--out") { Description = "File to write the ledger to 台账文件", HelpName = "FILE" };
    private static readonly Option<string> Format = CommandLine.Format("table", "json", "csv", "geojson", "xlsx");

    public static Command Define()
    {
        var command = new Command("links", "Which links, in which state, by whose word 通道及其状态与证据")
            { AsOf, KnownBy, Broken, State, Kind, Nature, Unit, Near, Within, Overdue, OlderThan, ChangedSince, For, Out, Format };
        command.Validators.Add(r =>
        {
            if (r.GetResult(Near) is null != r.GetResult(Within) is null) r.AddError("--near and --within go together: --near 121.0998,31.3006 --within 5000.");
            if (r.GetValue(For) is { } town && string.IsNullOrWhiteSpace(town)) r.AddError("--for: write the name of a town, or part of it: --for 花桥.");
            if (r.GetValue(Out) is not null && !IsLedger(r.GetValue(Format), r.GetValue(For))) r.AddError("--out goes with a ledger: --for TOWN and --format xlsx or csv.");
            if (r.GetValue(OlderThan) < 0) r.AddError("--older-than: write a number of days from 0 on.");
            if (r.GetResult(Within) is not null && r.GetValue(Within) is not > 0) r.AddError("--within: write a positive number of metres.");
        });
        command.SetAction(Answer);
        return command;
    }

    private static Option<string?> Code(string name, string description, params string[] codes)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong(codes);
        return option;
    }

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        await using var db = await CommandLine.OpenDatabase(cancel);
        var query = Question(asked);
        if (asked.GetValue(For) is { } town) query = await LedgerOfTown.For(db, query, town, cancel);
        if (asked.GetValue(Near) is { } position) query = query.Where(new Compare(Comparison.LessOrEqual, DistanceTo(position), new Literal(asked.GetValue(Within)!.Value)));
        var before = asked.GetValue(ChangedSince) is { } since ? await StateBefore(db, query with { Since = since }, cancel) : null;
        if (before is not null) query = query.Where(new In(new ColumnValue("id"), [.. before.Keys]));

        if (IsLedger(asked.GetValue(Format), asked.GetValue(For))) return await WriteLedger(db, query, asked, cancel);
        await using var rows = await RowReader.Ask(db, query, cancel: cancel);
        await Output.Answer(rows, asked.GetValue(Format), "id", links => LinksTable.Write(links, query, rows.Version, before), cancel);
        if (asked.GetValue(Near) is { } near && asked.GetValue(Format) == "table") LinksTable.WritePossiblyNear(await PossiblyWithin(db, asked, near, cancel));
        if (asked.GetValue(Overdue) && asked.GetValue(Format) == "table") LinksTable.WriteAggregatePromises(await PromisesBy(db, query, cancel));
        return 0;
    }

    private static bool IsLedger(string? format, string? town) => format == "xlsx" || format == "csv" && town is not null;

    private static async Task<int> WriteLedger(Npgsql.NpgsqlDataSource db, Query query, ParseResult asked, CancellationToken cancel)
    {
        var (format, file) = (asked.GetValue(Format), asked.GetValue(Out));
        if (format == "xlsx" && file is null && !Console.IsOutputRedirected) throw new InputException("A workbook cannot be shown in a terminal: name a file, --out 台账.xlsx.");
        var (links, sources, version) = await LedgerOfTown.Read(db, query, asked.GetValue(For), cancel);
        await using (var to = file is null ? Console.OpenStandardOutput() : File.Create(file))
        {
            if (format == "xlsx") LedgerBook.WriteXlsx(to, links, sources, query, version);
            else LedgerBook.WriteCsv(to, links);
        }
        if (file is not null) await Console.Error.WriteLineAsync($"台账 {file}：{links.Count} 条通道，填好后 ./run attest --from {file}。 A ledger of {links.Count} links; filled in, it is handed back so.");
        return 0;
    }

    private static Query Question(ParseResult asked)
    {
        var today = Days.Today;
        var query = new Query(Catalogue.Links) { AsOf = asked.GetValue(AsOf) ?? today, KnownBy = asked.GetValue(KnownBy) ?? today };
        if (asked.GetValue(ChangedSince) > query.AsOf) throw new InputException("--changed-since lies after --as-of.");
        if (asked.GetValue(Broken)) query = query.Where(Is("broken", true));
        if (asked.GetValue(State) is { } state) query = query.Where(Is("state", state));
        if (asked.GetValue(Kind) is { } kind) query = query.Where(Is("kind", kind));
        if (asked.GetValue(Nature) is { } nature) query = query.Where(Is("nature", nature));
        if (asked.GetValue(Unit) is { } unit) query = query.Where(new Like(new ColumnValue("units"), TextMatch.Contains, new Literal(unit)));
        if (asked.GetValue(Overdue)) query = query.Where(Is("overdue", true));
        if (asked.GetValue(OlderThan) is { } days) query = query.Where(new Compare(Comparison.Greater, new ColumnValue("evidenceAgeDays"), new Literal(days)));
        return query;
    }

    private static Distance DistanceTo(Position position) => new(new ColumnValue("geometry"), position.Point);

    /// <summary>Links whose position lies beyond, but within its own accuracy may lie nearer.</summary>
    private static async Task<List<Dictionary<string, object?>>> PossiblyWithin(Npgsql.NpgsqlDataSource db, ParseResult asked, Position near, CancellationToken cancel)
    {
        var (distance, within) = (DistanceTo(near), new Literal(asked.GetValue(Within)!.Value));
        var query = Question(asked).Where(new Compare(Comparison.Greater, distance, within))
            .Where(new Compare(Comparison.LessOrEqual, new Arithmetic(Operation.Subtract, distance, new ColumnValue("accuracyMetres")), within));
        await using var rows = await RowReader.Ask(db, query with { Select = ["id", "accuracyMetres"], OrderBy = [new(new ColumnValue("accuracyMetres"))] }, cancel: cancel);
        return await Output.Collect(rows, cancel);
    }

    private static Compare Is(string column, object value) => new(Comparison.Equal, new ColumnValue(column), new Literal(value));

    private static async Task<Dictionary<string, string?>> StateBefore(Npgsql.NpgsqlDataSource db, Query query, CancellationToken cancel)
    {
        await using var rows = await RowReader.Ask(db, new Query(Catalogue.LinkChanges) { Since = query.Since, AsOf = query.AsOf, KnownBy = query.KnownBy }, cancel: cancel);
        return (await Output.Collect(rows, cancel)).ToDictionary(r => (string)r["id"]!, r => r["stateBefore"] is string state ? $"{Words.Both(state)}, {Words.Both((string?)r["stageBefore"])}" : null);
    }

    /// <summary>Promises about a number of links that were due by then: no single link can be overdue for them.</summary>
    private static async Task<List<Dictionary<string, object?>>> PromisesBy(Npgsql.NpgsqlDataSource db, Query links, CancellationToken cancel)
    {
        var due = new Compare(Comparison.Less, new ColumnValue("asOf"), new Literal(links.AsOf));
        await using var rows = await RowReader.Ask(db, new Query(Catalogue.Claims) { KnownBy = links.KnownBy }.Where(new And(due, Is("kind", "promise"))), cancel: cancel);
        return await Output.Collect(rows, cancel);
    }
}
