using System.Runtime.InteropServices;
using Jietong.Services.Model;
using Jietong.Services.Streets;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.IO;

namespace Jietong.Services.Gaps;

/// <summary>A position, longitude and latitude in degrees.</summary>
internal readonly record struct At(double X, double Y)
{
    public double Metres(At other) => Earth.Metres(X, Y, other.X, other.Y);

    /// <summary>Metres east and north of here to another place near by.</summary>
    public (double East, double North) To(At other) => (Metres(other with { Y = Y }) * Math.Sign(other.X - X), Metres(other with { X = X }) * Math.Sign(other.Y - Y));

    /// <summary>All that lies within so many metres.</summary>
    public Envelope Around(double metres)
    {
        var (east, north) = new StreetPlane(X, Y).Degrees(metres);
        return new(X - east, X + east, Y - north, Y + north);
    }

    public Coordinate Coordinate => new(X, Y);
}

/// <summary>Lines that were read, and what is asked of them.</summary>
internal static class Lines
{
    public static At[] Read(byte[] wkb) => [.. new WKBReader().Read(wkb).Coordinates.Select(c => new At(c.X, c.Y))];

    /// <summary>The point of a line nearest to a place, how far it is, and at which share of the line it lies.</summary>
    public static (At Point, double Metres, double Share) Nearest(ReadOnlySpan<At> line, At to)
    {
        var near = new StreetPlane(to.X, to.Y).Nearest(-1, MemoryMarshal.Cast<At, double>(line));
        return (new(near.Longitude, near.Latitude), near.Metres, near.Share);
    }

    /// <summary>Degrees between the way in which a line comes to its end and the straight way from there to a place: 0 straight on, 180 back.</summary>
    /// <param name="line">Ends at the end that is asked about.</param>
    /// <param name="to">The place.</param>
    public static double Angle(IReadOnlyList<At> line, At to)
    {
        const double along = 25;   // metres that tell the direction of an end
        var (end, before) = (line[^1], line.Count - 2);
        while (before > 0 && line[before].Metres(end) < along) before--;
        var ((x, y), (u, v)) = (line[before].To(end), end.To(to));
        return Math.Abs(Math.Atan2(x * v - y * u, x * u + y * v)) * 180 / Math.PI;
    }
}

/// <summary>The border's pieces by where they lie: does a straight way cross it, how far away is it?</summary>
internal sealed class BorderLine
{
    private readonly STRtree<(At A, At B)> pieces = new();
    private readonly bool encloses;

    public BorderLine(byte[] wkb, bool encloses)
    {
        this.encloses = encloses;
        var lines = new WKBReader().Read(wkb);
        for (var part = 0; part < lines.NumGeometries; part++)
            if (lines.GetGeometryN(part).Coordinates is var c)
                for (var i = 1; i < c.Length; i++) pieces.Insert(new(c[i - 1], c[i]), (new(c[i - 1].X, c[i - 1].Y), new(c[i].X, c[i].Y)));
        pieces.Build();
    }

    /// <summary>Whether the straight way leads across. An end that lies on the border, within two metres, is on either side of it.</summary>
    public bool IsCrossed(At a, At b)
    {
        var crossings = Count(a, b);
        if (crossings > 0) return !encloses || crossings % 2 == 1;
        return a.Metres(b) is > 0 and var metres && Count(Beyond(b, a, 2 / metres), Beyond(a, b, 2 / metres)) > 0;
    }

    public bool IsWithin(At at, double metres) => pieces.Query(at.Around(metres)).Any(p => Lines.Nearest([p.A, p.B], at).Metres <= metres);

    private int Count(At a, At b) => pieces.Query(new Envelope(a.Coordinate, b.Coordinate)).Count(p => (Turn(a, b, p.A) >= 0) != (Turn(a, b, p.B) >= 0) && Turn(p.A, p.B, a) * Turn(p.A, p.B, b) < 0);

    private static At Beyond(At from, At to, double share) => new(to.X + share * (to.X - from.X), to.Y + share * (to.Y - from.Y));

    private static int Turn(At a, At b, At c) => Math.Sign((b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X));
}
