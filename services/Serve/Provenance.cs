using System.Globalization;
using Jietong.Geodata.Query;

namespace Jietong.Services.Serve;

/// <summary>What every answer says of itself in its headers: the state of the data, and the two dates that it is judged by.</summary>
internal static class Provenance
{
    public static void Write(HttpContext http, RowReader rows, Query query)
    {
        http.Response.Headers["Jietong-Data-Version"] = rows.Version.ToString();
        if (query.Layer.Time == TimeArguments.AsOfAndKnownBy) http.Response.Headers["Jietong-As-Of"] = query.AsOf.ToString("O", CultureInfo.InvariantCulture);
        if (query.Layer.Time != TimeArguments.None) http.Response.Headers["Jietong-Known-By"] = query.KnownBy.ToString("O", CultureInfo.InvariantCulture);
    }
}
