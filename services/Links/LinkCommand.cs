using System.CommandLine;
using System.Text.Json;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Npgsql;

namespace Jietong.Services.Links;

/// <summary>Everything of one link: both sides, its evidence as a timeline, promises, design values, and the documents.</summary>
internal static class LinkCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The link's id 通道编号, e.g. s1-m11" };
    private static readonly Option<DateOnly?> AsOf = CommandLine.AsOf(), KnownBy = CommandLine.KnownBy();
    private static readonly Option<string> Format = CommandLine.Format("table", "json");

    public static Command Define()
    {
        var command = new Command("link", "Everything of one link, with its evidence as a timeline 单条通道全貌与证据时间线") { Id, AsOf, KnownBy, Format };
        command.SetAction(Answer);
        return command;
    }

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        await using var db = await CommandLine.OpenDatabase(cancel);
        var id = asked.GetRequiredValue(Id);
        var (asOf, knownBy) = (asked.GetValue(AsOf) ?? Days.Today, asked.GetValue(KnownBy) ?? Days.Today);
        using var link = await Find(db, id, asOf, knownBy, cancel);
        if (asked.GetValue(Format) == "json")
        {
            await using var output = Console.OpenStandardOutput();
            await using var json = new Utf8JsonWriter(output, Output.Json);
            link.WriteTo(json);
            await json.FlushAsync(cancel);
            output.WriteByte((byte)'\n');
        }
        else LinkPage.Write(link.RootElement);
        return 0;
    }

    /// <summary>The link with all that belongs to it, each part with its source in full, as one JSON object.</summary>
    private static async Task<JsonDocument> Find(NpgsqlDataSource db, string id, DateOnly asOf, DateOnly knownBy, CancellationToken cancel)
    {
        Expand Expanded(Relation r) => new(r, new Query(Catalogue.Layer(r.Target))
        {
            Expand = r.Many ? [.. Catalogue.Layer(r.Target).Relations.Where(x => x.Name is "Source" or "Jurisdiction").Select(Expanded)] : [],
            OrderBy = r.Target switch { "Attestations" => [new(new ColumnValue("heldFrom")), new(new ColumnValue("statedOn"))], "Targets" => [new(new ColumnValue("due"))], _ => [] },
        });
        var query = new Query(Catalogue.Links) { AsOf = asOf, KnownBy = knownBy, Expand = [.. Catalogue.Links.Relations.Where(r => r.Name != "Source").Select(Expanded)] };
        await using var rows = await RowReader.Ask(db, query.Where(new Compare(Comparison.Equal, new ColumnValue("id"), new Literal(id))), cancel: cancel);
        if (!await rows.Read(cancel)) throw await Unknown(db, id, query, cancel);
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            rows.WriteMembers(json);
            json.WriteString("dataVersion", rows.Version.ToString());
            json.WriteEndObject();
        }
        return JsonDocument.Parse(buffer.ToArray());
    }

    /// <summary>Says whether the link is unknown (and which ids are like it) or not yet attested on that day.</summary>
    private static async Task<InputException> Unknown(NpgsqlDataSource db, string id, Query asked, CancellationToken cancel)
    {
        await using var rows = await RowReader.Ask(db, new Query(Catalogue.Links) { Select = ["id", "nameZh"] }, cancel: cancel);
        var all = (await Output.Collect(rows, cancel)).Select(r => ((string)r["id"]!, (string)r["nameZh"]!)).ToList();
        if (all.Any(l => l.Item1 == id)) return new($"{id} is not attested by {asked.AsOf:yyyy-MM-dd}, as known by {asked.KnownBy:yyyy-MM-dd}: ask for a later --as-of or --known-by.", notFound: true);
        var like = all.Where(l => id.Split('-').Any(part => part.Length > 1 && l.Item1.Contains(part, StringComparison.OrdinalIgnoreCase)) || l.Item2.Contains(id, StringComparison.Ordinal))
            .Take(5).Select(l => $"{l.Item1} ({l.Item2})").ToList();
        return new($"no link has the id \"{id}\". " + (like.Count > 0 ? $"Like it: {string.Join(", ", like)}." : "./run links lists them all."), notFound: true);
    }
}
