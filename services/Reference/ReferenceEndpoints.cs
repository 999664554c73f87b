using System.Text.Encodings.Web;
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
        app.MapAnswer("/reference", (HttpContext http) => Write(http, "参考 Reference", ReferencePage.Index(http.Root())));
        app.MapAnswer("/reference/{name}", (HttpContext http, string name) => Write(http, name, Page(http.Root(), name)));
    }

    private static string Page(string root, string name) =>
        Catalogue.All.FirstOrDefault(l => l.Name == name) is { } layer ? ReferencePage.Of(root, layer)
        : ODataFunction.All.FirstOrDefault(f => f.Name == name) is { } function ? ReferencePage.Of(root, function)
        : ReferenceCalls.All.FirstOrDefault(c => c.Name == name) is { } call ? ReferencePage.Of(root, call)
        : name == "limits" ? ReferencePage.Limits()
        : throw new InputException($"There is no page about \"{name}\": /reference lists them all.", notFound: true);

    private static Task Write(HttpContext http, string title, string body)
    {
        http.Response.ContentType = "text/html;charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return http.Response.WriteAsync($$"""
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{HtmlEncoder.Default.Encode(title)}} · 接通 Jietong</title>
            <style>{{ReferencePage.Css}}</style></head><body><nav><a href="{{http.Request.PathBase}}/reference">参考 Reference</a> · <a href="{{http.Request.PathBase}}/odata">OData</a> · <a href="{{http.Request.PathBase}}/odata/$metadata">$metadata</a> · <a href="{{http.Request.PathBase}}/reference/limits">界限 Limits</a></nav>
            {{body}}</body></html>
            """);
    }
}
