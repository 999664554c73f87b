using System.Globalization;

namespace Jietong.Geodata.Query;

/// <summary>How expressions are written: the half of the writer that knows the tree.</summary>
public sealed partial class SqlWriter
{
    /// <summary>The rows that an expression may speak of: the innermost, and those around it by their variables. The row asked for has none.</summary>
    private sealed record Scope(Layer Layer, string Row, Query Query, string? Variable = null, Scope? Outer = null)
    {
        public Scope Of(string? variable) => variable == Variable ? this : Outer?.Of(variable) ?? throw new InputException($"\"{variable}\" names no row here.");

        public string Column(string name) => Layer.Column(name).SqlFor(Row);
    }

    /// <summary>The most parts and the deepest nesting of all expressions of one question together.</summary>
    public const int MostParts = 2_000, DeepestNesting = 100;

    /// <summary>How large an expression about the rows is, computed columns in it counted by what they are computed from: a name that doubles the one before would else grow without bound in the planner, which heeds no time limit.</summary>
    /// <exception cref="InputException">It is too large.</exception>
    internal static int PartsOf(Expression expression, Query rows)
    {
        var writer = new SqlWriter();
        writer.Sql(expression, new(rows.Layer, "t0", rows));
        return writer.nodes;
    }

    private string Sql(Expression expression, Scope scope)
    {
        nodes += expression is ColumnValue column ? scope.Of(column.Of).Layer.Column(column.Name).Parts : 1;
        if (nodes > MostParts || depth == DeepestNesting) throw new InputException($"The question is too large: its expressions may have {MostParts} parts, nested {DeepestNesting} deep.");
        depth++;
        var written = Written(expression, scope);
        depth--;
        return written;
    }

    private string Written(Expression expression, Scope scope) => expression switch
    {
        ColumnValue c => scope.Of(c.Of).Column(c.Name),
        Literal { Value: null } => "null",
        Literal l => Parameter(l.Value),
        GeometryLiteral g => g.Crs.ToStored($"ST_GeomFromEWKT({Parameter(g.Ewkt)})"),
        And a => $"({Sql(a.Left, scope)} and {Sql(a.Right, scope)})",
        Or o => $"({Sql(o.Left, scope)} or {Sql(o.Right, scope)})",
        Not n => $"({Sql(n.Operand, scope)} is not true)",
        Compare { Operator: Comparison.Less or Comparison.LessOrEqual, Left: Distance d, Right: Literal { Value: double or long or int or decimal } metres } c => Within(d, metres, c.Operator, scope),
        Compare c => $"({Operand(c.Left, scope)} {OperatorOf(c)} {Operand(c.Right, scope)})",
        Arithmetic a => $"({Sql(a.Left, scope)} {"+-*/%"[(int)a.Operation]} {Sql(a.Right, scope)})",
        Like l => Match(l, scope),
        In { Values.Count: 0 } => "false",
        In i => $"({Sql(i.Operand, scope)} = any({Parameter(ArrayOf(i.Values))}))",
        IsNull n => $"({Operand(n.Operand, scope)} is null)",
        Between b => $"({Sql(b.Operand, scope)} between {Sql(b.Low, scope)} and {Sql(b.High, scope)})",
        Spatial s => $"ST_{s.Relation}({Sql(s.Left, scope)}, {Sql(s.Right, scope)})",
        Distance d => $"ST_Distance({Geography(d.Left, scope)}, {Geography(d.Right, scope)})",
        Length l => $"ST_Length({Geography(l.Geometry, scope)})",
        Call c => string.Format(CultureInfo.InvariantCulture, c.Function.Sql, [.. c.Operands.Select(o => (object)Sql(o, scope))]),
        Related r => $"(select {Sql(r.Value, Inner(r.Relation, r.From, r.As, scope, out var rows))} {rows})",
        AnyRelated a => Any(a, scope),
        CountRelated n => $"(select count(*){Met(n.Condition, Inner(n.Relation, n.From, n.As, scope, out var rows), rows)})",
        AnyElement a => Elements(a, scope),
        Element e => scope.Of(e.Of).Row,
        Search s => $"(strpos(lower(concat_ws(' ', {string.Join(", ", scope.Layer.Columns.Where(c => c.Type is ColumnType.Text or ColumnType.TextList).Select(c => c.Type == ColumnType.Text ? c.SqlFor(scope.Row) : $"array_to_string({c.SqlFor(scope.Row)}, ' ')"))})), lower({Parameter(s.Words)})) > 0)",
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression.GetType().Name, "an expression that the writer does not know"),
    };

    /// <summary>A condition that is compared is true or false, never unknown.</summary>
    private string Operand(Expression e, Scope scope) =>
        e is Compare or And or Or or Not or Like or In or IsNull or Between or Spatial or AnyRelated or AnyElement or Search or Call { Function.IsCondition: true } ? $"({Sql(e, scope)} is true)" : Sql(e, scope);

    /// <summary>Near by: ST_DWithin uses the index on <c>geography</c>; it includes the bound, so "less than" compares once more.</summary>
    private string Within(Distance d, Literal metres, Comparison comparison, Scope scope)
    {
        var (left, right) = (Geography(d.Left, scope), Geography(d.Right, scope));
        var bound = Parameter(Convert.ToDouble(metres.Value, CultureInfo.InvariantCulture));
        var within = $"ST_DWithin({left}, {right}, {bound})";
        return comparison == Comparison.LessOrEqual ? within : $"({within} and ST_Distance({left}, {right}) < {bound})";
    }

    /// <summary>In the form of the indexes: of a column that holds one type of geometry, ::geography alone is another expression, which no index knows.</summary>
    private string Geography(Expression geometry, Scope scope) => $"({Sql(geometry, scope)})::geometry::geography";

    private string Match(Like like, Scope scope)
    {
        var isList = like.Text is ColumnValue c && scope.Of(c.Of).Layer.Column(c.Name).Type == ColumnType.TextList;
        var (text, part) = (isList ? "x" : Sql(like.Text, scope), Sql(like.Part, scope));
        var match = like.Match switch
        {
            TextMatch.StartsWith => $"starts_with({text}, {part})",
            TextMatch.EndsWith => $"right({text}, length({part})) = {part}",
            _ => $"strpos({text}, {part}) > 0",
        };
        return isList ? $"exists (select from unnest({Sql(like.Text, scope)}) x where {match})" : $"({match})";
    }

    /// <summary>The related rows as a scope of their own, and their FROM and WHERE.</summary>
    private Scope Inner(Relation relation, string? from, string variable, Scope scope, out string rows)
    {
        var outer = scope.Of(from);
        var inner = new Scope(Catalogue.Layer(relation.Target), $"s{++subqueries}", outer.Query, variable, scope);
        rows = $"from {Rows(inner.Layer, inner.Query)} {inner.Row} where {inner.Column(relation.TargetColumn)} = {outer.Column(relation.Column)}";
        return inner;
    }

    /// <summary>Texts of a list are values; objects of a list are rows, their members columns.</summary>
    private string Elements(AnyElement any, Scope scope)
    {
        var row = $"s{++subqueries}";
        var list = Sql(any.List, scope);
        var members = any.List is ColumnValue c ? scope.Of(c.Of).Layer.Column(c.Name).Members : [];
        var inner = new Scope(members.Count == 0 ? scope.Layer : scope.Layer with { Columns = [.. members.Select(Member)] }, row, scope.Query, any.As, scope);
        var from = members.Count == 0 ? $"unnest({list}) {row}" : $"jsonb_array_elements(({list})::jsonb) {row}";
        return any.Condition is null ? $"(exists (select from {from}))" : $"({(any.All ? "not " : "")}exists (select from {from} where ({Sql(any.Condition, inner)}) is {(any.All ? "not true" : "true")}))";
    }

    private static Column Member(Column member) => member with
    {
        Sql = $"({{t}}.value ->> '{member.Name}'){member.Type switch { ColumnType.Integer => "::bigint", ColumnType.Number => "::numeric", ColumnType.Bool => "::boolean", ColumnType.Date => "::date", _ => "" }}",
    };

    private string Met(Expression? condition, Scope inner, string rows) => $" {rows}{(condition is null ? "" : $" and ({Sql(condition, inner)}) is true")}";

    private string Any(AnyRelated any, Scope scope)
    {
        var inner = Inner(any.Relation, any.From, any.As, scope, out var rows);
        return any is { All: true, Condition: { } condition } ? $"(not exists (select {rows} and ({Sql(condition, inner)}) is not true))" : $"(exists (select{Met(any.Condition, inner, rows)}))";
    }

    private static string OperatorOf(Compare compare) => compare.Operator switch
    {
        Comparison.Equal when compare.Left is Literal { Value: not null } || compare.Right is Literal { Value: not null } => "=",   // as above, and uses indexes
        Comparison.Equal => "is not distinct from",
        Comparison.NotEqual => "is distinct from",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        _ => ">=",
    };

    /// <summary>One array parameter: of the element type where all agree, so that PostgreSQL compares like with like.</summary>
    private static Array ArrayOf(IReadOnlyList<object> values)
    {
        if (values.Any(v => v is string) && !values.All(v => v is string)) throw new InputException("A list of values mixes texts with others.");
        var type = values.All(v => v.GetType() == values[0].GetType()) ? values[0].GetType() : typeof(double);
        var array = Array.CreateInstance(type, values.Count);
        for (var i = 0; i < values.Count; i++) array.SetValue(Convert.ChangeType(values[i], type, CultureInfo.InvariantCulture), i);
        return array;
    }

    private string Parameter(object? value)
    {
        parameters.Add(value!);
        return $"${parameters.Count}";
    }
}
