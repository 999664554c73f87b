namespace Jietong.Routing;

/// <summary>How much each pair of a source and a target counts: all the same, by the people of both, or by the trips between them.</summary>
public sealed class PairWeights
{
    private readonly double[]? sources;
    private readonly double[][] rows;   // by [source][target], or one for all

    private PairWeights(double[]? sources, double[][] rows)
    {
        foreach (var weight in rows.Prepend(sources ?? []).SelectMany(row => row))
            if (!(weight >= 0 && double.IsFinite(weight))) throw new ArgumentException($"A weight of {weight}: 0 or more is allowed.");
        (this.sources, this.rows) = (sources, rows);
    }

    public static PairWeights Equal(int sources, int targets) => Product([.. Enumerable.Repeat(1.0, sources)], [.. Enumerable.Repeat(1.0, targets)]);

    /// <summary>The product of both weights: people, jobs.</summary>
    /// <exception cref="ArgumentException">A weight is negative or no number.</exception>
    public static PairWeights Product(IReadOnlyList<double> sources, IReadOnlyList<double> targets) => new([.. sources], [[.. targets]]);

    /// <summary>A weight for each pair, say trips a day. Memory: 8 bytes for each, and as many again in each <see cref="LinkGains"/>.</summary>
    /// <param name="trips">By [source][target].</param>
    /// <exception cref="ArgumentException">Rows differ in length, or a weight is negative or no number.</exception>
    public static PairWeights Demand(IReadOnlyList<IReadOnlyList<double>> trips)
    {
        if (trips.FirstOrDefault(row => row.Count != trips[0].Count) is { } row) throw new ArgumentException($"Rows of {trips[0].Count} and {row.Count} weights: each source needs one for each target.");
        return new(null, [.. trips.Select(row => row.ToArray())]);
    }

    internal int Sources => sources?.Length ?? rows.Length;
    internal int Targets => rows is [var row, ..] ? row.Length : 0;

    /// <summary>What multiplies the whole row of a source.</summary>
    internal double Of(int source) => sources?[source] ?? 1;

    /// <summary>Which of <see cref="Rows"/> it is.</summary>
    internal int RowOf(int source) => sources is null ? source : 0;

    internal IReadOnlyList<double[]> Rows => rows;

    internal double Of(int source, int target) => Of(source) * rows[RowOf(source)][target];
}
