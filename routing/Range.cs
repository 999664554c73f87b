namespace Jietong.Routing;

/// <summary>
/// How far a result may be off: each input is moved to its low and its high end alone, and the effects, independent of each other, are
/// added as squares (JCGM 100:2008, "Guide to the expression of uncertainty in measurement", 5.1; with the effects taken at the ends
/// of each input's range instead of by derivatives, since routes change in steps).
/// </summary>
/// <param name="Low">The low end.</param>
/// <param name="High">The high end.</param>
public readonly record struct Range(double Low, double High)
{
    /// <param name="value">The result with every input at its own value.</param>
    /// <param name="moved">For each input, the results with it alone at its ends; empty where it has no range.</param>
    public static Range Of(double value, IEnumerable<IReadOnlyCollection<double>> moved)
    {
        double down = 0, up = 0;
        foreach (var results in moved)
        {
            if (results.Count == 0) continue;
            var (least, most) = (Math.Min(0, results.Min() - value), Math.Max(0, results.Max() - value));
            down += least * least;
            up += most * most;
        }
        return new(value - Math.Sqrt(down), value + Math.Sqrt(up));
    }

    /// <summary>Whether the value can be told from nothing: it is larger than it may be off towards 0, which the range then does not touch.</summary>
    public bool ExcludesZero => Low > 0 || High < 0;
}
