using Jietong.Geodata.Query;
using Xunit;
using static Jietong.Geodata.Query.Comparison;

namespace Jietong.Geodata.Tests;

/// <summary>The SQL itself, where a change of one word changes an index or an answer: the text, and apart from it the values.</summary>
public sealed class SqlWriterTests
{
    private static readonly DateOnly AsOf = new(2019, 6, 30), KnownBy = new(2020, 1, 1);
    private static readonly Expression Geom = new ColumnValue("geometry"), Here = new GeometryLiteral("SRID=4326;POINT(121 31)");

    private static readonly Relation ToSource = Catalogue.Lists.Relations.Single(r => r.Name == "Source"), ToReferences = Catalogue.Lists.Relations.Single(r => r.Name == "References");

    private static ColumnValue Column(string name) => new(name);

    private static Literal Value(object? value) => new(value);

    private static Query.Query Ask(Layer layer, Expression? filter = null, params string[] select) =>
        new(layer) { AsOf = AsOf, KnownBy = KnownBy, Filter = filter, Select = select is [] ? ["id"] : select };

    /// <summary>A filter of lists, its condition in SQL, and the values.</summary>
    public static TheoryData<Expression, string, object[]> Filters => new()
    {
        { new Compare(Equal, Column("nameEn"), Value("O'Hara; --")), "(t0.name_en = $1)", ["O'Hara; --"] },
        { new Compare(NotEqual, Value("$1"), Column("nameEn")), "($1 is distinct from t0.name_en)", ["$1"] },
        { new Compare(Equal, Column("noteEn"), Value(null)), "(t0.note_en is not distinct from null)", [] },
        { new Compare(NotEqual, Column("noteEn"), Value(null)), "(t0.note_en is distinct from null)", [] },
        { new Compare(Equal, Column("noteEn"), Column("noteZh")), "(t0.note_en is not distinct from t0.note_zh)", [] },
        { new Compare(Less, Column("itemCount"), Value(26L)), "(t0.item_count < $1)", [26L] },
        { new Compare(LessOrEqual, Column("itemCount"), Value(26.5)), "(t0.item_count <= $1)", [26.5] },
        { new Compare(Greater, Column("itemCount"), Value(26m)), "(t0.item_count > $1)", [26m] },
        { new Compare(GreaterOrEqual, Value(new DateOnly(2019, 1, 2)), Value(true)), "($1 >= $2)", [new DateOnly(2019, 1, 2), true] },
        { new Compare(Less, new Arithmetic(Operation.Multiply, new Arithmetic(Operation.Subtract, Column("itemCount"), Value(-1L)), Value(2.5)), Value(9L)), "(((t0.item_count - $1) * $2) < $3)", [-1L, 2.5, 9L] },
        { new Or(new And(Value(true), new IsNull(Column("itemCount"))), new Not(Value(false))), "(($1 and (t0.item_count is null)) or ($2 is not true))", [true, false] },
        { new Like(Column("nameEn"), TextMatch.Contains, Value("50%")), "(strpos(t0.name_en, $1) > 0)", ["50%"] },
        { new Like(Column("nameEn"), TextMatch.StartsWith, Column("nameZh")), "(starts_with(t0.name_en, t0.name_zh))", [] },
        { new Like(Column("nameEn"), TextMatch.EndsWith, Value("_")), "(right(t0.name_en, length($1)) = $1)", ["_"] },
        { new In(Column("source"), ["a", "b"]), "(t0.source_id = any($1))", [new[] { "a", "b" }] },
        { new In(Column("itemCount"), [1L, 2.5]), "(t0.item_count = any($1))", [new[] { 1, 2.5 }] },
        { new Between(Column("itemCount"), Value(1L), Value(2L)), "(t0.item_count between $1 and $2)", [1L, 2L] },
        { new Compare(Equal, new Arithmetic(Operation.Modulo, Column("itemCount"), Value(7L)), Value(0L)), "((t0.item_count % $1) = $2)", [7L, 0L] },
        { new Compare(Equal, new Call(Function.Of("substring", 3), [Column("nameEn"), Value(1L), Value(2L)]), Value("x")), "(substr(t0.name_en, (case when $1 < 0 then greatest(length(t0.name_en) + $1, 0) else $1 end + 1)::int, greatest($2, 0)::int) = $3)", [1L, 2L, "x"] },
        { new Compare(Equal, new Related(ToSource, null, "s", new ColumnValue("grade", "s")), Value("GOV")), "((select s1.grade from source_published($1) s1 where s1.id = t0.source_id) = $2)", [KnownBy, "GOV"] },
        { new AnyRelated(ToReferences, null, "r", new Compare(Less, new ColumnValue("item", "r"), Column("itemCount"))), "(exists (select from link_reference s1 where s1.list_id = t0.id and ((s1.item < t0.item_count)) is true))", [] },
        { new AnyRelated(ToReferences, null, "r", new Compare(Less, new ColumnValue("item", "r"), Value(5L)), All: true), "(not exists (select from link_reference s1 where s1.list_id = t0.id and ((s1.item < $1)) is not true))", [5L] },
        { new AnyRelated(ToReferences, null, "r", null), "(exists (select from link_reference s1 where s1.list_id = t0.id))", [] },
        { new Compare(Greater, new CountRelated(ToReferences, null, "", null), Value(3L)), "((select count(*) from link_reference s1 where s1.list_id = t0.id) > $1)", [3L] },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_filter_is_written_with_its_values_apart(Expression filter, string condition, object[] values)
    {
        var statement = SqlWriter.Select(Ask(Catalogue.Lists, filter));
        Assert.Equal($"select t0.id as \"id\" from list t0 where {condition} order by t0.id", statement.Text);
        Assert.Equal(values, statement.Parameters);
    }

    /// <summary>A filter of links: their function takes the two days first.</summary>
    public static TheoryData<Expression, string, object[]> SpatialFilters => new()
    {
        { new Spatial(SpatialRelation.Intersects, Geom, Here), "ST_Intersects(t0.geom, ST_GeomFromEWKT($3))", ["SRID=4326;POINT(121 31)"] },
        { new Compare(LessOrEqual, new Distance(Geom, Here), Value(5000L)), "ST_DWithin((t0.geom)::geometry::geography, (ST_GeomFromEWKT($3))::geometry::geography, $4)", ["SRID=4326;POINT(121 31)", 5000.0] },
        { new Compare(Less, new Distance(Geom, Here), Value(5000)), "(ST_DWithin((t0.geom)::geometry::geography, (ST_GeomFromEWKT($3))::geometry::geography, $4) and ST_Distance((t0.geom)::geometry::geography, (ST_GeomFromEWKT($3))::geometry::geography) < $4)", ["SRID=4326;POINT(121 31)", 5000.0] },
        { new Compare(Greater, new Distance(Geom, Here), Value(5000L)), "(ST_Distance((t0.geom)::geometry::geography, (ST_GeomFromEWKT($3))::geometry::geography) > $4)", ["SRID=4326;POINT(121 31)", 5000L] },
        { new Compare(GreaterOrEqual, new Length(Geom), Value(1.5)), "(ST_Length((t0.geom)::geometry::geography) >= $3)", [1.5] },
        { new Like(Column("otherNames"), TextMatch.Contains, Value("x")), "exists (select from unnest(t0.other_names) x where strpos(x, $3) > 0)", ["x"] },
        { new AnyElement(Column("otherNames"), "n", new Like(new Element("n"), TextMatch.StartsWith, Value("x"))), "(exists (select from unnest(t0.other_names) s1 where ((starts_with(s1, $3))) is true))", ["x"] },
        { new Spatial(SpatialRelation.Within, Geom, Here), "ST_Within(t0.geom, ST_GeomFromEWKT($3))", ["SRID=4326;POINT(121 31)"] },
        { new Call(Function.Of("withinDistance", 3), [Geom, Here, Value(5000L)]), "ST_DWithin((t0.geom)::geometry::geography, (ST_GeomFromEWKT($3))::geometry::geography, $4)", ["SRID=4326;POINT(121 31)", 5000L] },
    };

    /// <summary>Behind (null, 5, 'b') in the order itemCount, nameEn descending, id: nulls come first going up and last going down.</summary>
    [Fact]
    public void A_page_begins_behind_a_position()
    {
        var query = Ask(Catalogue.Lists) with { OrderBy = [new(Column("itemCount")), new(Column("nameEn"), Descending: true)], After = [null, "x", "b"], WithPosition = true, Limit = 2 };
        var statement = SqlWriter.Select(query);
        Assert.Equal("select t0.id as \"id\", t0.item_count as \"@0\", t0.name_en as \"@1\", t0.id as \"@2\" from list t0 where ((t0.item_count is not null) or (t0.item_count is null and (t0.name_en < $1 or t0.name_en is null)) " +
            "or (t0.item_count is null and t0.name_en = $1 and t0.id > $2)) order by t0.item_count nulls first, t0.name_en desc nulls last, t0.id limit $3", statement.Text);
        Assert.Equal(["x", "b", 2L], statement.Parameters);
    }

    [Theory]
    [MemberData(nameof(SpatialFilters))]
    public void A_filter_of_links_asks_the_function_of_the_day(Expression filter, string condition, object[] values)
    {
        var statement = SqlWriter.Count(Ask(Catalogue.Links, filter));
        Assert.Equal($"select count(*) from link_as_of($1, $2) t0 where {condition}", statement.Text);
        Assert.Equal([AsOf, KnownBy, .. values], statement.Parameters);
    }

    [Fact]
    public void Order_ends_in_the_key_and_the_page_is_a_value_too()
    {
        var statement = SqlWriter.Select(Ask(Catalogue.Claims, null, "kind") with { OrderBy = [new(Column("countDone"), Descending: true), new(new Distance(Here, Here))], Limit = 10, Offset = 20 });
        Assert.Equal("select t0.kind as \"kind\" from claim_as_of($1) t0 order by t0.count_done desc nulls last, " +
            "ST_Distance((ST_GeomFromEWKT($2))::geometry::geography, (ST_GeomFromEWKT($3))::geometry::geography) nulls first, t0.id limit $4 offset $5", statement.Text);
        Assert.Equal([KnownBy, "SRID=4326;POINT(121 31)", "SRID=4326;POINT(121 31)", 10L, 20L], statement.Parameters);
    }

    // Each level has a name of its own, and the days of the question hold on all of them.
    [Fact]
    public void Related_rows_are_asked_for_in_the_same_statement_and_on_the_same_day()
    {
        var sides = new Expand(Relation(Catalogue.Links, "Sides"), new(Catalogue.LinkSides)
        {
            AsOf = new(2001, 1, 1), Select = ["side"], Filter = new Compare(Equal, Column("stage"), Value("open")), Limit = 1,
            Expand = [new(Relation(Catalogue.LinkSides, "Jurisdiction"), new(Catalogue.Jurisdictions) { Select = ["nameEn"] })],
        });
        var statement = SqlWriter.Select(Ask(Catalogue.Links) with { Expand = [sides] });
        Assert.Equal("select t0.id as \"id\", (select coalesce(json_agg(e), '[]') from (" +
            "select t1.side as \"side\", (select to_json(e) from (select t2.name_en as \"nameEn\" from jurisdiction t2 where t2.adcode = t1.adcode order by t2.adcode) e) as \"Jurisdiction\" " +
            "from link_side_as_of($1, $2) t1 where t1.link_id = t0.id and (t1.stage = $3) order by t1.id limit $4) e) as \"Sides\" from link_as_of($5, $6) t0 order by t0.id", statement.Text);
        Assert.Equal([AsOf, KnownBy, "open", 1L, AsOf, KnownBy], statement.Parameters);
    }

    [Fact]
    public void A_layer_with_a_condition_of_its_own_keeps_it_beside_the_filter()
    {
        var statement = SqlWriter.Select(Ask(Catalogue.LinkLines, new Or(Value(true), Value(true)), "geometry"));
        Assert.Equal("select ST_AsGeoJSON(t0.geom, 7) as \"geometry\" from link_as_of($1, $2) t0 where GeometryType(t0.geom) = 'MULTILINESTRING' and ($3 or $4) order by t0.id", statement.Text);
    }

    [Fact]
    public void Changes_are_between_two_days()
    {
        var since = new DateOnly(2018, 6, 28);
        var statement = SqlWriter.Select(Ask(Catalogue.LinkChanges) with { Since = since });
        Assert.Equal("select t0.id as \"id\" from link_changed($1, $2, $3) t0 order by t0.id", statement.Text);
        Assert.Equal([since, AsOf, KnownBy], statement.Parameters);
    }

    [Fact]
    public void An_unknown_column_is_answered_with_the_known_ones()
    {
        Query.Query[] asked =
        [
            Ask(Catalogue.Jurisdictions, null, "name"), Ask(Catalogue.Jurisdictions, new IsNull(Column("name")), "level"),
            Ask(Catalogue.Jurisdictions, null, "level") with { OrderBy = [new(Column("name"))] },
        ];
        foreach (var query in asked)
            Assert.Equal("Jurisdictions has no property \"name\"; it has adcode, nameZh, nameEn, level, parentAdcode.", Assert.Throws<InputException>(() => SqlWriter.Select(query)).Message);
    }

    private static Relation Relation(Layer layer, string name) => layer.Relations.Single(r => r.Name == name);
}
