using Jietong.Geodata;

namespace Jietong.Services.Model;

/// <summary>Which parts of a line run on the day, and how long does it take along them? Segment i lies between stops i and i + 1.</summary>
internal static class LineParts
{
    public static IEnumerable<int> Segments(int a, int b) => Enumerable.Range(Math.Min(a, b), Math.Abs(a - b));

    /// <summary>The positions of two stops along the line, the lesser first.</summary>
    public static (int From, int To) Between(LineRow line, string a, string b) => (Math.Min(Index(line, a), Index(line, b)), Math.Max(Index(line, a), Index(line, b)));

    private static int Index(LineRow line, string stop)
    {
        for (var i = 0; i < line.Stops.Count; i++) if (line.Stops[i].NameZh == stop) return i;
        throw new InputException($"line {line.Id} has no stop {stop}.");
    }

    private static bool Covers(LineRow line, string from, string to, int segment) => Between(line, from, to) is var (a, b) && a <= segment && segment < b;

    /// <summary>The works of a link are there as a whole once the link counts; other lines as far as their sections do.</summary>
    public static bool IsOpen(LineRow line, int segment)
    {
        if (line.Sections.Any(s => s.Event == "closed" && s.InForce && Covers(line, s.From, s.To, segment))) return false;
        if (line.LinkId is not null) return true;
        var opened = line.Sections.Where(s => s.Event == "open" && s.From != s.To).ToList();
        return opened.Count == 0 ? line.InForce : opened.Any(s => s.InForce && Covers(line, s.From, s.To, segment));
    }

    /// <summary>The stops of each unbroken part that runs on the day; of a link's works, the whole line.</summary>
    public static IEnumerable<IReadOnlyList<StopRow>> Running(LineRow line)
    {
        for (var from = 0; from < line.Stops.Count - 1; from++)
        {
            var to = from;
            while (to < line.Stops.Count - 1 && IsOpen(line, to)) to++;
            if (to > from) yield return [.. line.Stops.Skip(from).Take(to - from + 1)];
            from = to;
        }
    }

    /// <summary>A section from a stop to itself speaks of that stop alone; trains run through it in any case.</summary>
    public static bool IsServed(LineRow line, int stop)
    {
        var alone = line.Sections.Where(s => s.From == s.To && s.From == line.Stops[stop].NameZh).ToList();
        return !alone.Any(s => s.Event == "closed" && s.InForce) && !alone.Any(s => s.Event == "open" && !s.InForce)
            && ((stop > 0 && IsOpen(line, stop - 1)) || (stop < line.Stops.Count - 1 && IsOpen(line, stop)));
    }

    /// <summary>Minutes from a stop to the next: a part of the time of the row that covers it, by straight distance, or by that row's speed.</summary>
    /// <exception cref="InputException">No row covers the segment, or more than one does.</exception>
    public static Minutes SegmentMinutes(ModelInput input, LineRow line, int segment)
    {
        var rows = input.RunTimes.Where(r => r.LineId == line.Id && Covers(line, r.From, r.To, segment)).ToList();
        if (rows is not [var row])
            throw new InputException($"run_times.csv: {(rows.Count == 0 ? "no row covers" : $"{rows.Count} rows cover")} line {line.Id} from {line.Stops[segment].NameZh} to {line.Stops[segment + 1].NameZh}; a service runs there, and needs one.");
        var metres = SegmentMetres(line);
        if (new Inputs(input.Assumptions).UnitOf(row.AssumptionId) == "min")
        {
            var (from, to) = Between(line, row.From, row.To);
            var share = metres[segment] / Segments(from, to).Sum(i => metres[i]);
            return i => i[row.AssumptionId] * share;
        }
        return i => metres[segment] * (line.Kind == "bus" ? i["detour-factor-connector"] : 1) / 1000 / i[row.AssumptionId] * 60;
    }

    /// <summary>Straight lines between stops; the stops without a position divide the distance between their neighbours evenly.</summary>
    private static double[] SegmentMetres(LineRow line)
    {
        var metres = new double[line.Stops.Count - 1];
        var known = Enumerable.Range(0, line.Stops.Count).Where(i => line.Stops[i].Longitude is not null).ToList();
        foreach (var (a, b) in known.Zip(known.Skip(1)))
            for (var i = a; i < b; i++)
                metres[i] = Math.Max(1, Earth.Metres(line.Stops[a].Longitude!.Value, line.Stops[a].Latitude!.Value, line.Stops[b].Longitude!.Value, line.Stops[b].Latitude!.Value) / (b - a));
        var mean = metres.Where(m => m > 0).DefaultIfEmpty(1000).Average();   // before the first known stop, and after the last
        return [.. metres.Select(m => m == 0 ? mean : m)];
    }
}
