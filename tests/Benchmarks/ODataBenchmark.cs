using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Geodata.Register;
using Jietong.Services.Serve;
using Npgsql;

namespace Jietong.Benchmarks;

/// <summary>
/// Our OData endpoint against a hand-written one that runs the best SQL for the same question and streams the same JSON, both served by
/// Kestrel in this process, asked in turn. The answers are compared before anything is timed. JIETONG_DB names a database of its own: it is filled.
/// </summary>
internal static class ODataBenchmark
{
    public static async Task<int> Run(string[] args)
    {
        var address = Environment.GetEnvironmentVariable("JIETONG_DB") ?? throw new InvalidOperationException("JIETONG_DB names no database.");
        await using var db = Database.Connect(address);
        await Database.Prepare(db);
        await Load.Once(db, Load.ShippedFolder);

        const string Where = "broken and ST_DWithin(geom::geography, 'SRID=4326;POINT(121.0998 31.3006)'::geography, 20000)";
        (string Name, string OData, string Sql)[] cases =
        [
            ("one link by key", "/odata/Links('s1-m11')?$select=id,nameZh,state,geometry&asOf=2026-11-22",
                "select id, name_zh as \"nameZh\", state, ST_AsGeoJSON(geom, 7)::json as geometry from link_as_of('2026-11-22', '2026-11-22') where id = 's1-m11'"),
            ("broken within 20 km", "/odata/Links?$filter=broken eq true and geo.distance(geometry,geography'SRID=4326;POINT(121.0998 31.3006)') le 20000&$select=id,nameZh,state,geometry&asOf=2026-11-22",
                $"select id, name_zh as \"nameZh\", state, ST_AsGeoJSON(geom, 7)::json as geometry from link_as_of('2026-11-22', '2026-11-22') where {Where} order by id"),
            ("all links with geometry", "/odata/Links?$select=id,nameZh,state,geometry&asOf=2026-11-22",
                "select id, name_zh as \"nameZh\", state, ST_AsGeoJSON(geom, 7)::json as geometry from link_as_of('2026-11-22', '2026-11-22') order by id"),
        ];

        await using var ours = ServeCommand.Build(db, "http://127.0.0.1:0");
        foreach (var (name, _, sql) in cases)
            ours.MapGet($"/peer/{name.Replace(' ', '-')}", async (HttpContext http) =>
            {
                await using var command = db.CreateCommand(sql);
                await using var rows = await command.ExecuteReaderAsync();
                http.Response.ContentType = "application/json";
                await using var json = new Utf8JsonWriter(http.Response.BodyWriter, Jietong.Services.Cli.Output.Json);
                json.WriteStartArray();
                while (await rows.ReadAsync())
                {
                    json.WriteStartObject();
                    for (var i = 0; i < 3; i++) json.WriteString(rows.GetName(i), rows.GetString(i));
                    json.WritePropertyName("geometry");
                    if (rows.IsDBNull(3)) json.WriteNullValue(); else json.WriteRawValue(rows.GetString(3), true);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
        await ours.StartAsync();
        using var client = new HttpClient { BaseAddress = new(ours.Urls.First()) };

        if (!args.Contains("--json")) Console.WriteLine($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
        foreach (var (name, odata, _) in cases)
        {
            var question = odata.Split('?', 2) is var parts ? parts[0] + "?" + string.Join('&', parts[1].Split('&').Select(o => o.Split('=', 2)).Select(o => o[0] + "=" + Uri.EscapeDataString(o[1]))) : odata;
            var peer = $"/peer/{name.Replace(' ', '-')}";
            var rows = Agree(JsonNode.Parse(await client.GetStringAsync(question))!, JsonNode.Parse(await client.GetStringAsync(peer))!.AsArray());
            var (mine, theirs) = (new List<double>(), new List<double>());
            for (var round = 0; round < 320; round++)
            {
                var (m, t) = (await Milliseconds(question), await Milliseconds(peer));
                if (round >= 20) (mine, theirs) = ([.. mine, m], [.. theirs, t]);
            }
            var (a, b) = (Timing.Median(mine), Timing.Median(theirs));
            Console.WriteLine(args.Contains("--json")
                ? JsonSerializer.Serialize(new { name, rows, oursMs = Math.Round(a, 3), peerMs = Math.Round(b, 3), ratio = Math.Round(b / a, 2) })
                : string.Create(CultureInfo.InvariantCulture, $"{name,-26} {rows,4} rows   ours {a,7:0.00} ms   hand-written {b,7:0.00} ms   ratio {b / a:0.00}"));
        }
        await ours.StopAsync();
        return 0;

        async Task<double> Milliseconds(string path)
        {
            var watch = Stopwatch.GetTimestamp();
            await client.GetByteArrayAsync(path);
            return Stopwatch.GetElapsedTime(watch).TotalMilliseconds;
        }
    }

    private static int Agree(JsonNode ours, JsonArray peer)
    {
        var rows = ours["value"] is JsonArray list ? list : new JsonArray(new JsonObject(ours.AsObject().Where(p => p.Key != "@odata.context").Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))));
        if (!JsonNode.DeepEquals(rows, peer)) throw new InvalidOperationException("The two answers differ: nothing is timed.");
        return rows.Count;
    }
}
