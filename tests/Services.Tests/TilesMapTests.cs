using System.Globalization;
using Microsoft.Playwright;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>The map page in a real browser: MapLibre reads our style and tiles, and draws each state in its colour.</summary>
[Collection(nameof(ShippedService))]
public sealed class TilesMapTests(ShippedService service) : IAsyncLifetime
{
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"] });
    }

    public async Task DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static readonly string Loaded = "() => { const map = document.querySelector('[data-jietong-map]')?.map; return map?.loaded() && map.areTilesLoaded(); }";

    /// <summary>The colour of one pixel, read while it is drawn, a little below the place: the sign stands in the middle.</summary>
    private const string Pixel = """
        ([lon, lat]) => new Promise(resolve => {
          const map = document.querySelector('[data-jietong-map]').map;
          map.once('render', () => {
            const gl = map.getCanvas().getContext('webgl2'), { x, y } = map.project([lon, lat]), rgba = new Uint8Array(4), scale = devicePixelRatio;
            gl.readPixels(Math.round(x * scale), gl.drawingBufferHeight - Math.round((y + 8) * scale), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
            resolve('#' + [...rgba.slice(0, 3)].map(n => n.toString(16).padStart(2, '0')).join(''));
          });
          map.triggerRepaint();
        })
        """;

    private async Task<IPage> Open(string address, List<string> faults)
    {
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 900, Height = 600 } });
        page.Console += (_, message) => { if (message.Type is "error" or "warning" && !message.Text.Contains("GPU stall", StringComparison.Ordinal) && !message.Text.Contains("GL Driver", StringComparison.Ordinal)) faults.Add(message.Text); };
        page.PageError += (_, error) => faults.Add(error);
        page.Request += (_, request) => { if (!request.Url.StartsWith(service.Http.BaseAddress!.ToString(), StringComparison.Ordinal) && request.Url.StartsWith("http", StringComparison.Ordinal)) faults.Add("asks elsewhere: " + request.Url); };
        await page.GotoAsync(service.Http.BaseAddress + address);
        await page.WaitForFunctionAsync(Loaded, null, new() { Timeout = 60_000 });
        return page;
    }

    [Theory]
    [InlineData("map?asOf=2023-06-22", "2023-06-22")]
    [InlineData("map?asOf=2026-11-22", "2026-11-22")]
    [InlineData("asof/2023-06-22/map", "2023-06-22")]
    public async Task A_link_is_drawn_in_the_colour_of_its_state_on_that_day(string address, string day)
    {
        var row = (await service.Database.Column($"select concat_ws(' ', state, ST_X(point), ST_Y(point)) from link_as_of('{day}') where id = 's1-m11'"))[0].Split(' ');
        var at = row[1..].Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var colors = (await service.Json("/styles/status")).GetProperty("metadata").GetProperty("jietong:states").EnumerateArray().ToDictionary(s => s.GetProperty("state").GetString()!, s => s.GetProperty("color").GetString());
        var faults = new List<string>();
        var page = await Open(string.Create(CultureInfo.InvariantCulture, $"{address}#14/{at[1]}/{at[0]}"), faults);
        Assert.Equal(colors[row[0]], await page.EvaluateAsync<string>(Pixel, at));
        Assert.Equal("#f6f5f1", await page.EvaluateAsync<string>(Pixel, new[] { at[0] - 0.012, at[1] + 0.006 }));   // nothing lies there
        Assert.Empty(faults);
        await page.CloseAsync();
    }

    [Fact]
    public async Task A_click_shows_the_state_and_leads_to_its_evidence_and_the_picker_changes_the_day()
    {
        var faults = new List<string>();
        var page = await Open("map?asOf=2026-11-22#14/31.3006/121.09976", faults);
        await page.Mouse.ClickAsync(450, 308);
        await page.WaitForSelectorAsync(".maplibregl-popup-content a");
        var (text, evidence) = (await page.InnerTextAsync(".maplibregl-popup-content"), await page.GetAttributeAsync(".maplibregl-popup-content a", "href"));
        Assert.Contains("花桥", text, StringComparison.Ordinal);
        Assert.Contains("已通", text, StringComparison.Ordinal);
        Assert.Contains(evidence, await service.Database.Column("select url from source where url is not null"));
        foreach (var word in new[] { "未通", "待核实", "已通", "取消", "断头", "瓶颈", "硬隔离" }) Assert.Contains(word, await page.InnerTextAsync(".panel"), StringComparison.Ordinal);
        await page.FillAsync("input[type=date]", "2023-06-22");
        await page.WaitForFunctionAsync("() => location.search.includes('2023-06-22')");
        await page.WaitForFunctionAsync(Loaded);
        await page.WaitForFunctionAsync("() => document.querySelector('[data-jietong-map]').map.queryRenderedFeatures({ layers: ['links'] }).some(f => f.properties.id === 's1-m11' && f.properties.state === 'not_open')", null, new() { Timeout = 30_000 });
        Assert.Empty(faults);
        await page.CloseAsync();
    }

    /// <summary>MapLibre tells of every layer, source or expression of a style that it does not understand; labels are drawn without fonts from elsewhere.</summary>
    [Fact]
    public async Task The_style_is_valid_and_writes_its_labels()
    {
        var faults = new List<string>();
        var page = await Open("map#12/31.3006/121.1", faults);
        Assert.True(await page.EvaluateAsync<int>("() => document.querySelector('[data-jietong-map]').map.queryRenderedFeatures({ layers: ['link-names', 'stop-names', 'place-names'] }).length") > 0);
        var style = await service.Json("/styles/status?collections=roads");
        Assert.Equal(["roads"], style.GetProperty("layers").EnumerateArray().Where(l => l.TryGetProperty("source-layer", out _)).Select(l => l.GetProperty("source-layer").GetString()).Distinct());
        Assert.EndsWith("/tilejson?collections=roads", style.GetProperty("sources").GetProperty("jietong").GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal("status", (await service.Json("/styles")).GetProperty("default").GetString());
        Assert.Empty(faults);
        await page.CloseAsync();
    }

    [Fact]
    public async Task The_page_of_a_reach_draws_its_areas_under_the_links()
    {
        var faults = new List<string>();
        var page = await Open("reach?from=kunshan-huaqiao&minutes=15,30&open=honghu-waiqian&asOf=2026-11-22&f=html", faults);
        await page.WaitForFunctionAsync("() => { const map = document.querySelector('[data-jietong-map]').map; return map.getLayer('areas') && map.loaded() && map.queryRenderedFeatures({ layers: ['areas'] }).length > 0; }", null, new() { Timeout = 30_000 });
        var order = await page.EvaluateAsync<string[]>("() => document.querySelector('[data-jietong-map]').map.getStyle().layers.map(l => l.id)");
        Assert.InRange(Array.IndexOf(order, "areas"), 0, Array.IndexOf(order, "links") - 1);
        foreach (var words in new[] { "within 15 min", "within 30 min", "outline: before" }) Assert.Contains(words, await page.InnerTextAsync(".panel"), StringComparison.Ordinal);
        Assert.DoesNotContain(faults, f => !f.Contains("404", StringComparison.Ordinal));   // but for an icon of the page
        await page.CloseAsync();
    }
}
