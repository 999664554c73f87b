using System.Numerics;

namespace Jietong.Routing;

/// <summary>
/// How much of a change each of several additions brings: Shapley values (Shapley 1953, "A value for n-person games"), the mean over
/// all orders of adding them of what each adds when its turn comes. They sum exactly to the whole change. An attribution within the
/// model, not a cause in the world.
/// </summary>
public static class Shares
{
    /// <summary>More than this many need more than 4,096 evaluations; <see cref="Sampled"/> serves beyond.</summary>
    public const int MostExact = 12;

    /// <summary>Shares in whole units that sum to the whole change exactly: what the exact values leave over by rounding down goes to those that lost most.</summary>
    /// <param name="additions">How many there are, 0 … <see cref="MostExact"/>.</param>
    /// <param name="values">What each set of them is worth: 2^additions numbers, at position i the set whose members are the bits of i.</param>
    /// <returns>One share for each addition; their sum is the value of the whole set less that of the empty one.</returns>
    /// <exception cref="ArgumentException">There are too many additions, or not 2^additions values.</exception>
    public static long[] Of(int additions, IReadOnlyList<long> values)
    {
        if (additions is < 0 or > MostExact || values.Count != 1 << additions)
            throw new ArgumentException($"{additions} additions with {values.Count} values: at most {MostExact}, and one value for each of their sets.");
        var (sums, factorials) = (new Int128[additions], new Int128[additions + 1]);
        factorials[0] = 1;
        for (var i = 1; i <= additions; i++) factorials[i] = i * factorials[i - 1];
        for (var set = 0; set < values.Count; set++)
            for (var (i, size) = (0, BitOperations.PopCount((uint)set)); i < additions; i++)
                if ((set & (1 << i)) == 0) sums[i] += ((Int128)values[set | (1 << i)] - values[set]) * (factorials[size] * factorials[additions - size - 1]);
        return Rounded(sums, factorials[additions]);
    }

    /// <summary>Estimates from orders drawn by chance (Castro, Gómez and Tejada 2009, "Polynomial calculation of the Shapley value based on sampling"); they too sum to the whole change exactly.</summary>
    /// <param name="additions">How many there are, 0 … 64.</param>
    /// <param name="value">What a set is worth: addition i is bit i. Is asked once for each set that occurs.</param>
    /// <param name="orders">How many orders are drawn, 2 or more: the error falls with the square root.</param>
    /// <param name="seed">Of the chance: the same gives the same.</param>
    /// <returns>The shares, and the standard error of each.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static (long[] Shares, double[] StandardErrors) Sampled(int additions, Func<ulong, long> value, int orders, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)additions, 64u);
        ArgumentOutOfRangeException.ThrowIfLessThan(orders, 2);
        var (random, order, known) = (new Random(seed), Enumerable.Range(0, additions).ToArray(), new Dictionary<ulong, long>());
        var (sums, squares) = (new Int128[additions], new double[additions]);
        for (var drawn = 0; drawn < orders; drawn++)
        {
            random.Shuffle(order);
            var (set, before) = (0UL, Worth(0));
            foreach (var addition in order)
            {
                var after = Worth(set |= 1UL << addition);
                (sums[addition], squares[addition], before) = (sums[addition] + after - before, squares[addition] + ((double)after - before) * ((double)after - before), after);
            }
        }
        double Error(int i) => (double)sums[i] / orders is var mean ? Math.Sqrt(Math.Max(0, squares[i] / orders - mean * mean) / (orders - 1)) : 0;
        return (Rounded(sums, orders), [.. Enumerable.Range(0, additions).Select(Error)]);

        long Worth(ulong set) => known.TryGetValue(set, out var worth) ? worth : known[set] = value(set);
    }

    /// <summary>Of numerators that sum to a multiple of their denominator: rounded down, then one more for those that lost most, in their order.</summary>
    private static long[] Rounded(Int128[] numerators, Int128 denominator)
    {
        var (shares, lost) = (new long[numerators.Length], new Int128[numerators.Length]);
        for (var i = 0; i < shares.Length; i++)
        {
            lost[i] = (numerators[i] % denominator + denominator) % denominator;
            shares[i] = (long)((numerators[i] - lost[i]) / denominator);
        }
        var left = lost.Aggregate((Int128)0, (a, b) => a + b) / denominator;
        foreach (var i in Enumerable.Range(0, shares.Length).OrderByDescending(i => lost[i]).Take((int)left)) shares[i]++;
        return shares;
    }
}
