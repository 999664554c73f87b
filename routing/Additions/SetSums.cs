using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Jietong.Routing;

/// <summary>
/// Travel times summed over all pairs, weighted and capped, for many sets of links in one pass. Sources are taken one after another, targets in blocks
/// of near ones: few links can help a whole block at all (<see cref="Relevance"/>), and sets that differ in other links alone share its sum.
/// </summary>
/// <remarks>A block is always summed in the same order, in eight sums, whatever the processor has and whichever other sets are asked for: the same set has the same sum, to the bit.</remarks>
internal sealed class SetSums
{
    private const int MostSets = 1024;   // at once: their ways between portals stay in memory
    private const int Most = 12;         // with more links that matter to a block, sums are not remembered

    private readonly Additions additions;
    private readonly PairWeights weights;
    private readonly uint horizonMs;
    private readonly double[][] rows;    // weights by place
    private readonly uint[] capped, scratch = new uint[Additions.Block];

    public SetSums(Additions additions, PairWeights weights, uint horizonMs)
    {
        (this.additions, this.weights, this.horizonMs, capped) = (additions, weights, horizonMs, new uint[additions.Width]);
        rows = [.. weights.Rows.Select(row => Enumerable.Range(0, additions.Width).Select(place => place < row.Length ? row[additions.ByPlace[place]] : 0).ToArray())];
    }

    /// <summary>One sum for each set.</summary>
    public double[] Of(IReadOnlyList<ulong> sets, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (sums, done) = (new double[sets.Count], 0);
        foreach (var some in sets.Chunk(MostSets))
        {
            AddTo(sums.AsSpan(done, some.Length), some, share => progress?.Report((done + share * some.Length) / sets.Count), cancellation);
            done += some.Length;
        }
        return sums;
    }

    private void AddTo(Span<double> sums, ulong[] sets, Action<double> report, CancellationToken cancellation)
    {
        var (relevance, known, horizon) = (new Relevance(additions), new double[1 << Most], Vector512.Create(horizonMs));
        AddedWays[] ways = [.. sets.Select(set => new AddedWays(additions, additions.Between(set)))];
        for (var source = 0; source < additions.Sources.Count; source++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (factor, row) = (weights.Of(source), rows[weights.RowOf(source)]);
            for (var place = 0; place < capped.Length; place += Vector512<uint>.Count)
                Vector512.Min(Vector512.LoadUnsafe(ref additions.Without[source][0], (nuint)place), horizon).StoreUnsafe(ref capped[0], (nuint)place);
            for (var place = 0; place < capped.Length; place += Additions.Block)
            {
                var relevant = relevance.Links(source, capped.AsSpan(place, Additions.Block), place, out var slack);
                var count = BitOperations.PopCount(relevant);
                var unchanged = factor * Sum(capped, place, row, place);
                if (count <= Most) Array.Fill(known, double.NaN, 0, 1 << count);
                for (var i = 0; i < sets.Length; i++)
                {
                    if ((sets[i] & relevant) == 0)
                    {
                        sums[i] += unchanged;
                        continue;
                    }
                    var at = count <= Most ? (int)Packed(sets[i], relevant) : 0;
                    var sum = count <= Most ? known[at] : double.NaN;
                    if (double.IsNaN(sum))
                    {
                        ways[i].Times(source, capped, place, slack, scratch);
                        known[at] = sum = factor * Sum(scratch, 0, row, place);
                    }
                    sums[i] += sum;
                }
            }
            report((source + 1.0) / additions.Sources.Count);
        }
    }

    /// <summary>Of a block.</summary>
    private static double Sum(uint[] timesMs, int from, double[] weights, int place)
    {
        var (sums, sum) = (Vector512<double>.Zero, 0.0);
        for (var i = 0; i < Additions.Block; i += 8)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref timesMs[from], (nuint)i).AsInt32());
            sums += Vector512.Create(Vector256.ConvertToDouble(low), Vector256.ConvertToDouble(high)) * Vector512.LoadUnsafe(ref weights[place], (nuint)i);
        }
        for (var lane = 0; lane < 8; lane++) sum += sums[lane];
        return sum;
    }

    /// <summary>The bits of a set that stand in a mask, side by side.</summary>
    private static ulong Packed(ulong set, ulong mask)
    {
        if (Bmi2.X64.IsSupported) return Bmi2.X64.ParallelBitExtract(set, mask);
        var packed = 0UL;
        for (var at = 0; mask != 0; mask &= mask - 1, at++) packed |= (set >> BitOperations.TrailingZeroCount(mask) & 1) << at;
        return packed;
    }
}
