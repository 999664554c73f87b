namespace Jietong.Routing;

public sealed partial class HierarchyMetric
{
    private readonly Dictionary<int, (uint Up, uint Down)> before = [];   // of the arcs that may have changed
    private readonly HashSet<int> unsure = [];                            // of them, those whose best way may have become longer
    private readonly PriorityQueue<int, int> waiting = new();

    /// <summary>
    /// Gives some arcs other times: a closure (<see cref="Network.Unreachable"/>), a reopening, another speed. Afterwards everything is as if the
    /// metric had been made with these times; only what depends on them is touched.
    /// </summary>
    /// <param name="changes">Arcs by the network's own numbering, and their milliseconds, 0 … <see cref="Network.Unreachable"/>; the last of an arc counts.</param>
    /// <exception cref="ArgumentException">An arc or a time is out of range. Nothing has changed then.</exception>
    /// <exception cref="OverflowException">A path would take 2^29 ms or more. Nothing has changed then.</exception>
    public void Set(params IReadOnlyList<(int Arc, int TimeMs)> changes)
    {
        foreach (var (arc, timeMs) in changes)
            if ((uint)arc >= networkTimesMs.Length || timeMs is < 0 or > Network.Unreachable)
                throw new ArgumentException($"arc {arc} shall take {timeMs} ms: arcs are 0 … {networkTimesMs.Length - 1}, times 0 … {Network.Unreachable}.");
        var networkBefore = changes.Select(c => (c.Arc, TimeMs: networkTimesMs[c.Arc])).ToList();
        foreach (var (arc, timeMs) in changes) networkTimesMs[arc] = timeMs;
        foreach (var (arc, timeMs) in networkBefore)
            if (Hierarchy.HierarchyArcs[arc] is >= 0 and var way) Offer(way, Ms.From(timeMs), Ms.From(networkTimesMs[arc]));
        uint seen = 0;
        // Arcs depend on arcs of lower tails alone, and those have lower numbers: of one tail, first all are found, then all are passed on.
        var ofTail = new List<int>();
        while (waiting.TryDequeue(out var lowest, out _))
        {
            var tail = Hierarchy.TailOf(lowest);
            ofTail.Add(lowest);
            while (waiting.TryPeek(out var arc, out _) && arc < Hierarchy.FirstUp[tail + 1]) ofTail.Add(waiting.Dequeue());
            foreach (var arc in ofTail)
            {
                if (unsure.Remove(arc)) (times[2 * arc], times[2 * arc + 1]) = Best(arc);
                seen |= times[2 * arc] | times[2 * arc + 1];
            }
            foreach (var arc in ofTail) Spread(tail, arc, ofTail.Count > 1);
            ofTail.Clear();
        }
        if ((seen & Ms.TooLong) != 0)
        {
            foreach (var (arc, (up, down)) in before) (times[2 * arc], times[2 * arc + 1]) = (up, down);
            foreach (var (arc, timeMs) in networkBefore) networkTimesMs[arc] = timeMs;
        }
        before.Clear();
        Ms.Check(seen);
    }

    /// <summary>One of the possibilities of a hierarchy arc, in one direction, took <paramref name="old"/> and takes <paramref name="now"/>.</summary>
    private void Offer(int way, uint old, uint now)
    {
        var (arc, shorter) = (way >> 1, now < times[way]);
        var longer = now > old && old <= (before.TryGetValue(arc, out var was) ? (way & 1) == 0 ? was.Up : was.Down : times[way]);
        if (!shorter && !longer) return;
        if (before.TryAdd(arc, (times[2 * arc], times[2 * arc + 1]))) waiting.Enqueue(arc, arc);
        if (shorter) times[way] = now;
        if (longer) unsure.Add(arc);
    }

    /// <summary>
    /// What an arc takes: the best of the network's arcs along it and of the ways over each lower neighbour of both its ends. What became
    /// shorter has been offered, the rest became longer if anything, so nothing takes less than what stands there, and what takes as much is the best.
    /// </summary>
    private (uint Up, uint Down) Best(int arc)
    {
        var (up, down, leastUp, leastDown) = (Ms.Never, Ms.Never, times[2 * arc], times[2 * arc + 1]);
        for (var i = Hierarchy.FirstInput[arc]; i < Hierarchy.FirstInput[arc + 1]; i++)
        {
            var (input, time) = (Hierarchy.Inputs[i], Ms.From(networkTimesMs[Hierarchy.Inputs[i] >> 1]));
            if ((input & 1) == 0) up = Math.Min(up, time);
            else down = Math.Min(down, time);
        }
        for (var below = new LowerWays(Hierarchy, arc); (up > leastUp || down > leastDown) && below.Next();)
        {
            up = Math.Min(up, times[2 * below.ToTail + 1] + times[2 * below.ToHead]);
            down = Math.Min(down, times[2 * below.ToHead + 1] + times[2 * below.ToTail]);
        }
        return (up, down);
    }

    /// <summary>Offers the ways over the tail to the arcs between the head and the other heads of the tail.</summary>
    private void Spread(int tail, int arc, bool othersChanged)
    {
        var ((oldUp, oldDown), up, down) = (before[arc], times[2 * arc], times[2 * arc + 1]);
        if ((up, down) == (oldUp, oldDown)) return;
        var head = Hierarchy.UpHeads[arc];
        for (var other = Hierarchy.FirstUp[tail]; other < Hierarchy.FirstUp[tail + 1]; other++)
        {
            if (other == arc) continue;
            var (otherUp, otherDown) = (times[2 * other], times[2 * other + 1]);
            var (otherOldUp, otherOldDown) = othersChanged && before.TryGetValue(other, out var was) ? was : (otherUp, otherDown);
            var between = other > arc ? Hierarchy.ArcBetween(head, Hierarchy.UpHeads[other]) : Hierarchy.ArcBetween(Hierarchy.UpHeads[other], head);
            // From head over the tail to the other, and the reverse; the former upward where the other is the higher.
            var toHigher = other > arc ? 0 : 1;
            if (down != oldDown) Offer(2 * between + toHigher, oldDown + otherOldUp, down + otherUp);
            if (up != oldUp) Offer(2 * between + 1 - toHigher, oldUp + otherOldDown, up + otherDown);
        }
    }
}
