using Jietong.Geodata.Query;

namespace Jietong.Services.Cql2;

/// <summary>The functions of times (T_AFTER …): each compares the ends of two spans; an instant is a span whose ends are one.</summary>
internal sealed partial class Cql2Lower
{
    /// <summary>Null ends are open.</summary>
    private sealed record Span(Typed? Start, Typed? End, bool IsInterval);

    private Expression OfTimes(Applied o, string name)
    {
        var spans = Operands(o, 2).Select(SpanOf).ToArray();
        var inDays = spans.All(s => s is { Start: null or { Type: ColumnType.Date }, End: null or { Type: ColumnType.Date } });
        var (a1, a2, b1, b2) = (First(spans[0], inDays), Last(spans[0], inDays), First(spans[1], inDays), Last(spans[1], inDays));
        Expression? result = name switch
        {
            "t_after" => Less(b2, a1),
            "t_before" => Less(a2, b1),
            "t_disjoint" => new Or(Less(a2, b1), Less(b2, a1)),
            "t_equals" => new And(Engine("equals", a1, b1), Engine("equals", a2, b2)),
            "t_intersects" => new And(NotAfter(a1, b2), NotAfter(b1, a2)),
            _ => null,
        };
        if (result is not null) return result;
        result = name switch
        {
            "t_contains" => new And(Less(a1, b1), Less(b2, a2)),
            "t_during" => new And(Less(b1, a1), Less(a2, b2)),
            "t_finishedby" => new And(Less(a1, b1), Engine("equals", a2, b2)),
            "t_finishes" => new And(Less(b1, a1), Engine("equals", a2, b2)),
            "t_meets" => Engine("equals", a2, b1),
            "t_metby" => Engine("equals", a1, b2),
            "t_overlaps" => new And(Less(a1, b1), new And(Less(b1, a2), Less(a2, b2))),
            "t_overlappedby" => new And(Less(b1, a1), new And(Less(a1, b2), Less(b2, a2))),
            "t_startedby" => new And(Engine("equals", a1, b1), Less(b2, a2)),
            "t_starts" => new And(Engine("equals", a1, b1), Less(a2, b2)),
            _ => throw o.Wrong($"there is no function {Scalar.Short(o.Name)}; of times there are T_AFTER, T_BEFORE, T_CONTAINS, T_DISJOINT, T_DURING, T_EQUALS, T_FINISHEDBY, T_FINISHES, T_INTERSECTS, T_MEETS, T_METBY, T_OVERLAPPEDBY, T_OVERLAPS, T_STARTEDBY and T_STARTS."),
        };
        return spans.All(s => s.IsInterval) ? result : throw o.Operands[spans[0].IsInterval ? 1 : 0].Wrong($"{o.Name} compares two intervals, and here is an instant: use T_INTERSECTS, or INTERVAL(…, …).");
    }

    private Span SpanOf(Syntax syntax)
    {
        if (syntax is Interval interval) return new(EndOf(interval.Start), EndOf(interval.End), IsInterval: true);
        var instant = EndOf(syntax);
        return new(instant, instant, IsInterval: false);
    }

    private Typed? EndOf(Syntax? end) => end is null ? null : Need(end is Scalar { Value: string text } ? Scalar.Instant(end.At, text) : end, ColumnType.Date);

    // Days among days are compared as days; beside an instant, a day begins with its first instant in UTC and ends with its last.
    private static Expression First(Span span, bool inDays) => span.Start is not { } start ? Open("earliest") : inDays || start.Type == ColumnType.Timestamp ? start.Expression : FirstInstant(start.Expression);

    private static Expression Last(Span span, bool inDays) => span.End is not { } end ? Open("latest") : inDays || end.Type == ColumnType.Timestamp ? end.Expression : Engine("endOfDay", end);

    private static Call Open(string end) => new(Function.Of(end, 0), []);

    private static Compare Less(Expression left, Expression right) => new(Comparison.Less, left, right);

    private static Compare NotAfter(Expression left, Expression right) => new(Comparison.LessOrEqual, left, right);
}
