using System.Globalization;

namespace Jietong.Geodata.Query;

/// <summary>The calendar of the region, and days as people write them.</summary>
public static class Days
{
    /// <summary>Today in Asia/Shanghai (UTC+8 all year since 1992).</summary>
    public static DateOnly Today => In(DateTimeOffset.UtcNow);

    /// <summary>The day in Asia/Shanghai at an instant.</summary>
    public static DateOnly In(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(TimeSpan.FromHours(8)).DateTime);

    /// <summary>Reads a day written like 2018-06-29; null when it is none.</summary>
    public static DateOnly? TryRead(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999 ? day : null;   // the first and the last day are PostgreSQL's infinities to Npgsql

    /// <summary>Reads a day that stands under <paramref name="name"/>.</summary>
    /// <exception cref="InputException">It is none; the message names it and shows the form.</exception>
    public static DateOnly Read(string name, string text) =>
        TryRead(text) ?? throw new InputException($"{name}: \"{text}\" is not a date: write it like 2018-06-29.");
}
