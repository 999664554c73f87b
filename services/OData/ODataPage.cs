using System.Globalization;
using Jietong.Geodata;
using Jietong.Services.Serve;

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
        foreach (var (text, name, size) in http.Preferences().Where(p => p.Name == "maxpagesize"))
        {
            if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) || rows < 1) throw new InputException($"Prefer: {text}: write a number of rows from 1 on.");
            http.Response.Headers["Preference-Applied"] = $"{text.Split('=')[0].Trim()}={Math.Min(rows, most)}";
            return Math.Min(rows, most);
        }
        return most;
    }

    /// <summary>The address of the rows that follow the position; <c>$skip</c> has been walked, and of <c>$top</c> so many are left.</summary>
    public static string Next(HttpContext http, IReadOnlyList<object?> position, int? left)
    {
        var options = http.Request.Query.Where(o => o.Key.TrimStart('$') is not ("skiptoken" or "skip" or "top")).Select(o => KeyValuePair.Create(o.Key, (string?)o.Value.ToString())).ToList();
        if (left is { } top) options.Add(new("$top", top.ToString(CultureInfo.InvariantCulture)));
        options.Add(new("$skiptoken", PagePosition.Token(position, Question(http))));
        return http.Root() + http.Request.Path.ToUriComponent() + QueryString.Create(options);
    }

    /// <exception cref="InputException">The token is damaged, or of another question.</exception>
    public static IReadOnlyList<object?> Read(string token, HttpContext http) =>
        PagePosition.Read(token, Question(http)) ?? throw new InputException("$skiptoken is none of this question: follow the @odata.nextLink of the answer as it stands.");

    /// <summary>What the order rests on: the path and all options but the pages.</summary>
    private static string Question(HttpContext http) => http.Request.Path + "?" + string.Join('&', http.Request.Query
        .Where(o => o.Key.TrimStart('$') is not ("skiptoken" or "skip" or "top" or "count" or "select" or "expand" or "format")).Select(o => $"{o.Key.TrimStart('$')}={o.Value}").Order(StringComparer.Ordinal));
}
