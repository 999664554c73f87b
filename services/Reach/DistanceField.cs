using System.Numerics;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;

namespace Jietong.Services.Reach;

/// <summary>
/// How far it is to the nearest of many lines, on a grid a tenth of the width fine, and the outline of what lies within the width: for a town's streets, whose tens of thousands of
/// buffers would take a minute to join. Between grid points the distance is taken as even, so that the outline is off by
/// a hundredth of the width or so; notches, necks and holes narrower than the grid may be filled or cut. Areas agree within 0.2 %.
/// </summary>
internal sealed class DistanceField(double width)
{
    private const int Tile = 64;

    private readonly double cell = width / 10, farthest = width * 1.15;   // a neighbour of what lies within the width is known too
    private readonly Dictionary<(int X, int Y), float[]> tiles = [];
    private ((int X, int Y) At, float[]? Values) last = ((int.MinValue, 0), null);

    /// <summary>A line, or a point, in the plane. Vertices that bend it by less than a two-hundredth of the width do not count.</summary>
    public void Add(IReadOnlyList<(double X, double Y)> line)
    {
        if (line.Count == 1) Add(line[0], line[0]);
        for (var (from, to) = (0, 1); to < line.Count; to++)
        {
            if (to + 1 < line.Count && Enumerable.Range(from + 1, to - from).All(i => Squared(line[i], line[from], line[to + 1]) <= width * width / 40_000)) continue;
            Add(line[from], line[to]);
            from = to;
        }
    }

    private static double Squared((double X, double Y) at, (double X, double Y) a, (double X, double Y) b)
    {
        var (dx, dy, px, py) = (b.X - a.X, b.Y - a.Y, at.X - a.X, at.Y - a.Y);
        var share = dx == 0 && dy == 0 ? 0 : Math.Clamp((px * dx + py * dy) / (dx * dx + dy * dy), 0, 1);
        return (px - share * dx) * (px - share * dx) + (py - share * dy) * (py - share * dy);
    }

    private void Add((double X, double Y) a, (double X, double Y) b)
    {
        var (dx, dy) = ((float)(b.X - a.X), (float)(b.Y - a.Y));
        var (along, lanes) = (dx == 0 && dy == 0 ? 0 : 1 / (dx * dx + dy * dy), Vector<float>.Count);   // the lanes divide a tile
        var (x0, x1) = ((int)Math.Ceiling((Math.Min(a.X, b.X) - farthest) / cell), (int)Math.Floor((Math.Max(a.X, b.X) + farthest) / cell));
        var (y0, y1) = ((int)Math.Ceiling((Math.Min(a.Y, b.Y) - farthest) / cell), (int)Math.Floor((Math.Max(a.Y, b.Y) + farthest) / cell));
        for (var tileY = y0 >> 6; tileY <= y1 >> 6; tileY++)
            for (var tileX = x0 >> 6; tileX <= x1 >> 6; tileX++)
            {
                var values = Made((tileX, tileY));
                var first = (Math.Max(x0, tileX * Tile) & 63) / lanes * lanes;
                for (var y = Math.Max(y0, tileY * Tile); y <= Math.Min(y1, tileY * Tile + Tile - 1); y++)
                {
                    var py = new Vector<float>((float)(y * cell - a.Y));
                    for (var x = first; x <= (Math.Min(x1, tileX * Tile + Tile - 1) & 63); x += lanes)
                    {
                        var px = Vector<float>.Indices * (float)cell + new Vector<float>((float)((tileX * Tile + x) * cell - a.X));
                        var share = Vector.Min(Vector.Max((px * dx + py * dy) * along, Vector<float>.Zero), Vector<float>.One);
                        var (ex, ey) = (px - share * dx, py - share * dy);
                        var row = values.AsSpan((y & 63) * Tile + x, lanes);
                        Vector.Min(new Vector<float>(row), ex * ex + ey * ey).CopyTo(row);
                    }
                }
            }
    }

    private float[] Made((int X, int Y) at)
    {
        if (last.At == at && last.Values is { } known) return known;
        if (!tiles.TryGetValue(at, out var values))
        {
            tiles[at] = values = new float[Tile * Tile];
            Array.Fill(values, float.PositiveInfinity);
        }
        last = (at, values);
        return values;
    }

    /// <summary>The square of the distance at a grid point, where it is known.</summary>
    private float Squared(int x, int y)
    {
        var at = (x >> 6, y >> 6);
        if (last.At != at) last = (at, tiles.GetValueOrDefault(at));
        return last.Values is { } values ? values[(y & 63) * Tile + (x & 63)] : float.PositiveInfinity;
    }

    /// <summary>What lies within the width of any line added so far.</summary>
    public MultiPolygon Outline()
    {
        var (next, places) = (new Dictionary<(int X, int Y, bool Up), (int X, int Y, bool Up)>(), new Dictionary<(int X, int Y, bool Up), Coordinate>());
        foreach (var (tileX, tileY) in tiles.Keys.SelectMany(t => new[] { t, (t.X - 1, t.Y), (t.X, t.Y - 1), (t.X - 1, t.Y - 1) }).Distinct().ToList())
            for (var y = tileY * Tile; y < (tileY + 1) * Tile; y++)
                for (var x = tileX * Tile; x < (tileX + 1) * Tile; x++) Square(x, y);
        return Polygons(Rings(next, places));

        // The outline through one square of the grid, with the inside to its left.
        void Square(int x, int y)
        {
            var (sw, se, ne, nw) = (Squared(x, y), Squared(x + 1, y), Squared(x + 1, y + 1), Squared(x, y + 1));
            var limit = (float)(width * width);
            var which = (sw <= limit ? 1 : 0) | (se <= limit ? 2 : 0) | (ne <= limit ? 4 : 0) | (nw <= limit ? 8 : 0);
            if (which is 0 or 15) return;
            double Beyond(float squared) => squared <= limit ? Math.Min(0, Math.Sqrt(squared) - width) : Math.Max(1e-9, Math.Min(farthest, Math.Sqrt(squared)) - width);
            var (a, b, c, d) = (Beyond(sw), Beyond(se), Beyond(ne), Beyond(nw));
            var (south, east, north, west) = ((x, y, false), (x + 1, y, true), (x, y + 1, false), (x, y, true));
            void Put((int X, int Y, bool Up) edge, double from, double to) => places.TryAdd(edge, edge.Up ? new((edge.X) * cell, (edge.Y + from / (from - to)) * cell) : new((edge.X + from / (from - to)) * cell, edge.Y * cell));
            if (a <= 0 != b <= 0) Put(south, a, b);
            if (b <= 0 != c <= 0) Put(east, b, c);
            if (d <= 0 != c <= 0) Put(north, d, c);
            if (a <= 0 != d <= 0) Put(west, a, d);
            var joined = a + b + c + d <= 0;
            switch (which)
            {
                case 1: next[south] = west; break;
                case 2: next[east] = south; break;
                case 3: next[east] = west; break;
                case 4: next[north] = east; break;
                case 5: (next[south], next[north]) = joined ? (east, west) : (west, east); break;
                case 6: next[north] = south; break;
                case 7: next[north] = west; break;
                case 8: next[west] = north; break;
                case 9: next[south] = north; break;
                case 10: (next[east], next[west]) = joined ? (north, south) : (south, north); break;
                case 11: next[east] = north; break;
                case 12: next[west] = east; break;
                case 13: next[south] = east; break;
                case 14: next[west] = south; break;
            }
        }
    }

    private static IEnumerable<LinearRing> Rings(Dictionary<(int, int, bool), (int, int, bool)> next, Dictionary<(int, int, bool), Coordinate> places)
    {
        while (next.Count > 0)
        {
            var (ring, first) = (new List<Coordinate>(), next.Keys.First());
            for (var edge = first; next.Remove(edge, out var following); edge = following)
                if (ring.Count == 0 || !ring[^1].Equals2D(places[edge])) ring.Add(places[edge]);
            if (ring.Count < 3) continue;
            if (!ring[^1].Equals2D(ring[0])) ring.Add(ring[0].Copy());
            if (ring.Count >= 4) yield return LocalPlane.Factory.CreateLinearRing([.. ring]);
        }
    }

    private static MultiPolygon Polygons(IEnumerable<LinearRing> rings)
    {
        var all = rings.ToLookup(r => Orientation.IsCCW(r.CoordinateSequence));
        var shells = all[true].OrderBy(r => r.EnvelopeInternal.Area).Select(r => (Ring: r, Holes: new List<LinearRing>())).ToList();
        foreach (var hole in all[false])   // the least shell around it is its own
            shells.FirstOrDefault(s => s.Ring.EnvelopeInternal.Contains(hole.EnvelopeInternal) && PointLocation.IsInRing(hole.GetCoordinateN(0), s.Ring.Coordinates)).Holes?.Add(hole);
        return LocalPlane.Factory.CreateMultiPolygon([.. shells.Select(s => LocalPlane.Factory.CreatePolygon(s.Ring, [.. s.Holes]))]);
    }
}
