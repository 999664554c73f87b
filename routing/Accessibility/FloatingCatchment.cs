namespace Jietong.Routing;

/// <summary>
/// Supply in reach of demand, shared among all in reach of it: the two-step floating catchment area, 2SFCA, 两步移动搜索法 (Luo and Wang 2003, "Measures of spatial accessibility to
/// health care in a GIS environment", Environment and Planning B 30(6), 865–884). First R(j) = S(j) ⁄ Σ P(k) over t(k,j) ≤ T, then A(i) = Σ R(j) over t(i,j) ≤ T.
/// </summary>
/// <param name="Access">A for each origin, in units of supply for one unit of demand, 0 or more; 0 where no supply is within T. Weighted by demand it sums to the supply that somebody reaches: Σ P(i)·A(i) = Σ S − <paramref name="UnreachedSupply"/>, up to rounding.</param>
/// <param name="Ratios">R for each destination; 0 where no demand is within T, whose supply then serves nobody instead of being divided by 0.</param>
/// <param name="UnreachedSupply">Σ S over those.</param>
public sealed record FloatingCatchment(double[] Access, double[] Ratios, double UnreachedSupply)
{
    /// <summary>Both steps, each sum in the order of its places.</summary>
    /// <param name="timesMs">By [origin][destination], from demand to supply; both steps read it that way.</param>
    /// <param name="demand">P, one for each origin, 0 or more: people.</param>
    /// <param name="supply">S, one for each destination, 0 or more: doctors, places, beds.</param>
    /// <param name="withinMs">T, included, 0 … 2^29 − 1.</param>
    /// <exception cref="ArgumentException">Sizes differ, or a time, an amount or T is out of range; the message names it.</exception>
    public static FloatingCatchment Of(IReadOnlyList<int[]> timesMs, IReadOnlyList<double> demand, IReadOnlyList<double> supply, int withinMs)
    {
        if (withinMs is < 0 or >= Network.Unreachable) throw new ArgumentException($"A catchment within {withinMs} ms: 0 … {Network.Unreachable - 1} are allowed.");
        if (demand.Count != timesMs.Count) throw new ArgumentException($"{demand.Count} demands for {timesMs.Count} origins: each needs one.");
        OpportunityMatrix.CheckAmounts("people at origin", demand);
        OpportunityMatrix.Check(timesMs, supply);
        var (ratios, unreached) = (new double[supply.Count], 0.0);
        for (var i = 0; i < demand.Count; i++)
            for (var (j, row) = (0, timesMs[i]); j < row.Length; j++)
                if (row[j] <= withinMs) ratios[j] += demand[i];
        for (var j = 0; j < ratios.Length; j++)
        {
            if (ratios[j] == 0) unreached += supply[j];
            ratios[j] = ratios[j] == 0 ? 0 : supply[j] / ratios[j];
        }
        return new(Access: [.. timesMs.Select(row =>
        {
            var sum = 0.0;
            for (var j = 0; j < row.Length; j++)
                if (row[j] <= withinMs) sum += ratios[j];
            return sum;
        })], ratios, unreached);
    }
}
