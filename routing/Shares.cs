using System.Numerics;

namespace Jietong.Routing;

/// <summary>
/// How much of a change each of several additions brings: Shapley values (Shapley 1953, "A value for n-person games"), the mean over
/// all orders of adding them of what each adds when its turn comes. They sum exactly to the whole change. An attribution within the
/// model, not a cause in the world.
/// </summary>
public static class Shares
{
    /// <summary>More than this many additions would need more than 256 evaluations.</summary>
    public const int MostAdditions = 8;

    /// <summary>The shares of each addition.</summary>
    /// <param name="additions">How many there are, 0 … <see cref="MostAdditions"/>.</param>
    /// <param name="values">What each set of them is worth: 2^additions numbers, at position i the set whose members are the bits of i.</param>
    /// <returns>One share for each addition; their sum is the value of the whole set less that of the empty set, up to rounding.</returns>
    /// <exception cref="ArgumentException">There are too many additions, or not 2^additions values.</exception>
    public static double[] Of(int additions, IReadOnlyList<double> values)
    {
        if (additions is < 0 or > MostAdditions || values.Count != 1 << additions)
            throw new ArgumentException($"{additions} additions with {values.Count} values: at most {MostAdditions}, and one value for each of their sets.");
        var shares = new double[additions];
        for (var set = 0; set < values.Count; set++)
            for (var i = 0; i < additions; i++)
                if ((set & (1 << i)) == 0)
                    shares[i] += (values[set | (1 << i)] - values[set]) * Weight(additions, BitOperations.PopCount((uint)set));
        return shares;
    }

    /// <summary>How often a given set of that size comes before the addition: size!·(n−size−1)! ⁄ n!.</summary>
    private static double Weight(int n, int size) => Factorial(size) * Factorial(n - size - 1) / Factorial(n);

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
}
