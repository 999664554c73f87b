using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Jietong.Geodata.Query;

namespace Jietong.Services.Serve;

/// <summary>What every answer says of itself in its headers: the state of the data, the two dates that it is judged by, and a tag by which a client can ask whether it still holds.</summary>
internal static class Provenance
{
    /// <inheritdoc cref="Write(HttpContext, DataVersion, Query, bool, bool)"/>
    public static bool Write(HttpContext http, RowReader rows, Query query) => Write(http, rows.Version, query, rows.DependsOnAsOf, rows.DependsOnKnownBy);

    /// <returns>True where the client has this very answer already: 304 was set, and nothing more is to be written.</returns>
    public static bool Write(HttpContext http, DataVersion version, Query query, bool dependsOnAsOf, bool dependsOnKnownBy)
    {
        var headers = http.Response.Headers;
        headers["Jietong-Data-Version"] = version.ToString();
        if (dependsOnAsOf) headers["Jietong-As-Of"] = query.AsOf.ToString("O", CultureInfo.InvariantCulture);
        if (dependsOnKnownBy) headers["Jietong-Known-By"] = query.KnownBy.ToString("O", CultureInfo.InvariantCulture);
        var tag = Tag(http, version, query);
        headers.ETag = tag;
        headers.Vary = "Accept-Encoding, Prefer";
        headers.CacheControl = "no-cache";   // may be kept, is to be asked for again: the data may have changed
        if (!http.Request.Headers.IfNoneMatch.SelectMany(h => (h ?? "").Split(',', StringSplitOptions.TrimEntries)).Any(t => t == "*" || t == tag || t == "W/" + tag)) return false;
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>Strong (RFC 9110, 8.8): of all that decides the bytes of the answer.</summary>
    private static string Tag(HttpContext http, DataVersion version, Query query)
    {
        var request = http.Request;
        var decides = string.Join('\n', version.ContentHash, Build.Id, query.AsOf.ToString("O", CultureInfo.InvariantCulture), query.KnownBy.ToString("O", CultureInfo.InvariantCulture),
            http.Root(), request.Path, request.QueryString, request.Headers.Accept, request.Headers.AcceptEncoding, request.Headers["Prefer"]);
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(decides))[..12])}\"";
    }
}
