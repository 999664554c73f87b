using Jietong.Geodata;
using Jietong.Routing;
using Jietong.Services.Timetables;

namespace Jietong.Services.Accessibility;

/// <summary>What a cell reaches within a limit, by percentile of its departures (<see cref="AccessAnswer.Percentiles"/>), and with something taken away; null where nothing is.</summary>
internal sealed record CellAccess(double[] Before, double[]? After);

/// <summary>Travel times from one cell to another, by percentile, in milliseconds.</summary>
internal sealed record CellTimes(int To, int[] Before, int[]? After);

/// <summary>Two cells between which the median time grows, and what that costs: people × opportunities × minutes.</summary>
internal sealed record LostPair(int From, int To, int BeforeMs, int AfterMs, double Cost);

/// <summary>Accessibility of all cells, or the times of one.</summary>
internal sealed record AccessAnswer(AccessRequest Request, AccessInput Input, int RoutesRemoved, IReadOnlyList<CellAccess[]> ByLimit, IReadOnlyList<CellTimes>? Times, IReadOnlyList<LostPair> LostPairs)
{
    /// <summary>Of the travel times over all departures: 50 is the median.</summary>
    public static readonly IReadOnlyList<int> Percentiles = [25, 50, 75];

    public const int Median = 1;

    /// <summary>Of people: so many per cent reach no more.</summary>
    public static readonly IReadOnlyList<int> Quantiles = [10, 25, 50, 75, 90];

    /// <summary>Pairs that are shown.</summary>
    public const int MostPairs = 10;

    private const int SourcesAtOnce = 32, MostRides = 8;

    public bool IsSketch => Input.Walking.IsSketch;

    /// <summary>When each feed's vehicles run on the day, and whether in the hours asked for.</summary>
    public IReadOnlyList<FeedHours> Hours { get; } = FeedHours.Of(Input.Timetable, Request.FromMinute * 60, (Request.ToMinute + Request.Minutes[^1]) * 60);

    /// <summary>Some trips promise headways and no minutes.</summary>
    public bool IsEstimate => Input.Timetable.Frequencies.Any(f => !f.Exact);

    /// <param name="request">What is asked.</param>
    /// <param name="input">The data.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Ends it.</param>
    public static AccessAnswer Of(AccessRequest request, AccessInput input, Action<Step>? progress, CancellationToken cancel)
    {
        var left = request.RoutesLeft(input.Timetable);
        var (workers, walking, cells) = (Environment.ProcessorCount, input.Walking, input.Cells);
        int[] stops = [.. Enumerable.Range(0, input.StopCount)], places = [.. Enumerable.Range(input.StopCount, cells.Count)];
        int[] sources = request.From is { } named ? [input.CellNamed(named)] : [.. Enumerable.Range(0, cells.Count)];
        var (limits, walkMs) = (request.Minutes.Select(m => m * 60_000).ToArray(), request.MaxWalkMinutes * 60_000);
        var betweenStops = walking.Between(stops, stops, Math.Min(request.MaxWalkMinutes, AccessRequest.MostWalkBetweenRides) * 60_000, workers, cancel);
        ServiceDay day = DayTimetable.Of(input.Timetable, betweenStops), without = left is null ? day : DayTimetable.Of(input.Timetable, betweenStops, route => left[route]);
        var egress = walking.Between(places, stops, walkMs, workers, cancel).Transposed();
        var opportunities = cells.Select(c => c.Opportunities).ToArray();
        var byLimit = limits.Select(_ => new CellAccess[cells.Count]).ToList();
        var (times, lost) = (new List<CellTimes>(), new PriorityQueue<LostPair, double>());
        for (var first = 0; first < sources.Length; first += SourcesAtOnce)
        {
            var own = sources[first..Math.Min(sources.Length, first + SourcesAtOnce)];
            int[] at = [.. own.Select(cell => places[cell])];
            var (access, direct) = (walking.Between(at, stops, walkMs, workers, cancel), walking.Between(at, places, limits[^1], workers, cancel));
            int[][][] On(ServiceDay of) => PublicTransportMatrix.Between(of, access, egress, new(request.FromMinute * 60_000, request.ToMinute * 60_000), Percentiles, direct, MostRides, limits[^1], workers, cancellation: cancel);
            var (before, after) = (On(day), left is null ? null : On(without));
            for (var limit = 0; limit < limits.Length; limit++)
            {
                double[][] Sums(int[][][] of) => [.. of.Select(percentile => Routing.Accessibility.Cumulative(percentile, opportunities, limits[limit]))];
                var (sums, less) = (Sums(before), after is null ? null : Sums(after));
                for (var i = 0; i < own.Length; i++) byLimit[limit][own[i]] = new([.. sums.Select(p => p[i])], less is null ? null : [.. less.Select(p => p[i])]);
            }
            for (var i = 0; i < own.Length; i++)
            {
                if (request.From is not null) times.AddRange(Enumerable.Range(0, cells.Count).Select(to => new CellTimes(to, [.. before.Select(p => p[i][to])], after is null ? null : [.. after.Select(p => p[i][to])])));
                if (after is null) continue;
                for (var to = 0; to < cells.Count; to++)
                    if (cells[own[i]].Weight * opportunities[to] * (Math.Min(after[Median][i][to], limits[^1]) - Math.Min(before[Median][i][to], limits[^1])) / 60_000.0 is var cost and > 0)
                    {
                        lost.Enqueue(new(own[i], to, before[Median][i][to], after[Median][i][to], cost), cost);
                        if (lost.Count > MostPairs) lost.Dequeue();
                    }
            }
            progress?.Invoke(new("计算可达性", "reckoning accessibility", first + own.Length, sources.Length, "cells"));
        }
        return new(request, input, left?.Count(runs => !runs) ?? 0, byLimit, request.From is null ? null : times, [.. lost.UnorderedItems.Select(p => p.Element).OrderByDescending(p => p.Cost).ThenBy(p => p.From).ThenBy(p => p.To)]);
    }

    public double AllOpportunities => Input.Cells.Sum(c => c.Opportunities);

    private double AllWeight => Input.Cells.Sum(c => c.Weight);

    /// <summary>Over all cells, by their weight.</summary>
    public double Mean(int limit, Func<CellAccess, double> of) => Input.Cells.Select((c, i) => c.Weight == 0 ? 0 : c.Weight * of(ByLimit[limit][i])).Sum() / AllWeight;

    /// <summary>The least value that so many per cent of the weight do not exceed.</summary>
    public double Quantile(int limit, int percent, Func<CellAccess, double> of)
    {
        var (sum, wanted) = (0.0, AllWeight * percent / 100);
        foreach (var (value, weight) in Input.Cells.Select((c, i) => (Value: c.Weight == 0 ? 0 : of(ByLimit[limit][i]), c.Weight)).Where(c => c.Weight > 0).OrderBy(c => c.Value))
            if ((sum += weight) >= wanted * (1 - 1e-12)) return value;
        return 0;
    }

    /// <summary>What share of the weight lies in cells that reach less than before.</summary>
    public double ShareLosing(int limit) => Input.Cells.Where((_, i) => IsLosing(ByLimit[limit][i])).Sum(c => c.Weight) / AllWeight;

    public int CellsLosing(int limit) => ByLimit[limit].Count(IsLosing);

    private static bool IsLosing(CellAccess cell) => cell.After is { } after && after[Median] < cell.Before[Median];
}
