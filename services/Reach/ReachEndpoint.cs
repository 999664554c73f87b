using Jietong.Geodata.Query;
using Jietong.Services.Features;
using Jietong.Services.Model;
using Jietong.Services.Serve;
using Npgsql;

namespace Jietong.Services.Reach;

/// <summary><c>GET /reach?from=kunshan-huaqiao&amp;minutes=15,30</c>: the bands as GeoJSON, or as a page with their map.</summary>
internal static class ReachEndpoint
{
    public const int AtOnce = 2, MostWaiting = 32;

    public static readonly string[] Parameters = ["from", "mode", "minutes", "asOf", "knownBy", "open", "close", "width", "f"];

    private static readonly Turns Turns = new(AtOnce, MostWaiting, "Too many are asking for reach at once: try again in a few seconds.", comeBackSeconds: 5);

    public static void MapReach(this WebApplication app, NpgsqlDataSource db) => app.MapAnswer("/reach", (HttpContext http) => Answer(http, db));

    private static async Task Answer(HttpContext http, NpgsqlDataSource db)
    {
        FeaturesRequest.Known(http, [.. Parameters.Where(p => p != "asOf" || http.AsOf() is null)]);
        var page = FeaturesHtml.IsWanted(http);
        var request = ReachRequest.Read(name => http.Request.Query.TryGetValue(name, out var text) ? text.ToString() : null, http.AsOf() ?? http.Request.Query.Day("asOf") ?? Days.Today, http.Request.Query.Day("knownBy") ?? Days.Today, "");
        var (input, version) = await ModelInput.Read(db, request.AsOf, request.KnownBy, request.TravelMode, http.RequestAborted, optional: true);
        if (Provenance.Write(http, version, new(Catalogue.Links) { AsOf = request.AsOf, KnownBy = request.KnownBy }, dependsOnAsOf: true, dependsOnKnownBy: true)) return;
        var answer = await Turns.Take(() => Task.Run(() => ReachAnswer.Of(request, input, version.ToString(), http.RequestAborted)), http.RequestAborted);
        if (page)
        {
            await ReachPage.Write(http, answer);
            return;
        }
        http.Response.ContentType = FeaturesEndpoints.GeoJson;
        await ReachGeoJson.Write(http.Response.Body, answer, areas: true, http.RequestAborted);
    }
}
