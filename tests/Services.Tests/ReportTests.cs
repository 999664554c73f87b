using System.Text;
using System.Text.RegularExpressions;
using Jietong.Services.Reports;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>A report in its three forms: one content, one hash, no harm.</summary>
public sealed class ReportTests
{
    private const string Script = "</script><script>alert(1)</script><!--<script>", Formula = "=HYPERLINK(\"http://x\",\"y\")";

    /// <summary>The ring of <see cref="CarGainTests"/>, with what has a range.</summary>
    private static ModelWorld Ring(string state = "not_open") => new ModelWorld().Place("w1", -3, 4).Place("w2", -3, 14).Place("e1", 3, 4).Place("e2", 3, 14)
        .Road("crossing", [(-3, 14), (0, 18)], "class4", crosses: true).Link("link", radius: 1, state: state).Link("other", 0, -40, 1, state: state).Assume("connector-speed-car", 60, 40, 80, "km/h");

    private static Report Of(ModelWorld world, string[]? open = null, string[]? close = null, params PairRequest[] pairs) =>
        Report.Of(new(new(2024, 1, 1), new(2024, 1, 1), "car", "equal", open ?? [], close ?? [], pairs), world.Input, "7-abc");

    private static Report Opened(ModelWorld? world = null) => Of(world ?? Ring(), open: ["link"], pairs: [new("w1", "e1"), new("w1", "w2")]);

    [Fact]
    public void The_page_and_the_JSON_hold_the_same_report()
    {
        var report = Opened();
        var (page, json) = (Report.Read(ReportPage.Write(report), "r.html"), Report.Read(report.ToJson(), "r.json"));
        Assert.Equal((report.Hash, true), (page.Hash, page.IsIntact));
        Assert.Equal((report.Hash, true), (json.Hash, json.IsIntact));
        Assert.Equal(report.ToJson(), page.ToJson());
        Assert.Equal(report.ToJson(), json.ToJson());
    }

    [Fact]
    public void The_numbers_are_those_counted_by_hand()
    {
        var results = Opened().Results;
        Assert.Equal(35 / 6.0, results.Summary.SavedMinutes!.Value, 0.005);
        Assert.Equal(results.Summary.SavedMinutes!.Value, results.Links.Single().ShareMinutes, 0.005);   // no way takes longer than the horizon
        Assert.Equal([("w1", "e1", true), ("w1", "w2", false)], results.Asked.Select(p => (p.From, p.To, p.MinutesAfter < p.MinutesBefore)));
        Assert.Equal(10 + 10 + 2 + 5 + 5, results.Asked[1].RouteVia!.Minutes, 10.01);
        Assert.Equal(12, results.Distribution.Sum(b => b.Pairs));
    }

    /// <summary>What a reader must not take for granted stands in the report: open links that the model cannot show, works of links that nobody had attested, places of weight 0.</summary>
    [Fact]
    public void The_base_says_what_it_holds_and_what_it_cannot()
    {
        var world = Ring().Link("shown", y: 30, radius: 1, state: "open").Link("unclear", kind: "unspecified", state: "open").Road("early", [(-3, 40), (0, 41)], crosses: true, link: "not-yet").Place("stop", -4, 0, "hub");
        var results = Report.Of(Opened().Request with { Weights = "town" }, world.Input, "7-abc").Results;
        Assert.Equal(["shown"], results.Base.OpenLinks);
        Assert.Equal(("unclear", true), (results.Base.OpenNotModelled.Single().Id, results.Base.OpenNotModelled.Single().ReasonEn.Contains("mode", StringComparison.Ordinal)));
        Assert.Equal(["early"], results.Base.WorksOfUnlisted);
        Assert.Equal(["stop"], results.Base.PlacesWithoutWeight);
    }

    /// <summary>Who loses is shown as well as who gains, the largest change first; the way by an opened link is shown where others are closed.</summary>
    [Fact]
    public void A_patch_that_opens_and_closes_hides_nobody()
    {
        var world = Ring().Link("near", y: 9, radius: 1, state: "open");
        var results = Report.Of(Opened().Request with { Open = ["link"], Close = ["near"], Pairs = [new("w1", "e1")] }, world.Input, "7-abc").Results;
        Assert.Contains(results.MostChanged, p => p.MinutesAfter > p.MinutesBefore);
        Assert.Contains(results.MostChanged, p => p.MinutesAfter < p.MinutesBefore);
        var changes = results.MostChanged.Select(p => Math.Abs(p.MinutesBefore!.Value - p.MinutesAfter!.Value)).ToList();
        Assert.Equal(changes.OrderDescending(), changes);
        Assert.Contains("link", results.Asked.Single().RouteVia!.Links.Keys);
        Assert.Equal(results.Summary.SavedMinutes!.Value, results.Links.Sum(l => l.ShareMinutes), 1e-3);
        Assert.Equal(1, results.Summary.AcrossShare);
    }

    [Fact]
    public void The_hash_is_that_of_request_input_results_and_content_not_of_the_sequence()
    {
        Assert.Equal(Opened().Hash, Report.Of(Opened().Request, Ring().Input, "8-abc").Hash);
        Assert.NotEqual(Opened().Hash, Report.Of(Opened().Request, Ring().Input, "7-def").Hash);
        Assert.NotEqual(Opened().Hash, Report.Of(Opened().Request with { KnownBy = new(2024, 1, 2) }, Ring().Input, "7-abc").Hash);
        Assert.NotEqual(Opened().Hash, Opened(Ring().Assume("walking-speed", 7, unit: "km/h")).Hash);
    }

    [Theory]
    [InlineData("\"savedMinutes\": 5.", "\"savedMinutes\": 6.")]
    [InlineData("\"pairsFaster\": 6", "\"pairsFaster\": 7")]
    [InlineData("\"low\": 40", "\"low\": 50")]
    [InlineData("\"weights\": \"equal\"", "\"weights\": \"county\"")]
    [InlineData("镇 w1", "镇 w9")]
    public void What_was_changed_after_it_was_written_is_not_intact(string written, string changed)
    {
        var json = Opened().ToJson();
        Assert.Contains(written, json, StringComparison.Ordinal);
        Assert.False(Report.Read(json.Replace(written, changed, StringComparison.Ordinal), "r.json").IsIntact);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"format\":\"jietong-report/9\"}")]
    [InlineData("<html></html>")]
    [InlineData("<script type=\"application/json\" id=\"report\">{")]
    public void What_is_no_report_is_refused(string text) => Assert.Contains("r.html: no report", Assert.Throws<Geodata.InputException>(() => Report.Read(text, "r.html")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_page_needs_nothing_else()
    {
        var page = ReportPage.Write(Opened());
        Assert.DoesNotMatch("https?://|\\bsrc\\s*=|<link|<iframe|@import|url\\((?!#)", page);
        Assert.Single(Regex.Matches(page, "<script"));
    }

    [Fact]
    public void The_page_says_in_two_languages_what_was_asked_how_it_was_reckoned_and_on_what_it_rests()
    {
        var (report, page) = (Opened(), ReportPage.Write(Opened()));
        Assert.Contains("lang=\"zh-CN\"", page, StringComparison.Ordinal);
        Assert.Contains("Σ T·M ⁄ Σ M", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "<rect class=\"area\""));   // the study area, before and after
        Assert.Equal(report.Results.Assumptions.Select(a => a.Id), Regex.Matches(page, "<small class=\"mono\">([a-z0-9-]+)</small>").Select(m => m.Groups[1].Value));
        Assert.Contains("connector-speed-car</small></td><td class=\"n\">60 km/h</td><td class=\"n\">40 … 80<", page, StringComparison.Ordinal);
        foreach (var words in new[] { "平均节省", "mean saved", "5.83", "研究范围", "study area", "示意", "sketch", "路 link", "Road link", "2024-01-01", report.Hash, "7-abc", report.ProgramVersion, "position of link", "圆心", "from the middle of its circle" })
            Assert.Contains(words, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_do_no_harm_in_the_page()
    {
        var world = Ring();
        world.Places[0] = world.Places[0] with { NameZh = Script, NameEn = "\"><img src=x onerror=alert(1)>'&amp;" };
        world.Links[0] = world.Links[0] with { NameZh = Script, NameEn = Script };
        world.Roads[0] = world.Roads[0] with { NameZh = Script };
        world.Assume("connector-speed-car", 60, 40, 80, Script);
        var report = Opened(world);
        var page = ReportPage.Write(report);
        Assert.Equal((1, 1, 0), (Regex.Count(page, "<script"), Regex.Count(page, "</script"), Regex.Count(page, "<img|<!--")));
        Assert.Equal((report.Hash, true), (Report.Read(page, "r.html").Hash, Report.Read(page, "r.html").IsIntact));
    }

    private static List<string[]> Rows(string csv)
    {
        using var reader = CsvHelper.CsvReader.Create(new StringReader(csv));
        var rows = new List<string[]>();
        while (reader.Read()) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i))]);
        return rows;
    }

    [Fact]
    public void The_CSV_has_a_row_a_pair_each_with_the_hash()
    {
        var report = Opened();
        var rows = Rows(ReportCsv.Write(report));
        static double Minutes(string cell) => Math.Round(double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture), 1);
        Assert.Equal(["asked w1 e1", "asked w1 w2", .. report.Results.MostChanged.Select(p => $"most changed {p.From} {p.To}")], rows.Select(r => $"{r[0]} {r[1]} {r[4]}"));
        Assert.All(rows, r => Assert.Equal((report.Hash, "7-abc", "2024-01-01"), (r[^1], r[^2], r[10])));
        Assert.Equal((37.0, 12.0, 25.0), (Minutes(rows[0][7]), Minutes(rows[0][8]), Minutes(rows[0][9])));
    }

    [Fact]
    public void Numbers_in_the_CSV_are_rounded_numbers_also_where_they_are_negative()
    {
        var rows = Rows(ReportCsv.Write(Of(Ring("open"), close: ["link"], pairs: new PairRequest("w1", "e1"))));
        Assert.All(rows, r => Assert.Matches(@"^-\d+(\.\d{1,4})?$", r[9]));
    }

    [Fact]
    public void Names_do_no_harm_in_a_spreadsheet()
    {
        foreach (var name in new[] { Formula, "+1", "-1+1", "@sum(1)", "a,\"b\"\nc" })
        {
            var world = Ring();
            world.Places[0] = world.Places[0] with { NameZh = name };
            var cell = Rows(ReportCsv.Write(Opened(world)))[0][2];
            Assert.DoesNotMatch("^[=+@-]", cell);
            Assert.EndsWith(name, cell, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_report_that_changes_nothing_says_so()
    {
        var page = ReportPage.Write(Of(Ring()));
        Assert.Contains("nothing is changed", page, StringComparison.Ordinal);
        Assert.Contains("0.000 分", page, StringComparison.Ordinal);
        Assert.Contains("not distinguishable", page, StringComparison.Ordinal);
    }
}
