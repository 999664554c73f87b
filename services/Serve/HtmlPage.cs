using System.Net;

namespace Jietong.Services.Serve;

/// <summary>The frame of every page that people read in a browser: Chinese first, no script but our own.</summary>
internal static class HtmlPage
{
    private const string Css = """
        body { font: 15px/1.55 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif; color: #1c2530; max-width: 1000px; margin: 0 auto; padding: 18px }
        nav { font-size: 13px; border-bottom: 1px solid #d5dce3; padding-bottom: 6px } h1 { font-size: 23px; margin: 14px 0 4px } h2 { font-size: 16px; margin: 24px 0 4px } a { color: #1d5fa8; text-decoration: none } a:hover { text-decoration: underline }
        .en { color: #5d6b7a; font-size: .9em; font-weight: normal } code { font: 13px ui-monospace, "Noto Sans Mono CJK SC", monospace; overflow-wrap: anywhere } pre { background: #f5f7f9; border: 1px solid #d5dce3; border-radius: 4px; padding: 8px 10px; white-space: pre-wrap; margin: 6px 0 }
        table { border-collapse: collapse; width: 100%; font-size: 14px } th { text-align: left; border-bottom: 1.5px solid #1c2530; padding: 3px 8px; vertical-align: bottom } td { border-bottom: 1px solid #e3e8ec; padding: 3px 8px; vertical-align: top } td:first-child code { white-space: nowrap } .n { text-align: right }
        .map { border: 1px solid #d5dce3; margin: 10px 0 } .map > div { height: 420px } .scroll { overflow-x: auto }
        """;

    /// <summary>What a page may load (Content-Security-Policy): from here alone, as its map does.</summary>
    public const string Policy = "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data: blob:";

    /// <summary>Writes a page.</summary>
    /// <param name="http">Whose request is answered.</param>
    /// <param name="title">As text.</param>
    /// <param name="body">As HTML.</param>
    public static Task Write(HttpContext http, string title, string body)
    {
        var here = http.Request.PathBase;
        http.Response.ContentType = "text/html;charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = Policy;
        return http.Response.WriteAsync($$"""
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{Text(title)}} · 接通 Jietong</title>
            <style>{{Css}}</style></head><body><nav><a href="{{here}}/?f=html">接通 Jietong</a> · <a href="{{here}}/collections?f=html">图层 Layers</a> · <a href="/reference">参考 Reference</a> · <a href="/odata">OData</a> · <a href="/reference/limits">界限 Limits</a></nav>
            {{body}}</body></html>
            """);
    }

    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    public static string Both(string zh, string en) => $"{Text(zh)} <span class=\"en\">{Text(en)}</span>";

    public static string Table(IEnumerable<string> heads, IEnumerable<IEnumerable<string>> rows) =>
        $"<div class=\"scroll\"><table><tr>{string.Concat(heads.Select(h => $"<th>{h}</th>"))}</tr>{string.Concat(rows.Select(r => $"<tr>{string.Concat(r.Select(c => $"<td>{c}</td>"))}</tr>"))}</table></div>";
}
