using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Jietong.Services.Serve;

/// <summary>Where a page ended, as a token in the address of the next one: the values of the sort keys in the last row, and a digest that ties them to their question.</summary>
internal static class PagePosition
{
    public static string Token(IReadOnlyList<object?> position, string question)
    {
        var values = JsonSerializer.SerializeToUtf8Bytes(position.Select(Text));
        return WebEncoders.Base64UrlEncode([.. Digest(values, question), .. values]);
    }

    /// <returns>Null where the token is damaged, or of another question.</returns>
    public static IReadOnlyList<object?>? Read(string token, string question)
    {
        try
        {
            var bytes = WebEncoders.Base64UrlDecode(token);
            var values = JsonSerializer.Deserialize<string?[]>(bytes.AsSpan(8))!;
            return Digest(bytes.AsSpan(8).ToArray(), question).AsSpan().SequenceEqual(bytes.AsSpan(0, 8)) ? [.. values.Select(Value)] : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException or OverflowException) { return null; }
    }

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
        _ => throw new UnsupportedException($"paging in the order of a {value.GetType().Name} is not supported by this service."),
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
