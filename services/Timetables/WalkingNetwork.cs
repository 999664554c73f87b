using Jietong.Geodata;
using Jietong.Routing;
using Jietong.Services.Model;
using Jietong.Services.Streets;
using Npgsql;

namespace Jietong.Services.Timetables;

/// <summary>How long one walks between places: along imported streets, or, where the region has none, straight lines × a factor, which is a sketch.</summary>
internal sealed class WalkingNetwork
{
    /// <summary>As the register assumes them (walking-speed, detour-factor-walking); imports of streets walk at that speed.</summary>
    public const double Kmh = 5, DetourFactor = 1.3;

    /// <summary>A place farther from every street that leads anywhere cannot be walked to.</summary>
    public const double FarthestFromStreetMetres = 500;

    /// <summary>A part of the streets that hangs together counts where it has this share of all junctions: not a courtyard that the data do not join.</summary>
    private const double LeastPart = 0.01;

    private const int StreetsTried = 8;

    private readonly IReadOnlyList<(double Longitude, double Latitude)> places;
    private readonly Network? network;      // places are its last junctions
    private readonly int[] junctions;       // by place, -1 for none

    private WalkingNetwork(IReadOnlyList<(double, double)> places, Network? network, int[] junctions, IReadOnlyList<string> datasets) => (this.places, this.network, this.junctions, Datasets) = (places, network, junctions, datasets);

    /// <summary>Whose streets are walked along; none for a sketch.</summary>
    public IReadOnlyList<string> Datasets { get; }

    public bool IsSketch => network is null;

    /// <summary>Whether a place can be walked to at all.</summary>
    public bool Joins(int place) => IsSketch || junctions[place] >= 0;

    public static async Task<WalkingNetwork> Build(NpgsqlDataSource db, StreetRows rows, IReadOnlyList<(double Longitude, double Latitude)> places, CancellationToken cancel)
    {
        if (rows.Streets.Count == 0) return new(places, null, [], []);
        var streets = new StreetNetwork(rows, "foot");
        var part = streets.Connectivity.StrongComponentOf;
        var sizes = part.CountBy(p => p).ToDictionary();
        int[] tails = [.. Enumerable.Range(0, streets.Network.JunctionCount).SelectMany(j => Enumerable.Repeat(j, streets.Network.FirstArc[j + 1] - streets.Network.FirstArc[j]))];
        (int From, int To) Ends(int street) => streets.Arc(street, false) is >= 0 and var arc ? (tails[arc], streets.Network.Heads[arc]) : streets.Arc(street, true) is >= 0 and var back ? (streets.Network.Heads[back], tails[back]) : (-1, -1);
        bool Leads(int street) => Ends(street) is var (from, to) && from >= 0 && part[from] == part[to] && sizes[part[from]] >= LeastPart * part.Count;
        var near = new Dictionary<int, (int Street, NearStreet At)>();
        foreach (var at in await NearestStreets.Of(db, "foot", places, StreetsTried, FarthestFromStreetMetres, cancel))
            if (streets.StreetNamed(at.Dataset, at.Id) is >= 0 and var street && Leads(street)) near.TryAdd(at.Position, (street, at));

        List<int> from = [.. tails], to = [.. streets.Network.Heads], ms = [.. streets.Network.TravelTimesMs];
        var junctions = Enumerable.Repeat(-1, places.Count).ToArray();
        var count = streets.Network.JunctionCount;
        void Arc(int tail, int head, double time)
        {
            from.Add(tail);
            to.Add(head);
            ms.Add((int)Math.Round(time));
        }
        foreach (var (street, along) in near.Values.GroupBy(n => n.Street).OrderBy(g => g.Key).Select(g => (g.Key, g.Select(n => n.At).OrderBy(n => n.Share).ThenBy(n => n.Position).ToList())))
        {
            var (row, (first, last)) = (rows.Streets[street], Ends(street));
            var (before, share) = (first, 0.0);
            foreach (var at in along.Append(new(-1, "", "", 1, 0)))
            {
                var point = at.Position < 0 ? last : count++;
                if (row.ForwardMs >= 0) Arc(before, point, (at.Share - share) * row.ForwardMs);
                if (row.BackwardMs >= 0) Arc(point, before, (at.Share - share) * row.BackwardMs);
                (before, share) = (point, at.Share);
                if (at.Position < 0) continue;
                junctions[at.Position] = count++;
                Arc(point, junctions[at.Position], Ms(at.Metres));
                Arc(junctions[at.Position], point, Ms(at.Metres));
            }
        }
        return new(places, Network.Build(count, from, to, ms), junctions, rows.Datasets);
    }

    private static double Ms(double metres) => metres / Kmh * 3600;

    /// <summary>The walks from some places to others that take no longer than a limit.</summary>
    public Walks Between(IReadOnlyList<int> from, IReadOnlyList<int> to, int limitMs, int workers, CancellationToken cancel) => network is not null
        ? Walks.Within(network, [.. from.Select(p => junctions[p])], [.. to.Select(p => junctions[p])], limitMs, workers, cancellation: cancel)
        : Walks.Of(from.Count, to.Count, Straight(from, to, limitMs));

    private IEnumerable<(int, int, int)> Straight(IReadOnlyList<int> from, IReadOnlyList<int> to, int limitMs)
    {
        var byLatitude = to.Select((place, number) => (places[place].Latitude, number)).Order().ToList();
        var latitudes = byLatitude.Select(t => t.Latitude).ToList();
        var degrees = limitMs / 3_600_000.0 * Kmh / DetourFactor / 111.0;   // a degree of latitude has 110.6 to 111.7 km
        for (var i = 0; i < from.Count; i++)
        {
            var (longitude, latitude) = places[from[i]];
            var first = latitudes.BinarySearch(latitude - degrees);
            for (var k = first < 0 ? ~first : 0; k < byLatitude.Count && latitudes[k] <= latitude + degrees; k++)
                if (places[to[byLatitude[k].number]] is var at && (int)Math.Round(DetourFactor * Ms(Earth.Metres(longitude, latitude, at.Longitude, at.Latitude))) is var ms && ms <= limitMs) yield return (i, byLatitude[k].number, ms);
        }
    }
}
