namespace Jietong.Routing;

/// <summary>
/// An order of junctions in which a hierarchy stays small: the fewest junctions that part a network into two comparable halves come last,
/// before them likewise those of each half, and so on (George 1973, nested dissection). The parting junctions are found by inertial flow
/// (Schild and Sommer 2015, "On balanced separators in road networks"): laid out along a direction, the first quarter is parted from the last
/// by a minimum cut; of several directions the best cut counts.
/// </summary>
public static class NestedDissection
{
    private const int Small = 24;   // fewer are ordered by their degrees

    /// <summary>All junctions, the least important first. The same network and positions give the same order.</summary>
    /// <param name="network">Travel times do not matter, and closed arcs count as arcs.</param>
    /// <param name="positions">Where each junction is, in a plane (any unit); null if that is not known.</param>
    /// <param name="progress">Is told the share of junctions that have their place, 0 … 1.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ArgumentException">There is not one finite position for each junction.</exception>
    public static int[] Order(Network network, IReadOnlyList<(double X, double Y)>? positions = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (positions is not null && positions.Count != network.JunctionCount)
            throw new ArgumentException($"{positions.Count} positions for {network.JunctionCount} junctions: every junction needs one.");
        for (var v = 0; v < positions?.Count; v++)
            if (!double.IsFinite(positions[v].X) || !double.IsFinite(positions[v].Y)) throw new ArgumentException($"junction {v} lies at ({positions[v].X}, {positions[v].Y}): finite numbers are needed.");
        return new Dissection(Neighbours.In(network), positions).Order(progress, cancellation);
    }

    // The order itself is what is worked on: a cell is a stretch of it, which is split into stretches, the parting junctions last.
    private sealed class Dissection
    {
        private readonly Neighbours graph;
        private readonly IReadOnlyList<(double X, double Y)>? positions;
        private readonly int[] order, place, first, neighbours, buffer, sorted;
        private readonly float[] along;
        private readonly byte[] ends, best;
        private readonly VertexCut cut;
        private readonly Directions directions;
        private readonly Stack<(int Start, int Count, bool Connected)> cells = new();

        public Dissection(Neighbours graph, IReadOnlyList<(double X, double Y)>? positions)
        {
            (this.graph, this.positions) = (graph, positions);
            var n = graph.First.Length - 1;
            order = [.. Enumerable.Range(0, n)];
            place = [.. order];
            (first, neighbours, buffer, sorted) = (new int[n + 1], new int[graph.Of.Length], new int[n], new int[n]);
            (along, ends, best, cut, directions) = (new float[n], new byte[n], new byte[n], new(n), new(n));
        }

        public int[] Order(IProgress<double>? progress, CancellationToken cancellation)
        {
            var done = 0;
            cells.Push((0, order.Length, false));
            while (cells.TryPop(out var cell))
            {
                cancellation.ThrowIfCancellationRequested();
                var (start, count, connected) = cell;
                Load(start, count);
                if (!connected && Part(start, count)) continue;
                if (count <= Small)
                {
                    ByDegree(start, count);
                    done += count;
                }
                else done += Split(start, count);
                progress?.Report((double)done / order.Length);
            }
            return order;
        }

        /// <summary>The cell as a graph of its own: vertex i stands for the junction at start + i.</summary>
        private void Load(int start, int count)
        {
            var kept = 0;
            for (var i = 0; i < count; i++)
            {
                first[i] = kept;
                for (var j = graph.First[order[start + i]]; j < graph.First[order[start + i] + 1]; j++)
                    if (place[graph.Of[j]] - start is var w && (uint)w < (uint)count) neighbours[kept++] = w;
            }
            first[count] = kept;
        }

        /// <summary>Makes a cell of each connected part; false if there is but one.</summary>
        private bool Part(int start, int count)
        {
            Array.Fill(ends, (byte)0, 0, count);
            var found = 0;
            for (var from = 0; from < count; from++)
            {
                if (ends[from] != 0) continue;
                var begin = found;
                (buffer[found++], ends[from]) = (from, 1);
                for (var taken = begin; taken < found; taken++)
                    for (var i = first[buffer[taken]]; i < first[buffer[taken] + 1]; i++)
                        if (ends[neighbours[i]] == 0) (buffer[found++], ends[neighbours[i]]) = (neighbours[i], 1);
                if (begin == 0 && found == count) return false;
                cells.Push((start + begin, found - begin, true));
            }
            Rearrange(start, count);
            return true;
        }

        /// <summary>Puts the parting junctions last and makes a cell of each side.</summary>
        /// <returns>How many part.</returns>
        private int Split(int start, int count)
        {
            var (score, quarter) = (double.PositiveInfinity, Math.Max(1, count / 4));
            var ways = positions is null ? directions.By(first, neighbours, count, along) : Directions.By(positions, new(order, start, count), along);
            foreach (var lengths in ways)
            {
                for (var v = 0; v < count; v++) sorted[v] = v;
                Array.Sort(lengths, sorted, 0, count);
                Array.Fill(ends, (byte)0, 0, count);
                for (var i = 0; i < quarter; i++) (ends[sorted[i]], ends[sorted[count - 1 - i]]) = (1, 2);
                // At best both sides are equal: beyond the limit a cut cannot win.
                var limit = double.IsFinite(score) ? (int)Math.Min(count, score * count / 2) : count;
                if (!cut.Find(first.AsSpan(0, count + 1), neighbours, ends.AsSpan(0, count), limit)) continue;
                if (cut.Sizes[2] / (Math.Min(cut.Sizes[0], cut.Sizes[1]) + 0.5) is var found && found >= score) continue;
                score = found;
                cut.Sides.AsSpan(0, count).CopyTo(best);
            }
            var ats = new int[3];
            for (var v = 0; v < count; v++) ats[best[v]]++;
            var (sides0, sides1, parting) = (ats[0], ats[1], ats[2]);
            (ats[0], ats[1], ats[2]) = (0, sides0, sides0 + sides1);
            for (var v = 0; v < count; v++) buffer[ats[best[v]]++] = v;
            Rearrange(start, count);
            if (sides0 > 0) cells.Push((start, sides0, false));
            if (sides1 > 0) cells.Push((start + sides0, sides1, false));
            return parting;
        }

        /// <summary>Vertices in the order of <see cref="buffer"/>.</summary>
        private void Rearrange(int start, int count)
        {
            for (var i = 0; i < count; i++) sorted[i] = order[start + buffer[i]];
            for (var i = 0; i < count; i++) (order[start + i], place[sorted[i]]) = (sorted[i], start + i);
        }

        /// <summary>Whoever has the fewest neighbours in the cell comes next, whereupon those become neighbours of each other.</summary>
        private void ByDegree(int start, int count)
        {
            Span<uint> next = stackalloc uint[count];
            next.Clear();
            for (var v = 0; v < count; v++)
                for (var i = first[v]; i < first[v + 1]; i++) next[v] |= 1u << neighbours[i];
            var left = (uint)((1UL << count) - 1);
            for (var rank = 0; rank < count; rank++)
            {
                var least = -1;
                for (var v = 0; v < count; v++)
                    if ((left >> v & 1) != 0 && (least < 0 || System.Numerics.BitOperations.PopCount(next[v]) < System.Numerics.BitOperations.PopCount(next[least]))) least = v;
                (buffer[rank], left) = (least, left & ~(1u << least));
                for (var v = 0; v < count; v++)
                    if ((next[least] >> v & 1) != 0) next[v] = (next[v] | next[least]) & left & ~(1u << v);
            }
            Rearrange(start, count);
        }
    }
}
