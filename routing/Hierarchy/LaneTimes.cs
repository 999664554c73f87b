using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Jietong.Routing;

/// <summary>With how many lanes the processor counts at once. All give the same times.</summary>
internal enum LaneWidth { One, Eight, Sixteen }

/// <summary>16 times at each place of a <see cref="SweepGraph"/>, side by side.</summary>
internal sealed class LaneTimes
{
    private readonly LaneWidth width;
    private readonly uint[] memory;   // stays where it is, and begins "start" before a cache line
    private readonly int start;

    public LaneTimes(int places, LaneWidth width)
    {
        this.width = width;
        memory = GC.AllocateUninitializedArray<uint>(Sweep.Lanes * (places + 1), pinned: true);
        start = (int)((64 - Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0) % 64) % 64 / sizeof(uint));
    }

    public static LaneWidth Widest => Vector512.IsHardwareAccelerated ? LaneWidth.Sixteen : Vector256.IsHardwareAccelerated ? LaneWidth.Eight : LaneWidth.One;

    public int TimeMs(int place, int lane) => Ms.Of(memory[start + Sweep.Lanes * place + lane]);

    public void Clear(int place) => memory.AsSpan(start + Sweep.Lanes * place, Sweep.Lanes).Fill(Ms.Never);

    public void Set(int place, int lane, uint time) => memory[start + Sweep.Lanes * place + lane] = time;

    /// <summary>From the first place to the last: the time at each is the best of what was climbed and of what comes down its arcs.</summary>
    /// <returns>All times, joined by "or".</returns>
    public uint Fall(SweepGraph graph, bool[] touched) => width switch
    {
        LaneWidth.Sixteen => BySixteen(graph, touched),
        LaneWidth.Eight => ByEight(graph, touched),
        _ => ByOne(graph, touched),
    };

    private uint BySixteen(SweepGraph graph, bool[] touched)
    {
        ref var times = ref memory[start];
        var (never, seen) = (Vector512.Create(Ms.Never), Vector512<uint>.Zero);
        var (first, heads, along) = (graph.First, graph.Heads, graph.Times);
        for (int place = 0, i = 0; place < touched.Length; place++)
        {
            var best = touched[place] ? Vector512.LoadUnsafe(ref times, (nuint)(Sweep.Lanes * place)) : never;
            for (var end = first[place + 1]; i < end; i++)
                best = Vector512.Min(best, Vector512.LoadUnsafe(ref times, (nuint)(Sweep.Lanes * heads[i])) + Vector512.Create(along[i]));
            best.StoreUnsafe(ref times, (nuint)(Sweep.Lanes * place));
            seen |= best;
        }
        return Joined(seen.GetLower() | seen.GetUpper());
    }

    private uint ByEight(SweepGraph graph, bool[] touched)
    {
        ref var times = ref memory[start];
        var (never, seen) = (Vector256.Create(Ms.Never), Vector256<uint>.Zero);
        for (int place = 0, i = 0; place < touched.Length; place++)
        {
            var at = (nuint)(Sweep.Lanes * place);
            var (low, high) = touched[place] ? (Vector256.LoadUnsafe(ref times, at), Vector256.LoadUnsafe(ref times, at + 8)) : (never, never);
            for (; i < graph.First[place + 1]; i++)
            {
                var (from, time) = ((nuint)(Sweep.Lanes * graph.Heads[i]), Vector256.Create(graph.Times[i]));
                low = Vector256.Min(low, Vector256.LoadUnsafe(ref times, from) + time);
                high = Vector256.Min(high, Vector256.LoadUnsafe(ref times, from + 8) + time);
            }
            low.StoreUnsafe(ref times, at);
            high.StoreUnsafe(ref times, at + 8);
            seen |= low | high;
        }
        return Joined(seen);
    }

    private uint ByOne(SweepGraph graph, bool[] touched)
    {
        var seen = 0u;
        for (int place = 0, from = 0; place < touched.Length; from = graph.First[++place])
        {
            if (!touched[place]) Clear(place);
            var best = memory.AsSpan(start + Sweep.Lanes * place, Sweep.Lanes);
            for (var i = from; i < graph.First[place + 1]; i++)
                for (var lane = 0; lane < Sweep.Lanes; lane++)
                    best[lane] = Math.Min(best[lane], memory[start + Sweep.Lanes * graph.Heads[i] + lane] + graph.Times[i]);
            foreach (var time in best) seen |= time;
        }
        return seen;
    }

    private static uint Joined(Vector256<uint> seen)
    {
        var joined = 0u;
        for (var lane = 0; lane < 8; lane++) joined |= seen[lane];
        return joined;
    }
}
