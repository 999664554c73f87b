using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.OData;
using Jietong.Services.Serve;

namespace Jietong.Services.Reference;

/// <summary>At <c>/reference</c>: a page for each entity set, each function, and the limits, written from the tables that also answer, so that no page can say what is not so.</summary>
internal static class ReferenceEndpoints
{
    public static void MapReference(this WebApplication app)
    {
        app.MapAnswer("/reference", (HttpContext http) => HtmlPage.Write(http, "参考 Reference", ReferencePage.Index(http.Root())));
        app.MapAnswer("/reference/{name}", (HttpContext http, string name) => HtmlPage.Write(http, name, Page(http.Root(), name)));
    }

    private static string Page(string root, string name) =>
        Catalogue.All.FirstOrDefault(l => l.Name == name) is { } layer ? ReferencePage.Of(root, layer)
        : ODataFunction.All.FirstOrDefault(f => f.Name == name) is { } function ? ReferencePage.Of(root, function)
        : ReferenceCalls.All.FirstOrDefault(c => c.Name == name) is { } call ? ReferencePage.Of(root, call)
        : name == "limits" ? ReferencePage.Limits()
        : throw new InputException($"There is no page about \"{name}\": /reference lists them all.", notFound: true);
}
