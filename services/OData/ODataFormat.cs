using System.Globalization;
using Jietong.Geodata;
using Jietong.Services.Serve;
using Microsoft.Net.Http.Headers;

namespace Jietong.Services.OData;

/// <summary>How much an answer says of itself: nothing but pages and counts, what a client cannot know, or all.</summary>
internal enum MetadataLevel { None, Minimal, Full }

/// <summary>What a client accepts: JSON, how much metadata in it, and which version of the protocol.</summary>
internal static class ODataFormat
{
    /// <summary>The level that <c>$format</c>, else <c>Accept</c>, asks for; minimal where none does.</summary>
    /// <exception cref="RefusedRequestException">It asks for something else than JSON.</exception>
    public static MetadataLevel LevelOf(HttpContext http)
    {
        if (Wanted(http) is not { } types) return MetadataLevel.Minimal;
        return types.Select(Level).FirstOrDefault(level => level is not null) ?? throw Unacceptable(http, "application/json, with odata.metadata=none, minimal or full");
    }

    /// <summary>Whether the metadata are wanted in JSON. That came with version 4.01: who reads 4.0 and no more, as Excel and Power BI do, gets XML, whatever else he accepts.</summary>
    public static bool MetadataIsJson(HttpContext http)
    {
        if (Wanted(http) is not { } types || (Format(http) is null && Number(http.Request.Headers, "OData-MaxVersion") == 4.0m)) return false;
        static bool? IsJson(MediaTypeHeaderValue type) => type.MediaType.Value switch { "application/json" => true, "application/xml" or "text/xml" or "application/*" or "*/*" => false, _ => null };
        return types.Select(IsJson).FirstOrDefault(json => json is not null) ?? throw Unacceptable(http, "application/xml or application/json");
    }

    private static string? Format(HttpContext http) => http.Request.Query.TryGetValue("$format", out var asked) || http.Request.Query.TryGetValue("format", out asked) ? asked.ToString() : null;

    /// <summary>The media types that the client takes, the dearest first; null where it does not say.</summary>
    private static IEnumerable<MediaTypeHeaderValue>? Wanted(HttpContext http)
    {
        CheckVersion(http.Request.Headers);
        if (Format(http) is { } format) return MediaTypeHeaderValue.TryParse(format switch { "json" => "application/json", "xml" => "application/xml", _ => format }, out var one) ? [one] : [];
        if (http.Request.Headers.Accept.Count == 0) return null;
        return MediaTypeHeaderValue.TryParseList(http.Request.Headers.Accept, out var many) ? many.Where(t => t.Quality is not 0).OrderByDescending(t => t.Quality ?? 1).ThenByDescending(t => t.Parameters.Count) : [];
    }

    private static Exception Unacceptable(HttpContext http, string what) => Format(http) is { } format ? Lower.Unsupported($"$format={format}") : new RefusedRequestException(406, "Not Acceptable", $"Accept: {http.Request.Headers.Accept} — the answer would be {what}.");

    public static string Name(MetadataLevel level) => $"application/json;odata.metadata={level switch { MetadataLevel.None => "none", MetadataLevel.Full => "full", _ => "minimal" }}";

    /// <summary>4.0, unless the client says that it understands 4.01.</summary>
    public static string Version(HttpContext http) => Number(http.Request.Headers, "OData-MaxVersion") >= 4.01m ? "4.01" : "4.0";

    private static MetadataLevel? Level(MediaTypeHeaderValue type)
    {
        if (type.MatchesAllTypes || type.MediaType == "application/*") return MetadataLevel.Minimal;
        if (type.MediaType != "application/json" && type.MediaType != "text/plain") return null;
        return type.Parameters.FirstOrDefault(p => p.Name == "odata.metadata" || p.Name == "metadata")?.Value.Value switch
        {
            null or "minimal" => MetadataLevel.Minimal,
            "none" => MetadataLevel.None,
            "full" => MetadataLevel.Full,
            _ => null,
        };
    }

    private static void CheckVersion(IHeaderDictionary headers)
    {
        if (Number(headers, "OData-Version") is { } version and (< 4m or > 4.01m)) throw new InputException($"OData-Version: {version}: this service speaks 4.0 and 4.01.");
        if (Number(headers, "OData-MaxVersion") is { } most and < 4m) throw new InputException($"OData-MaxVersion: {most}: this service speaks 4.0 and 4.01.");
    }

    private static decimal? Number(IHeaderDictionary headers, string name) => !headers.TryGetValue(name, out var text) ? null
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : throw new InputException($"{name}: \"{text}\" is no version: write 4.0 or 4.01.");
}
