using Jietong.Geodata.Query;
using Xunit;
using static Jietong.Geodata.Query.Comparison;

namespace Jietong.Geodata.Tests;

/// <summary>The SQL of questions about questions: computed columns, groups, pages inside, lists that have a bound, and the order by distance.</summary>
public sealed class SqlDerivedTests
{
    private static readonly DateOnly AsOf = new(2019, 6, 30), KnownBy = new(2020, 1, 1);
    private static readonly Expression Geom = new ColumnValue("geometry"), Here = new GeometryLiteral("SRID=4326;POINT(121 31)");

    private static Query.Query Ask(Layer layer, params string[] select) => new(layer) { AsOf = AsOf, KnownBy = KnownBy, Select = select };

    private static Computed Length(string name, string of = "nameEn") => new(new(name, ColumnType.Integer, name, name), new Call(Function.Of("length", 1), [new ColumnValue(of)]));

    private static Computed Key(Layer layer, string name) => new(layer.Column(name), new ColumnValue(name));

    private static Aggregate Count(string name) => new(new(name, ColumnType.Integer, name, name), AggregateMethod.Count, null);

    private static void Writes(string sql, Query.Query query, params object[] values)
    {
        var statement = SqlWriter.Select(query);
        Assert.Equal(sql, statement.Text);
        Assert.Equal(values, statement.Parameters);
    }

    [Fact]
    public void A_computed_column_is_one_of_a_table_that_the_planner_sees_through() => Writes(
        "select t0.id as \"id\", t0.\"~长度\" as \"长度\" from (select t1.*, length(t1.name_en) as \"~长度\" from list t1 where (t1.item_count > $1)) t0 where (t0.\"~长度\" < $2) order by t0.\"~长度\" desc nulls last, t0.id limit $3",
        Extended.Of(Ask(Catalogue.Lists) with { Filter = new Compare(Greater, new ColumnValue("itemCount"), new Literal(1L)) }, Length("长度")) with { Select = ["id", "长度"], Filter = new Compare(Less, new ColumnValue("长度"), new Literal(9L)), OrderBy = [new(new ColumnValue("长度"), Descending: true)], Limit = 4 },
        1L, 9L, 4L);

    [Fact]
    public void A_name_of_a_name_is_a_table_of_a_table() => Writes(
        "select t0.\"~y\" as \"y\" from (select t1.*, (t1.\"~x\" * $1) as \"~y\" from (select t2.*, length(t2.name_en) as \"~x\" from list t2) t1) t0 order by t0.id",
        Extended.Of(Extended.Of(Ask(Catalogue.Lists), Length("x")), new Computed(new("y", ColumnType.Integer, "y", "y"), new Arithmetic(Operation.Multiply, new ColumnValue("x"), new Literal(2L)))) with { Select = ["y"] }, 2L);

    [Fact]
    public void Groups_are_filtered_and_ordered_as_rows_are()
    {
        var groups = Grouped.Of(Ask(Catalogue.Links), [Key(Catalogue.Links, "kind"), Key(Catalogue.Links, "since")], [Count("n"), new(new("m", ColumnType.Number, "m", "m"), AggregateMethod.Average, new ColumnValue("accuracyMetres")), new(new("d", ColumnType.Integer, "d", "d"), AggregateMethod.CountDistinct, new ColumnValue("stage"))]);
        Writes("select t0.\"~kind\" as \"kind\", t0.\"~since\" as \"since\", t0.\"~n\" as \"n\", t0.\"~m\" as \"m\", t0.\"~d\" as \"d\" from (select t1.kind as \"~kind\", t1.since as \"~since\", count(*) as \"~n\", avg(t1.accuracy_metres) as \"~m\", count(distinct t1.stage) as \"~d\" " +
            "from link_as_of($1, $2) t1 group by 1, 2) t0 where (t0.\"~n\" > $3) order by t0.\"~n\" desc nulls last, t0.\"~kind\", t0.\"~since\" nulls first",
            groups with { Filter = new Compare(Greater, new ColumnValue("n"), new Literal(3L)), OrderBy = [new(new ColumnValue("n"), Descending: true)] }, AsOf, KnownBy, 3L);
        Assert.Equal("select count(*) from (select t1.kind as \"~kind\", count(*) as \"~n\" from link_as_of($1, $2) t1 group by 1) t0", SqlWriter.Count(Grouped.Of(Ask(Catalogue.Links), [Key(Catalogue.Links, "kind")], [Count("n")])).Text);
    }

    [Fact]
    public void Without_keys_there_is_one_row_in_no_order() => Writes("select t0.\"~n\" as \"n\" from (select count(*) as \"~n\" from list t1) t0", Grouped.Of(Ask(Catalogue.Lists), [], [Count("n")]));

    [Fact]
    public void A_page_is_cut_before_it_is_asked_about_or_grouped()
    {
        var page = Ask(Catalogue.Lists) with { OrderBy = [new(new ColumnValue("itemCount"), Descending: true)], Limit = 5, Offset = 1 };
        Writes("select t0.id as \"id\" from (select t1.* from list t1 order by t1.item_count desc nulls last, t1.id limit $1 offset $2) t0 where (t0.name_en = $3) order by t0.item_count desc nulls last, t0.id",
            Extended.Of(page) with { Select = ["id"], Filter = new Compare(Equal, new ColumnValue("nameEn"), new Literal("x")) }, 5L, 1L, "x");
        Writes("select t0.\"~nameEn\" as \"nameEn\", t0.\"~n\" as \"n\" from (select t1.name_en as \"~nameEn\", count(*) as \"~n\" from (select t2.* from list t2 order by t2.item_count desc nulls last, t2.id limit $1 offset $2) t1 group by 1) t0 order by t0.\"~nameEn\"",
            Grouped.Of(page, [Key(Catalogue.Lists, "nameEn")], [Count("n")]), 5L, 1L);
    }

    [Fact]
    public void A_list_inside_a_row_has_a_bound_and_its_number_is_of_all()
    {
        var references = Catalogue.Lists.Relations.Single(r => r.Name == "References");
        var inside = new Query.Query(Catalogue.References) { Select = ["item"], Filter = new Compare(Less, new ColumnValue("item"), new Literal(9L)) };
        Writes("select t0.id as \"id\", (select count(*) from link_reference t1 where t1.list_id = t0.id and (t1.item < $1)) as \"n\", " +
            "(select case when count(*) > 10000 then list_too_long('References', 10000) else coalesce(json_agg(e), '[]') end from (select t1.item as \"item\" from link_reference t1 where t1.list_id = t0.id and (t1.item < $2) order by (t1.list_id || '-' || t1.link_id) limit $3) e) as \"References\" from list t0 order by t0.id",
            Ask(Catalogue.Lists, "id") with { Expand = [new(references, inside) { CountAs = "n" }] }, 9L, 9L, 10_001L);
        Writes("select t0.id as \"id\", (select count(*) from link_reference t1 where t1.list_id = t0.id) as \"n\" from list t0 order by t0.id",
            Ask(Catalogue.Lists, "id") with { Expand = [new(references, new(Catalogue.References)) { CountAs = "n", WithRows = false }] });
    }

    [Fact]
    public void Rows_inside_a_computed_row_are_related_to_it() => Writes(
        "select t0.\"~x\" as \"x\", (select to_json(e) from (select t1.grade as \"grade\" from source_published($1) t1 where t1.id = t0.source_id order by t1.id) e) as \"Source\" from (select t1.*, length(t1.name_en) as \"~x\" from list t1) t0 order by t0.id",
        Extended.Of(Ask(Catalogue.Lists), Length("x")) with { Select = ["x"], Expand = [new(Catalogue.Lists.Relations.Single(r => r.Name == "Source"), new(Catalogue.Sources) { Select = ["grade"] })] }, KnownBy);

    /// <summary>By the index where no row can lack the distance; else exactly, with those that lack it first.</summary>
    [Theory]
    [InlineData(true, "from (select t1.* from link_as_of($1, $2) t1 where ((t1.geom is null) is not true) order by ((t1.geom)::geometry::geography <-> (ST_GeomFromEWKT($3))::geometry::geography) fetch first ($4) rows with ties) t0 order by ((t0.geom)::geometry::geography <-> (ST_GeomFromEWKT($5))::geometry::geography), t0.id limit $6")]
    [InlineData(false, "from link_as_of($1, $2) t0 order by ST_Distance((t0.geom)::geometry::geography, (ST_GeomFromEWKT($3))::geometry::geography) nulls first, t0.id limit $4")]
    public void Nearest_first_goes_by_the_index_where_it_can(bool isThere, string order)
    {
        var text = SqlWriter.Select(Ask(Catalogue.Links, "id") with { Filter = isThere ? new Not(new IsNull(Geom)) : null, OrderBy = [new(new Distance(Geom, Here))], Limit = 5 }).Text;
        Assert.EndsWith(order, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_orders_nothing() => Writes("select t0.id as \"id\" from list t0 order by t0.id", Ask(Catalogue.Lists, "id") with { OrderBy = [new(new Literal(null)), new(new Literal("x"), Descending: true)] });

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("x\"; --")]
    [InlineData("a.b")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901")]
    [InlineData("长长长长长长长长长长长长长长长长长长长长长")]
    public void A_name_is_of_letters_digits_and_underscores(string name) => Assert.Throws<InputException>(() => SqlWriter.Select(Extended.Of(Ask(Catalogue.Lists), Length(name))));

    [Fact]
    public void Names_that_double_each_other_are_counted_for_what_they_stand_for()
    {
        var query = Ask(Catalogue.Lists);
        Query.Query Twice(Query.Query rows, int i) => Extended.Of(rows, new Computed(new($"a{i}", ColumnType.Text, "", ""), new Call(Function.Of("concat", 2), [new ColumnValue(i == 1 ? "id" : $"a{i - 1}"), new ColumnValue(i == 1 ? "id" : $"a{i - 1}")])));
        for (var i = 1; i <= 8; i++) query = Twice(query, i);
        Assert.Contains("parts", Assert.Throws<InputException>(() => Enumerable.Range(9, 25).Aggregate(query, Twice)).Message, StringComparison.Ordinal);
    }
}
