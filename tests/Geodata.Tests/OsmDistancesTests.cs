using System.Globalization;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Joining pieces to streets changes no distance: random maps, against every step of every way by itself (Floyd and Warshall), measured by PostGIS.</summary>
public sealed class OsmDistancesTests(OsmImported osm) : IClassFixture<OsmImported>
{
    private const int Worlds = 12, Nodes = 30, Roads = 22;

    /// <summary>Tags, and by which modes one gets along and back.</summary>
    private static readonly (string Tags, string Along, string Back)[] Kinds =
    [
        ("highway=residential", "car cycle foot", "car cycle foot"), ("highway=residential", "car cycle foot", "car cycle foot"), ("highway=residential name=Other", "car cycle foot", "car cycle foot"),
        ("highway=residential oneway=yes", "car cycle foot", "foot"), ("highway=residential oneway=-1", "foot", "car cycle foot"), ("highway=footway", "foot", "foot"),
        ("highway=residential motor_vehicle=no", "cycle foot", "cycle foot"), ("highway=residential access=private", "", ""), ("highway=motorway", "car", ""),
    ];

    [Fact]
    public async Task Distances_between_junctions_stay_as_they_are()
    {
        for (var seed = 1; seed <= Worlds; seed++)
        {
            var (world, steps) = Draw(new(seed));
            var name = await osm.Import(world);
            var metres = await Metres(world, steps);
            foreach (var mode in new[] { "car", "cycle", "foot" })
            {
                var streets = await osm.Rows(name, $"select concat_ws(' ', from_junction, to_junction, length_metres, {mode}_forward_ms is not null, {mode}_backward_ms is not null) from street where dataset_id = $");
                var ours = Distances(streets.Select(row => row.Split(' ')).SelectMany(r => new[] { (int.Parse(r[0]), int.Parse(r[1]), double.Parse(r[2], CultureInfo.InvariantCulture), r[3] == "t"), (int.Parse(r[1]), int.Parse(r[0]), double.Parse(r[2], CultureInfo.InvariantCulture), r[4] == "t") }).Where(e => e.Item4));
                var oracle = Distances(steps.Zip(metres).SelectMany(s => new[] { (s.First.From, s.First.To, s.Second, s.First.Along.Contains(mode, StringComparison.Ordinal)), (s.First.To, s.First.From, s.Second, s.First.Back.Contains(mode, StringComparison.Ordinal)) }).Where(e => e.Item4));
                var junctions = (await osm.Rows(name, "select id from street_junction where dataset_id = $")).Select(int.Parse).ToList();
                foreach (var from in junctions)
                    foreach (var to in junctions)
                        Assert.True(Math.Abs(ours[from, to] - oracle[from, to]) < 0.001 || ours[from, to] == oracle[from, to], $"world {seed}, {mode}, {from} to {to}: {ours[from, to]} and {oracle[from, to]}\n{string.Join('\n', await osm.StreetsOf(name))}");
            }
        }
    }

    private static (OsmWorld, List<(int From, int To, string Along, string Back)>) Draw(Random random)
    {
        var (world, steps) = (new OsmWorld(), new List<(int, int, string, string)>());
        for (var node = 1; node <= Nodes; node++) world.At(node, node % 6 + random.Next(3), node / 6 + random.Next(3), random.Next(15) == 0 ? "barrier=gate" : "");
        for (var way = 1; way <= Roads; way++)
        {
            var (tags, along, back) = Kinds[random.Next(Kinds.Length)];
            var nodes = Enumerable.Range(0, random.Next(2, 6)).Select(_ => random.Next(1, Nodes + 1)).ToList();
            world.Road(way, string.Join(' ', nodes), tags);
            steps.AddRange(nodes.Zip(nodes.Skip(1)).Where(s => s.First != s.Second).Select(s => (s.First, s.Second, along, back)));
        }
        return (world, steps);
    }

    private async Task<double[]> Metres(OsmWorld world, List<(int From, int To, string, string)> steps)
    {
        string Point(int id) => world.Nodes[id - 1] is var n ? string.Create(CultureInfo.InvariantCulture, $"ST_MakePoint({n.Longitude}, {n.Latitude})::geography") : "";
        return [.. (await osm.Database.Column($"select m from (values {string.Join(", ", steps.Select((s, i) => $"({i}, ST_Distance({Point(s.From)}, {Point(s.To)}))"))}) x(i, m) order by i")).Select(m => double.Parse(m, CultureInfo.InvariantCulture))];
    }

    private static double[,] Distances(IEnumerable<(int From, int To, double Metres, bool)> edges)
    {
        var distances = new double[Nodes + 1, Nodes + 1];
        for (var i = 0; i <= Nodes; i++)
            for (var j = 0; j <= Nodes; j++) distances[i, j] = i == j ? 0 : double.PositiveInfinity;
        foreach (var (from, to, metres, _) in edges) distances[from, to] = Math.Min(distances[from, to], metres);
        for (var k = 1; k <= Nodes; k++)
            for (var i = 1; i <= Nodes; i++)
                for (var j = 1; j <= Nodes; j++) distances[i, j] = Math.Min(distances[i, j], distances[i, k] + distances[k, j]);
        return distances;
    }
}
