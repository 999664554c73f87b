using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Jietong.Geodata;
using Jietong.Geodata.Imports;
using Jietong.Routing;
using Npgsql;

namespace Jietong.Benchmarks;

/// <summary>
/// A file of OpenStreetMap into PostGIS, from the file to the commit, against osm2pgrouting on the same roads: those for cars by its own list (mapconfig_for_cars.xml) that no tag closes, as PBF for us and as XML for it;
/// writing these two files is not timed. Distances between random pairs of junctions that both have are compared first, on both networks, by our Dijkstra and by pgRouting. Each round begins in empty databases.
/// </summary>
internal static class OsmBenchmark
{
    private const int Sources = 15, Targets = 20;   // 300 pairs
    private const double Tolerance = 0.001;
    private const string Config = "/usr/share/osm2pgrouting/mapconfig_for_cars.xml";

    /// <summary>As that list has them.</summary>
    private const string Roads = "w/highway=motorway,motorway_link,trunk,trunk_link,primary,primary_link,secondary,secondary_link,tertiary,tertiary_link,residential,living_street,service,unclassified,road";

    /// <summary>What only one of the two heeds is left out for both.</summary>
    private static readonly string[] Closed = ["w/access=no,private,delivery,agricultural,forestry", "w/vehicle", "w/motor_vehicle", "w/motorcar", "w/area=yes", "w/barrier", "w/maxwidth", "w/oneway=reversible", "w/junction=circular", "w/service=emergency_access,busway", "r/"];

    public static async Task<int> Run(string[] args)
    {
        var (file, rounds, isJson) = ("", 3, false);
        for (var i = 0; i < args.Length; i++)
            if (args[i] == "--json") isJson = true;
            else if (args[i] == "--file" && i + 1 < args.Length) file = args[++i];
            else if (args[i] == "--rounds" && i + 1 < args.Length && int.TryParse(args[++i], out var n) && n > 0) rounds = n;
            else throw new ArgumentException($"{args[i]}: there are --file FILE.osm.pbf, --rounds NUMBER and --json.");
        if (file == "") throw new ArgumentException("Say which file: --file FILE.osm.pbf.");
        var server = Environment.GetEnvironmentVariable("JIETONG_DB") ?? throw new ArgumentException("JIETONG_DB names no database server: write Host=…;Port=…;Username=…;Password=…;Database=….");
        var folder = Directory.CreateTempSubdirectory("jietong-benchmark-").FullName;
        try
        {
            var (pbf, xml) = await Prepared(file, folder);
            var (times, read) = (new List<(double Ours, double Whole, double Peer)>(), double.MaxValue);
            for (var round = -1; round < rounds; round++)
            {
                await using var peer = await Fresh(server, "peer");
                var peerSeconds = await Peer(peer, xml);
                await using var whole = await Fresh(server, "whole");
                var (wholeSeconds, _) = await Ours(whole, file);
                await using var ours = await Fresh(server, "ours");
                var (seconds, report) = await Ours(ours, pbf);
                if (round < 0) await Agree(ours, peer, report, isJson);
                else times.Add((seconds, wholeSeconds, peerSeconds));
                read = Math.Min(read, (double)report.Figures["readSeconds"]!);
            }
            var best = (Ours: times.Min(t => t.Ours), Whole: times.Min(t => t.Whole), Peer: times.Min(t => t.Peer));
            Console.WriteLine(isJson
                ? JsonSerializer.Serialize(new { file = Path.GetFileName(file), oursSeconds = best.Ours, wholeSeconds = best.Whole, peerSeconds = best.Peer, ratio = best.Peer / best.Ours, ratioOfWhole = best.Peer / best.Whole }, JsonSerializerOptions.Web)
                : string.Create(CultureInfo.InvariantCulture, $"import   ours {best.Ours:0.000} s ({read:0.000} until COPY)   osm2pgrouting {best.Peer:0.00} s   ratio {best.Peer / best.Ours:0.0} (rounds {string.Join(", ", times.Select(t => $"{t.Peer / t.Ours:0.0}"))}); our import of the whole file, all modes, lines and stops: {best.Whole:0.000} s, ratio {best.Peer / best.Whole:0.0}"));
            return 0;
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static async Task<(string Pbf, string Xml)> Prepared(string file, string folder)
    {
        string At(string name) => Path.Combine(folder, name);
        await Ran("osmium", "tags-filter", "-o", At("roads.osm.pbf"), file, Roads);
        await Ran("osmium", ["tags-filter", "-i", "-o", At("open.osm.pbf"), At("roads.osm.pbf"), .. Closed]);
        await Ran("osmium", "tags-filter", "-o", At("same.osm.pbf"), At("open.osm.pbf"), Roads);   // without nodes that no road is left for
        await Ran("osmium", "cat", "-o", At("same.osm"), At("same.osm.pbf"));
        return (At("same.osm.pbf"), At("same.osm"));
    }

    private sealed record FreshDatabase(string Server, string Name) : IAsyncDisposable
    {
        public NpgsqlDataSource Db { get; } = Database.Connect(new NpgsqlConnectionStringBuilder(Server) { Database = Name, CommandTimeout = 0 }.ConnectionString);

        public async Task<object?> Ask(string sql)
        {
            await using var command = Db.CreateCommand(sql);
            return await command.ExecuteScalarAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Db.DisposeAsync();
            await On(Server, $"drop database {Name} with (force)");
        }
    }

    private static async Task<FreshDatabase> Fresh(string server, string what)
    {
        var name = $"{new NpgsqlConnectionStringBuilder(server).Database}_osm_{what}_{Environment.ProcessId}";
        await On(server, $"create database {name}");
        var fresh = new FreshDatabase(server, name);
        if (what == "peer") await fresh.Ask("create extension pgrouting cascade");
        else await Database.Prepare(fresh.Db);
        return fresh;
    }

    private static async Task<(double Seconds, ImportReport Report)> Ours(FreshDatabase to, string file)
    {
        var start = Stopwatch.GetTimestamp();
        var imported = await Import.Run(to.Db, new([file], "benchmark") { Dataset = "benchmark" });
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, imported.Reports[0]);
    }

    private static async Task<double> Peer(FreshDatabase to, string file)
    {
        var server = new NpgsqlConnectionStringBuilder(to.Server);
        var start = Stopwatch.GetTimestamp();
        await Ran("osm2pgrouting", ["-f", file, "-c", Config, "-d", to.Name, "-h", server.Host!, "-p", $"{server.Port}", "-U", server.Username!, .. server.Password is { Length: > 0 } password ? new[] { "-W", password } : []]);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The same junctions, and between 300 pairs of them the same distances, or none.</summary>
    private static async Task Agree(FreshDatabase ours, FreshDatabase peer, ImportReport report, bool isJson)
    {
        var (nodes, tails, heads, millimetres) = (new Dictionary<long, int>(), new List<int>(), new List<int>(), new List<int>());
        int Number(long id) => nodes.TryGetValue(id, out var number) ? number : nodes[id] = nodes.Count;
        await foreach (var (from, to, metres, there, back) in Rows(ours, "select from_junction, to_junction, length_metres, car_forward_ms is not null, car_backward_ms is not null from street"))
        {
            var (a, b, length) = (Number(from), Number(to), (int)Math.Round(metres * 1000));
            if (there) Arc(a, b, length);
            if (back) Arc(b, a, length);
        }
        void Arc(int tail, int head, int length)
        {
            tails.Add(tail);
            heads.Add(head);
            millimetres.Add(length);
        }
        var network = Network.Build(nodes.Count, tails, heads, millimetres);

        var shared = new List<(long Osm, long Vertex)>();
        await foreach (var (osm, vertex, _, _, _) in Rows(peer, "select osm_id, id, 0::float8, true, true from ways_vertices_pgr order by osm_id"))
            if (nodes.ContainsKey(osm)) shared.Add((osm, vertex));
        var random = new Random(1);
        (long Osm, long Vertex)[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => shared[random.Next(shared.Count)])];
        var (sources, targets) = (Some(Sources), Some(Targets));
        var theirs = new Dictionary<(long, long), double>();
        const string edges = "select gid id, source, target, case when one_way = -1 then -1 else length_m end cost, case when one_way = 1 then -1 else length_m end reverse_cost from ways";
        await foreach (var (from, to, metres, _, _) in Rows(peer, $"select start_vid, end_vid, agg_cost, true, true from pgr_dijkstraCost('{edges}', array[{string.Join(',', sources.Select(s => s.Vertex).Distinct())}]::bigint[], array[{string.Join(',', targets.Select(t => t.Vertex).Distinct())}]::bigint[], true)"))
            theirs[(from, to)] = metres;
        var (joined, worst) = (0, 0.0);
        foreach (var source in sources)
        {
            var tree = Dijkstra.TravelTimesFrom(network, nodes[source.Osm]);
            foreach (var target in targets)
            {
                if (source == target) continue;
                var (mine, their) = (tree[nodes[target.Osm]], theirs.TryGetValue((source.Vertex, target.Vertex), out var metres) ? metres : double.PositiveInfinity);
                if (mine == Network.Unreachable != double.IsPositiveInfinity(their)) throw Differ(source.Osm, target.Osm, mine, their);
                if (mine == Network.Unreachable) continue;
                joined++;
                worst = Math.Max(worst, Math.Abs(mine / 1000.0 - their) / Math.Max(their, 1));
                if (worst > Tolerance) throw Differ(source.Osm, target.Osm, mine, their);
            }
        }
        if (isJson) return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}"));
        var (ways, vertices) = (await peer.Ask("select count(*) from ways"), await peer.Ask("select count(*) from ways_vertices_pgr"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"same roads: {report.Figures["roads"]:N0} ways; ours {report.Figures["streets"]:N0} streets between {nodes.Count:N0} junctions, osm2pgrouting {ways:N0} between {vertices:N0}, {shared.Count:N0} of them shared"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"distances: {Sources * Targets} pairs, {joined} joined in both, the others in neither; greatest difference {worst:0.0000 %}"));
    }

    private static InvalidOperationException Differ(long from, long to, int millimetres, double metres) =>
        new(string.Create(CultureInfo.InvariantCulture, $"From node {from} to node {to}: ours {millimetres / 1000.0:0.0} m, osm2pgrouting {metres:0.0} m. Nothing is timed."));

    private static async IAsyncEnumerable<(long, long, double, bool, bool)> Rows(FreshDatabase from, string sql)
    {
        await using var command = from.Db.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) yield return (rows.GetInt64(0), rows.GetInt64(1), rows.GetDouble(2), rows.GetBoolean(3), rows.GetBoolean(4));
    }

    private static async Task On(string server, string sql)
    {
        await using var any = NpgsqlDataSource.Create(server);
        await using var command = any.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task Ran(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            if (process.ExitCode != 0) throw new InvalidOperationException($"{program}: {await error}{await output}");
        }
        catch (System.ComponentModel.Win32Exception) { throw new ArgumentException($"{program} is not installed: apt-get install osm2pgrouting osmium-tool postgresql-15-pgrouting."); }
    }
}
