using Jietong.Geodata;
using Jietong.Services.Serve;

namespace Jietong.Services.Features;

/// <summary>How the next page of items is asked for: by the position of the last feature, so that a deep page costs what the first does, and features added meanwhile shift nothing.</summary>
internal static class FeaturesPage
{
    /// <summary>The address of the features behind that position; what was skipped to get there lies before it.</summary>
    public static string Next(HttpContext http, IReadOnlyList<object?> position) => With(http, "after", PagePosition.Token(position, Question(http)), without: "offset");

    /// <summary>The address of this request with another value of one parameter.</summary>
    public static string With(HttpContext http, string parameter, string value, string? without = null) => http.Root() + http.Request.Path.ToUriComponent() +
        QueryString.Create(http.Request.Query.Where(p => p.Key != parameter && p.Key != without).Select(p => KeyValuePair.Create(p.Key, (string?)p.Value.ToString())).Append(new(parameter, value)));

    /// <exception cref="InputException">The token is damaged, or of another question.</exception>
    public static IReadOnlyList<object?>? After(HttpContext http) => !http.Request.Query.TryGetValue("after", out var token) ? null
        : PagePosition.Read(token.ToString(), Question(http)) ?? throw new InputException("after is no position of this question: follow the link \"next\" of the answer as it stands.");

    /// <summary>What the order rests on.</summary>
    private static string Question(HttpContext http) => http.Root() + http.Request.Path + "?" + string.Join('&', http.Request.Query.Where(p => p.Key is not ("after" or "limit" or "offset" or "f" or "crs" or "properties")).Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal));
}
