using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Jietong.Geodata.Query;
using Jietong.Services.OData;
using Jietong.Worlds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.FSharp.Core;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Random questions over HTTP: none is an unhandled error, no value of theirs is in the SQL, and what can be read in C# is answered as it reads.</summary>
public sealed partial class ODataPropertyTests(ODataPropertyTests.World world) : IClassFixture<ODataPropertyTests.World>
{
    /// <summary>A few links with nasty names, and a server on them.</summary>
    public sealed class World : IAsyncLifetime
    {
        private TestDatabase database = null!;
        private WebApplication app = null!;

        public HttpClient Http { get; private set; } = null!;
        public List<JsonElement> Rows { get; private set; } = [];

        public async Task InitializeAsync()
        {
            var drawn = new RegisterWorld().Source("gov", "GOV", "2018-06-29").Source("late", "STATE", "2020-06-01").Row("targets.csv", "t,l3,,open,2019,stated,,,gov,p,,");
            for (var i = 0; i < 13; i++)
            {
                drawn.Link($"l{i}", "gov", i % 3 == 0 ? "bus" : "road", i % 3 == 0 ? "service" : "missing", i % 3 == 0 ? null : $$"""{"type":"Point","coordinates":[{{121 + i / 50.0}},31]}""")
                    .Attest($"l{i}-1", $"l{i}", i % 4 == 0 ? "open" : "proposed", $"2018-0{1 + i % 5}-11", i % 2 == 0 ? "gov" : "late").Attest($"l{i}-2", $"l{i}", "proposed", "2017-03", "gov");
                var properties = drawn.Feature($"l{i}")["properties"]!;
                (properties["nameZh"], properties["nameEn"]) = (Nasty[i % Nasty.Length] + "§", "§" + Nasty[(i * 5 + 3) % Nasty.Length]);
                properties["noteZh"] = i % 3 == 1 ? null : "§" + Nasty[(i + 4) % Nasty.Length];
                properties["otherNames"] = new JsonArray([.. Nasty.Skip(i).Take(i % 3).Select(n => JsonValue.Create(n + "§"))]);
            }
            database = await drawn.Load();
            app = Serve.ServeCommand.Build(database.Db, "http://127.0.0.1:0");
            await app.StartAsync();
            Http = new() { BaseAddress = new(app.Urls.First()) };
            Rows = [.. JsonDocument.Parse(await Http.GetStringAsync($"/odata/Links?{Days}")).RootElement.GetProperty("value").EnumerateArray()];
        }

        public async Task DisposeAsync()
        {
            Http.Dispose();
            await app.DisposeAsync();
            await database.DisposeAsync();
        }
    }

    private const string Days = "asOf=2020-01-01&knownBy=2021-01-01";

    // What ends a text, a statement or a pattern; letters of all kinds; nothing; and very much. Every text of a question has a § in it, every number 7919.
    private static readonly string[] Nasty =
        ["'", "''", "\"", "$1", "$$", ";--", "%", "_", "\\", "{t}", "{0}", "/*", "\t", "接通", "e\u0301", "😀👩‍👩‍👧", "عربي", "\u202eabc", "\u200b", "null", "&", "#", "+", "%27", "'; drop table link; --", "", new string('长', 3000)];

    private static Gen<T> Pick<T>(params IEnumerable<T> values) => Gen.Elements(values.ToArray());

    private static readonly Gen<string> Text = from nasty in Pick(Nasty) from first in Pick(true, false) select first ? "§" + nasty : nasty + "§";
    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    private static readonly Gen<string> Number = Pick("7919", "-7919", "79190000000", "7919.25", "0.7919", "7919e10");
    private static readonly Gen<string> Point = Pick("geography'SRID=4326;POINT(121.7919 31)'", "geography'SRID=4326;LINESTRING(121.7919 31,121 30)'", "geography'SRID=4326;POLYGON((121.7919 31,121 30,122 30,121.7919 31))'");

    // ---- questions that are read in C#: a filter, and whether it holds for a row

    private sealed record Filter(string OData, Func<JsonElement, bool> Holds)
    {
        public override string ToString() => OData;
    }

    private static string? Of(JsonElement row, string column) => row.GetProperty(column) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static readonly Gen<Filter> Leaf = Gen.OneOf(
        from column in Pick("nameZh", "nameEn", "noteZh") from value in Text from same in Pick(true, false) select new Filter($"{column} {(same ? "eq" : "ne")} {Quoted(value)}", row => Of(row, column) == value == same),
        from column in Pick("nameZh", "nameEn", "noteZh", "laterEvidence") from there in Pick(true, false) select new Filter($"{column} {(there ? "ne" : "eq")} null", row => Of(row, column) is not null == there),
        from column in Pick("nameZh", "nameEn", "noteZh") from part in Pick(Nasty) from how in Pick("contains", "startswith", "endswith") select new Filter($"{how}({column},{Quoted(part)})", row => Of(row, column) is { } text && (how == "contains" ? text.Contains(part, StringComparison.Ordinal) : how == "startswith" ? text.StartsWith(part, StringComparison.Ordinal) : text.EndsWith(part, StringComparison.Ordinal))),
        from values in Gen.ListOf(Text, 3) select new Filter($"nameZh in ({string.Join(',', values.Select(Quoted))})", row => values.Contains(Of(row, "nameZh"))),
        from n in Gen.Choose(0, 12) from op in Pick("gt", "le") select new Filter($"length(nameEn) {op} {n}", row => Of(row, "nameEn")!.EnumerateRunes().Count() > n == (op == "gt")),
        from value in Text select new Filter($"otherNames/any(n:n eq {Quoted(value)})", row => row.GetProperty("otherNames").EnumerateArray().Any(n => n.GetString() == value)),
        from part in Pick(Nasty) select new Filter($"otherNames/all(n:contains(n,{Quoted(part)}))", row => row.GetProperty("otherNames").EnumerateArray().All(n => n.GetString()!.Contains(part, StringComparison.Ordinal))),
        from month in Gen.Choose(1, 6) from op in Pick("lt", "ge") select new Filter($"heldFrom {op} 2018-0{month}-11", row => string.CompareOrdinal(Of(row, "heldFrom"), $"2018-0{month}-11") < 0 == (op == "lt")),
        Pick("broken", "overdue").Select(c => new Filter(c, row => row.GetProperty(c).GetBoolean())));

    private static Gen<Filter> Filters(int depth) => depth == 0 ? Leaf : Gen.Frequency(
        (1, Leaf), (2, from l in Filters(depth - 1) from r in Filters(depth - 1) select new Filter($"({l} and {r})", row => l.Holds(row) && r.Holds(row))),
        (2, from l in Filters(depth - 1) from r in Filters(depth - 1) select new Filter($"({l} or {r})", row => l.Holds(row) || r.Holds(row))), (1, Filters(depth - 1).Select(f => new Filter($"not ({f})", row => !f.Holds(row)))));

    // ---- questions that are only asked: any expressions at any place

    private static IEnumerable<string> Columns(Layer layer, string of, params ColumnType[] types) => layer.Columns.Where(c => types.Contains(c.Type)).Select(c => of + c.Name);

    private static Gen<string> Texts(Layer layer, string of, int depth) => depth == 0 ? Gen.OneOf(Pick(Columns(layer, of, ColumnType.Text)), Text.Select(Quoted)) : Gen.Frequency(
        (3, Texts(layer, of, 0)), (1, from f in Pick("tolower", "toupper", "trim") from t in Texts(layer, of, depth - 1) select $"{f}({t})"), (1, from a in Texts(layer, of, depth - 1) from b in Texts(layer, of, depth - 1) select $"concat({a},{b})"),
        (1, from t in Texts(layer, of, depth - 1) from n in Gen.Choose(-2, 9) select $"substring({t},{n})"), (1, Pick(layer.Relations.Where(r => !r.Many).Select(r => $"{of}{r.Name}/{Catalogue.Layer(r.Target).Key}").DefaultIfEmpty(of + layer.Key))));

    private static Gen<string> Numbers(Layer layer, string of, int depth) => depth == 0 ? Gen.OneOf(Pick(Columns(layer, of, ColumnType.Integer, ColumnType.Number).DefaultIfEmpty("7919")), Number) : Gen.Frequency(
        (2, Numbers(layer, of, 0)), (2, Texts(layer, of, depth - 1).Select(t => $"length({t})")), (1, from a in Texts(layer, of, depth - 1) from b in Texts(layer, of, depth - 1) select $"indexof({a},{b})"),
        (2, from a in Numbers(layer, of, depth - 1) from op in Pick("add", "sub", "mul", "div") from b in Numbers(layer, of, depth - 1) select $"({a} {op} {b})"), (1, from f in Pick("round", "floor", "ceiling") from n in Numbers(layer, of, depth - 1) select $"{f}({n} mul 1.7919)"),
        (1, from f in Pick("year", "month", "day") from c in Pick(Columns(layer, of, ColumnType.Date).DefaultIfEmpty("2018-06-29")) select $"{f}({c})"),
        (1, layer.Relations.Where(r => r.Many).Select(r => $"{of}{r.Name}/$count").ToArray() is { Length: > 0 } counts ? Pick(counts) : Number),
        (1, layer.Geometry is null ? Number : from p in Point from f in Pick("geo.distance({0},{1})", "geo.length({0})", "jietong.area(jietong.buffer({0},7919))", "jietong.bearing({1},{0})", "geo.distance(jietong.centroid({0}),{1})") select string.Format(CultureInfo.InvariantCulture, f, of + "geometry", p)));

    private static Gen<string> Truths(Layer layer, string of, int depth) => depth == 0 ? Gen.OneOf(
            from a in Texts(layer, of, 1) from op in Pick("eq", "ne", "lt", "ge") from b in Texts(layer, of, 1) select $"{a} {op} {b}", from a in Numbers(layer, of, 1) from op in Pick("eq", "ne", "lt", "le", "gt") from b in Numbers(layer, of, 1) select $"{a} {op} {b}",
            from f in Pick("contains", "startswith", "endswith") from a in Texts(layer, of, 1) from b in Texts(layer, of, 1) select $"{f}({a},{b})", from c in Pick(layer.Columns.Where(c => c.Type is not (ColumnType.Json or ColumnType.TextList)).Select(c => of + c.Name)) from op in Pick("eq", "ne") select $"{c} {op} null",
            layer.Geometry is null ? Texts(layer, of, 1).Select(t => $"{t} in ('§',{Quoted("'§")})") : from p in Point from f in Pick("geo.intersects", "jietong.within", "jietong.crosses", "jietong.touches", "jietong.disjoint") select $"{f}({of}geometry,{p})")
        : Gen.Frequency((2, Truths(layer, of, 0)), (1, from a in Truths(layer, of, depth - 1) from op in Pick("and", "or") from b in Truths(layer, of, depth - 1) select $"({a} {op} {b})"), (1, Truths(layer, of, depth - 1).Select(t => $"not ({t})")),
            (1, layer.Relations.Where(r => r.Many).ToArray() is { Length: > 0 } many ? from r in Pick(many) from q in Pick("any", "all") from t in Truths(Catalogue.Layer(r.Target), $"v{depth}/", depth - 1) select $"{of}{r.Name}/{q}(v{depth}:{t})" : Truths(layer, of, 0)));

    private static Gen<string> Orders(Layer layer) => from key in Gen.OneOf(Numbers(layer, "", 1), Texts(layer, "", 1)) from way in Pick("", " desc", " asc") select key + way;

    /// <summary>Options, one after the other, parted by <paramref name="separator"/>; with each of them a few times out of ten.</summary>
    private static Gen<string> Options(Layer layer, int depth, char separator)
    {
        var none = Gen.Constant("");
        Gen<string> Sometimes(int times, Gen<string> option) => Gen.Frequency((times, option), (10 - times, none));
        return from filter in Sometimes(6, Truths(layer, "", 2).Select(t => $"$filter={t}"))
            from compute in Sometimes(4, from a in Numbers(layer, "", 2) from b in Texts(layer, "", 2) from c in Truths(layer, "", 1) select $"$compute={a} as 数_1,{b} as textΔ,{c} as truth,length(textΔ) as l2")
            from order in Sometimes(5, Orders(layer).Select(o => $"$orderby={o}"))
            from top in Sometimes(4, Gen.Choose(0, 5).Select(n => $"$top={n}")) from skip in Sometimes(3, Gen.Choose(0, 3).Select(n => $"$skip={n}")) from count in Sometimes(3, Gen.Constant("$count=true"))
            from search in Sometimes(2, Text.Where(t => !t.Any(c => c is '"' or '\\' or '\'' or '\t')).Select(t => $"$search=\"{t}\""))
            from expand in Sometimes(depth == 0 || layer.Relations.Count == 0 ? 0 : 5, from r in Pick(layer.Relations.AsEnumerable()) from inside in r.Many ? Options(Catalogue.Layer(r.Target), depth - 1, ';') : none select $"$expand={r.Name}{(inside == "" ? "" : $"({inside})")}")
            select string.Join(separator, new[] { filter, compute, order, top, skip, count, search, expand }.Where(o => o != ""));
    }

    private static Gen<string> Steps(Layer layer) => from filter in Truths(layer, "", 1) from number in Numbers(layer, "", 2).Where(n => !n.Contains("$count", StringComparison.Ordinal)) from text in Texts(layer, "", 1) from key in Pick(Columns(layer, "", ColumnType.Text, ColumnType.Bool, ColumnType.Date)) from n in Gen.Choose(1, 6) from order in Orders(layer)
        from first in Pick($"filter({filter})", $"topcount({n},{number})", $"orderby({order})/top({n})", $"compute({text} as 别名)", "identity") from method in Pick("sum", "min", "max", "average", "countdistinct")
        from last in Pick($"groupby(({key}),aggregate($count as n,{number} with {method} as v))", $"aggregate({number} with {method} as v,$count as n)", $"groupby(({key}))", "identity", $"groupby(({key}),aggregate($count as n))/filter(n gt 0)&$orderby=n desc&$top=2") select $"$apply={first}/{last}";

    private static readonly Gen<string> Addresses = from layer in Pick(Catalogue.Links, Catalogue.LinkSides, Catalogue.Attestations, Catalogue.Sources, Catalogue.Jurisdictions, Catalogue.Targets)
        from options in Gen.Frequency((3, Options(layer, 2, '&')), (1, Steps(layer))) select $"{layer.Name}?{options}";

    // ---- asking

    private static Task Always<T>(int times, Gen<T> gen, Func<T, Task> property) => Task.Run(() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(times).WithReplay(FSharpOption<Replay>.Some(new(new Rnd(20180629, 20231203), FSharpOption<int>.None))), Prop.ForAll(Arb.From(gen), property)));

    /// <summary>In a body, for texts may be long; &amp; in a text is written as %26.</summary>
    private async Task<(int Status, JsonElement Body)> Ask(string address, string? prefer = null)
    {
        var (path, options) = address.Split('?', 2) is [var p, var o] ? (p, o) : (address, "");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/odata/{path}/$query") { Content = new StringContent(Encoded(options), null, "text/plain") };
        if (prefer is not null) request.Headers.Add("Prefer", prefer);
        using var response = await world.Http.SendAsync(request);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>Every option percent-encoded; options are parted by &amp;$, which no text of ours holds.</summary>
    private static string Encoded(string options) => string.Join('&', Pairs(options).Select(o => $"{Uri.EscapeDataString(o.Name)}={Uri.EscapeDataString(o.Value)}"));

    private static IEnumerable<(string Name, string Value)> Pairs(string options) => Option().Split(options).Where(o => o != "").Select(o => o.Split('=', 2)).Select(o => (o[0], o[1]));

    [GeneratedRegex(@"&(?=\$[a-z]+=|asOf=|knownBy=)")] private static partial Regex Option();

    private static string[] Ids(JsonElement answer) => [.. answer.GetProperty("value").EnumerateArray().Select(r => r.GetProperty("id").GetString()!)];

    [Fact]
    public Task A_filter_answers_as_it_reads_and_its_negation_the_rest() => Always(80, Filters(2), async filter =>
    {
        var (found, rest) = (await Ask($"Links?$filter={filter}&$select=id&{Days}"), await Ask($"Links?$filter=not ({filter})&$select=id&{Days}"));
        Assert.True((found.Status, rest.Status) == (200, 200), $"{found.Body} {rest.Body}");
        Assert.Equal(world.Rows.Where(filter.Holds).Select(r => Of(r, "id")), Ids(found.Body));
        Assert.Equal(world.Rows.Where(r => !filter.Holds(r)).Select(r => Of(r, "id")), Ids(rest.Body));
    });

    [GeneratedRegex("division by zero|out of range|overflow|too large|underflow|does not depend on")] private static partial Regex OfTheData();

    [Fact]
    public async Task Any_question_is_answered_or_refused_plainly()
    {
        var answered = 0;
        await Always(200, Addresses, async address =>
        {
            var (status, body) = await Ask(address);
            if (status == 200) answered++;
            else Assert.True(status == 400 && OfTheData().IsMatch(body.GetProperty("error").GetProperty("message").GetString()!), $"{status} {body}");
        });
        Assert.True(answered > 160, $"{answered} answered");
    }

    [GeneratedRegex("§|7919|2018-|121|4326|长")] private static partial Regex Value();
    [GeneratedRegex("\"([^\"]*)\"")] private static partial Regex Name();
    [GeneratedRegex(@"^~?[\p{L}\p{N}_]+(@odata\.count)?$|^@\d+$")] private static partial Regex Plain();

    [Fact]
    public Task No_value_of_a_question_is_in_its_SQL() => Always(250, Addresses, address =>
    {
        var (path, options) = address.Split('?', 2) is [var p, var o] ? (p, o) : (address, "");
        var request = ODataRequest.Parse(path, new QueryCollection(Pairs(options).ToDictionary(x => x.Name, x => new Microsoft.Extensions.Primitives.StringValues(x.Value))));
        foreach (var statement in new[] { SqlWriter.Select(request.Query with { WithPosition = true }), SqlWriter.Count(request.Query) })
        {
            Assert.False(Value().IsMatch(statement.Text), statement.Text);
            Assert.All(Name().Matches(statement.Text), name => Assert.Matches(Plain(), name.Groups[1].Value));
            Assert.Equal(statement.Parameters.Count, Enumerable.Range(1, 5000).TakeWhile(i => Regex.IsMatch(statement.Text, $@"\${i}\b")).Count());
        }
        return Task.CompletedTask;
    });

    [Fact]
    public Task Pages_together_are_the_whole() => Always(25, from filter in Filters(1) from orders in Gen.ListOf(Orders(Catalogue.Links), 2) from size in Gen.Choose(1, 5) select (Options: $"$filter={filter}&$orderby={string.Join(',', orders)}&$select=id&{Days}", Size: size), async asked =>
    {
        var (status, whole) = await Ask("Links?" + asked.Options);
        if (status != 200) return;
        var ids = new List<string>();
        var address = $"/odata/Links?{Encoded(asked.Options)}";
        for (var next = address.Length < 30_000 ? address : null; next is not null;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next) { Headers = { { "Prefer", $"maxpagesize={asked.Size}" } } };
            using var response = await world.Http.SendAsync(request);
            var page = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            Assert.True(response.IsSuccessStatusCode, page.ToString());
            ids.AddRange(Ids(page));
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }
        if (address.Length < 30_000) Assert.Equal(Ids(whole), ids);
    });
}
