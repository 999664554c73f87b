using System.Globalization;
using Jietong.Routing;

namespace Jietong.Benchmarks;

/// <summary>
/// Public transport of a made-up metropolis, the same on every machine. By timetable: a square grid of stops, lines both ways along every row and column every 4 … 15 minutes
/// from 5 to 24 h, buses by chance from corner to corner besides, footpaths to the eight stops around. On headways: stations with a street and four platforms.
/// </summary>
internal sealed class Metropolis
{
    public const int Columns = 60, Rows = 50, Stops = Columns * Rows, Buses = 200, FirstMs = 5 * 3_600_000, LastMs = 24 * 3_600_000, DwellMs = 20_000;

    private static readonly (int X, int Y)[] Around = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)];

    private readonly Random random = new(8);

    public Metropolis()
    {
        for (var y = 0; y < Rows; y++) Line([.. Enumerable.Range(0, Columns).Select(x => y * Columns + x)]);
        for (var x = 0; x < Columns; x++) Line([.. Enumerable.Range(0, Rows).Select(y => y * Columns + x)]);
        for (var bus = 0; bus < Buses; bus++) Line(Bus());
        Footpaths = [.. Enumerable.Range(0, Stops).Select(stop => Around.Where(d => stop % Columns + d.X is >= 0 and < Columns && stop / Columns + d.Y is >= 0 and < Rows)
            .Select(d => (stop + d.Y * Columns + d.X, random.Next(240_000, 540_000))).ToArray())];
        var builder = new TimetableBuilder(Stops);
        foreach (var calls in Trips) builder.AddTrip(0, calls);
        for (var stop = 0; stop < Stops; stop++)
        {
            builder.SetChange(stop, ChangeMs);
            foreach (var (to, ms) in Footpaths[stop]) builder.AddFootpath(stop, to, ms);
        }
        Timetable = builder.Build();
    }

    public const int ChangeMs = 60_000;

    public List<TripCall[]> Trips { get; } = [];
    public (int To, int Ms)[][] Footpaths { get; }
    public Timetable Timetable { get; }
    public string Size => string.Create(CultureInfo.InvariantCulture, $"metropolis, {Timetable.StopCount:N0} stops, {Timetable.RouteCount:N0} routes, {Timetable.CallCount:N0} calls");

    /// <summary>Some 30 stops towards a corner, by steps of chance.</summary>
    private List<int> Bus()
    {
        var (x, y, towards) = (random.Next(Columns), random.Next(Rows), random.Next(4));
        var stops = new List<int>();
        while (stops.Count < 30 && x is >= 0 and < Columns && y is >= 0 and < Rows)
        {
            stops.Add(y * Columns + x);
            if (random.Next(2) == 0) x += towards % 2 == 0 ? 1 : -1;
            else y += towards / 2 == 0 ? 1 : -1;
        }
        return stops;
    }

    private void Line(List<int> stops)
    {
        if (stops.Count < 2) return;
        for (var way = 0; way < 2; way++, stops.Reverse())
        {
            var (offsets, headwayMs) = (new int[stops.Count], 60_000 * random.Next(4, 16));
            for (var i = 1; i < offsets.Length; i++) offsets[i] = offsets[i - 1] + DwellMs + random.Next(60_000, 180_000);
            for (var at = FirstMs + random.Next(900_000); at < LastMs; at += headwayMs) Trips.Add([.. stops.Select((stop, i) => new TripCall(stop, at + offsets[i], at + offsets[i] + DwellMs))]);
        }
    }

    /// <summary>50 × 40 stations on a torus: the small graph of headways, ten times as large.</summary>
    public static (Network Network, int[] WaitsMs, int[] Stations) Headways()
    {
        const int Wide = 50, High = 40;
        var random = new Random(2);
        List<int> tails = [], heads = [], times = [], waits = [];
        int Station(int x, int y) => 5 * ((y + High) % High * Wide + (x + Wide) % Wide);
        void Add(int tail, int head, int timeMs, int waitMs = 0)
        {
            tails.Add(tail);
            heads.Add(head);
            times.Add(timeMs);
            waits.Add(waitMs);
        }
        int[] headwaysMs = [.. Enumerable.Range(0, 2 * (Wide + High)).Select(_ => random.Next(240_000, 1_800_001))];
        for (var y = 0; y < High; y++)
            for (var x = 0; x < Wide; x++)
            {
                var station = Station(x, y);
                for (var d = 0; d < 4; d++)
                {
                    var platform = station + 1 + d;
                    Add(station, platform, 0, headwaysMs[d < 2 ? 2 * y + d : 2 * (High + x) + d - 2] / 2);
                    Add(platform, station, 0);
                    Add(platform, Station(x + Around[d].X, y + Around[d].Y) + 1 + d, random.Next(60_000, 180_001));
                }
                foreach (var (dx, dy) in Around) Add(station, Station(x + dx, y + dy), random.Next(480_000, 1_200_001));
            }
        return (Network.Build(5 * Wide * High, tails, heads, times), [.. waits], [.. Enumerable.Range(0, Wide * High).Select(i => 5 * i)]);
    }
}
