using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jietong.Geodata;
using Jietong.Services.Serve;
using Microsoft.AspNetCore.WebUtilities;

namespace Jietong.Services.OData;

/// <summary>How many rows come at once, and how the next ones are asked for: by the position of the last row, so that rows added meanwhile shift nothing.</summary>
internal static class ODataPage
{
    /// <summary>Marks a request that is part of a batch.</summary>
    public static readonly object InBatch = new();

    /// <summary>What <c>Prefer: maxpagesize=n</c> asks for (also in its older spelling <c>odata.maxpagesize</c>), at most <see cref="Limits.MostRows"/>.</summary>
    public static int SizeOf(HttpContext http)
    {
        var most = http.Items.ContainsKey(InBatch) ? Limits.MostRowsInBatch : Limits.MostRows;
        var preferences = http.Request.Headers["Prefer"].SelectMany(p => (p ?? "").Split(',', ';', StringSplitOptions.TrimEntries));
        foreach (var preference in preferences)
        {
            if (preference.Split('=', 2) is not [var name, var size] || name.Trim() is not ("maxpagesize" or "odata.maxpagesize")) continue;
            if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) || rows < 1) throw new InputException($"Prefer: {preference}: write a number of rows from 1 on.");
            http.Response.Headers["Preference-Applied"] = $"{name.Trim()}={Math.Min(rows, most)}";
            return Math.Min(rows, most);
        }
        return most;
    }

    /// <summary>The address of the rows that follow the position; <c>$skip</c> has been walked, and of <c>$top</c> so many are left.</summary>
    public static string Next(HttpContext http, IReadOnlyList<object?> position, int? left)
    {
        var options = http.Request.Query.Where(o => o.Key.TrimStart('$') is not ("skiptoken" or "skip" or "top")).Select(o => KeyValuePair.Create(o.Key, (string?)o.Value.ToString())).ToList();
        if (left is { } top) options.Add(new("$top", top.ToString(CultureInfo.InvariantCulture)));
        options.Add(new("$skiptoken", Token(position, Question(http))));
        return http.Root() + http.Request.Path.ToUriComponent() + QueryString.Create(options);
    }

    /// <exception cref="InputException">The token is damaged, or of another question.</exception>
    public static IReadOnlyList<object?> Read(string token, HttpContext http)
    {
        try
        {
            var bytes = WebEncoders.Base64UrlDecode(token);
            var values = JsonSerializer.Deserialize<string?[]>(bytes.AsSpan(8))!;
            if (Digest(bytes.AsSpan(8).ToArray(), Question(http)).AsSpan().SequenceEqual(bytes.AsSpan(0, 8))) return [.. values.Select(Value)];
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException or OverflowException) { }
        throw new InputException("$skiptoken is none of this question: follow the @odata.nextLink of the answer as it stands.");
    }

    private static string Token(IReadOnlyList<object?> position, string question)
    {
        var values = JsonSerializer.SerializeToUtf8Bytes(position.Select(Text));
        return WebEncoders.Base64UrlEncode([.. Digest(values, question), .. values]);
    }

    /// <summary>What the order rests on: the path and all options but the pages.</summary>
    private static string Question(HttpContext http) => http.Request.Path + "?" + string.Join('&', http.Request.Query
        .Where(o => o.Key.TrimStart('$') is not ("skiptoken" or "skip" or "top" or "count" or "select" or "expand" or "format")).Select(o => $"{o.Key.TrimStart('$')}={o.Value}").Order(StringComparer.Ordinal));

    private static byte[] Digest(byte[] values, string question) => SHA256.HashData([.. values, .. Encoding.UTF8.GetBytes(question)])[..8];

    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => "s" + text,
        bool truth => truth ? "b1" : "b0",
        DateOnly day => "d" + day.ToString("O", CultureInfo.InvariantCulture),
        DateTime time => "t" + time.ToString("O", CultureInfo.InvariantCulture),
        double number => "f" + number.ToString("R", CultureInfo.InvariantCulture),
        short or int or long => "i" + Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        decimal number => "n" + number.ToString(CultureInfo.InvariantCulture),
        _ => throw Lower.Unsupported($"paging in the order of a {value.GetType().Name}"),
    };

    private static object? Value(string? text) => text?[0] switch
    {
        null => null,
        's' => text[1..],
        'b' => text == "b1",
        'd' => DateOnly.ParseExact(text[1..], "O", CultureInfo.InvariantCulture),
        't' => DateTime.Parse(text[1..], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        'f' => double.Parse(text[1..], CultureInfo.InvariantCulture),
        'i' => long.Parse(text[1..], CultureInfo.InvariantCulture),
        _ => decimal.Parse(text[1..], CultureInfo.InvariantCulture),
    };
}
