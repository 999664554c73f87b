using System.Globalization;
using Jietong.Geodata;
using Jietong.Geodata.Query;

namespace Jietong.Services.Cql2;

/// <summary>A filter as it was written, in text or JSON: one tree for both.</summary>
/// <param name="At">Where it stands: a character of the text, a pointer into the JSON.</param>
internal abstract record Syntax(string At)
{
    /// <summary>A refusal that names the place.</summary>
    public static InputException Wrong(string at, string what) => new($"CQL2 at {at}: {what}");

    public InputException Wrong(string what) => Wrong(At, what);
}

internal sealed record PropertyName(string At, string Name) : Syntax(At);

/// <summary>A text, a number (long, decimal or double), a truth value, a day or an instant.</summary>
internal sealed record Scalar(string At, object Value) : Syntax(At)
{
    public static Scalar Text(string at, string text) => text.Contains('\0', StringComparison.Ordinal) ? throw Wrong(at, "a text cannot hold the character U+0000.") : new(at, text);

    /// <summary>Exact where it can be; 2.0 is 2, as JSON does not tell them apart.</summary>
    public static Scalar Number(string at, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? new(at, whole)
        : !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) || (exact == 0 && Double(at, text) != 0) ? new(at, Double(at, text))
        : new(at, decimal.IsInteger(exact) && exact is >= long.MinValue and <= long.MaxValue ? (object)(long)exact : exact);

    public static double Double(string at, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : throw Wrong(at, $"{Short(text)} is not a number, or too large for one.");

    public static Scalar Day(string at, string text) =>
        new(at, Days.TryRead(text) ?? throw Wrong(at, $"\"{Short(text)}\" is not a date: write it like 2018-06-29."));

    public static Scalar Time(string at, string text) => new(at,
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year is > 1 and < 9999
            ? time : throw Wrong(at, $"\"{Short(text)}\" is not an instant: write it like 2018-06-29T08:00:00Z, in UTC."));

    /// <summary>A day or an instant, by its form.</summary>
    public static Scalar Instant(string at, string text) => text.Contains('T', StringComparison.Ordinal) ? Time(at, text) : Day(at, text);

    public static string Short(string text) => InputException.Short(text, 40);
}

/// <summary>From an instant to another; null: open.</summary>
internal sealed record Interval(string At, Syntax? Start, Syntax? End) : Syntax(At);

internal sealed record Values(string At, IReadOnlyList<Syntax> Items) : Syntax(At);

/// <summary>Corners in the order of the axes of the reference system, with or without heights.</summary>
internal sealed record Box(string At, IReadOnlyList<double> Numbers) : Syntax(At);

/// <summary>A geometry, by its name in well-known text; a RING is part of a polygon.</summary>
internal sealed record Shape(string At, string Type, IReadOnlyList<double[]> Points, IReadOnlyList<Shape> Parts) : Syntax(At);

/// <summary>An operator, a function of the standard or one of ours, in lower case save ours.</summary>
internal sealed record Applied(string At, string Name, IReadOnlyList<Syntax> Operands) : Syntax(At);
