using System.Globalization;
using static Jietong.Geodata.Imports.Gis.WkbWriter;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>Well-known text (OGC 06-103r4), also with SRID=…; before it; heights and measures are left out.</summary>
internal sealed class WktShape(string field, string text, WkbWriter to)
{
    private const int MostDepth = 32;
    private int at, numbers = 2;

    /// <returns>Null where it is empty.</returns>
    public byte[]? Read()
    {
        if (text.StartsWith("SRID=", StringComparison.OrdinalIgnoreCase)) at = text.IndexOf(';', StringComparison.Ordinal) + 1;
        to.Clear();
        var any = Shape(0);
        Skip();
        if (at < text.Length) throw Bad("something stands behind the geometry");
        return any ? to.Taken() : null;
    }

    private bool Shape(int depth)
    {
        if (depth > MostDepth) throw Bad("collections lie too deep in each other");
        var type = Word();
        var dimension = Word();
        foreach (var ending in new[] { "ZM", "Z", "M" })
            if (dimension == "" && type.Length > 5 && type.EndsWith(ending, StringComparison.Ordinal)) { (type, dimension) = (type[..^ending.Length], ending); break; }
        numbers = dimension switch { "ZM" => 4, "Z" or "M" => 3, _ => 2 };
        if (dimension is "EMPTY" || Word() is "EMPTY") return false;
        switch (type)
        {
            case "POINT":
                to.Begin(Point);
                Need('(');
                Position();
                Need(')');
                return true;
            case "LINESTRING": Line(to.Begin(LineString), ring: false); return true;
            case "POLYGON": Rings(); return true;
            case "MULTIPOINT": Many(to.Begin(MultiPoint), () => { to.Begin(Point); var inside = Takes('('); Position(); if (inside) Need(')'); }); return true;
            case "MULTILINESTRING": Many(to.Begin(MultiLineString), () => Line(to.Begin(LineString), ring: false)); return true;
            case "MULTIPOLYGON": Many(to.Begin(MultiPolygon), () => Rings()); return true;
            case "GEOMETRYCOLLECTION": Many(to.Begin(Collection), () => { if (!Shape(depth + 1)) throw Bad("a member of a collection is empty"); }); return true;
            default: throw Bad($"\"{InputException.Short(type, 20)}\" is no type of geometry");
        }
    }

    private int Rings() => Many(to.Begin(Polygon), () => Line(to, ring: true));

    private void Line(WkbWriter _, bool ring)
    {
        var (first, last, count) = ((0.0, 0.0), (0.0, 0.0), 0);
        Many(to, () => { last = Position(); if (count++ == 0) first = last; });
        if (count < (ring ? 4 : 2)) throw Bad(ring ? "a ring has fewer than four positions" : "a line has fewer than two positions");
        if (ring && first != last) throw Bad("a ring does not end where it begins");
    }

    private int Many(WkbWriter _, Action one)
    {
        var (place, count) = (to.Count(), 0);
        Need('(');
        do { one(); count++; } while (Takes(','));
        Need(')');
        to.Correct(place, count);
        return count;
    }

    private (double, double) Position()
    {
        var (x, y) = (Number(), Number());
        for (var i = 2; i < numbers; i++) Number();
        if (numbers == 2 && !Ahead(',') && !Ahead(')')) Number();   // a height without its Z
        to.Position(x, y);
        return (x, y);
    }

    private double Number()
    {
        Skip();
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '+' or '-' or '.')) at++;
        return double.TryParse(text.AsSpan(start, at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : throw Bad(at == start ? "a coordinate is missing" : $"\"{InputException.Short(text[start..at], 20)}\" is no coordinate");
    }

    private string Word()
    {
        Skip();
        var start = at;
        while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
        return text[start..at].ToUpperInvariant();
    }

    private void Skip() { while (at < text.Length && char.IsWhiteSpace(text[at])) at++; }

    private bool Ahead(char sign)
    {
        Skip();
        return at < text.Length && text[at] == sign;
    }

    private bool Takes(char sign)
    {
        var there = Ahead(sign);
        if (there) at++;
        return there;
    }

    private void Need(char sign)
    {
        if (!Takes(sign)) throw Bad($"\"{sign}\" is missing");
    }

    private BadValueException Bad(string what) => new(field, text, $"is no well-known text: {what}, at character {at + 1}.", "Write POINT (121.1 31.3), longitude first, or leave it empty.");
}
