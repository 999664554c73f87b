using Jietong.Geodata.Query;

namespace Jietong.Services.Cql2;

/// <summary>The functions of lists (A_CONTAINS …): lists are sets, without order or repetition.</summary>
internal sealed partial class Cql2Lower
{
    private Expression OfLists(Applied o, string name)
    {
        var lists = Operands(o, 2).Select(side => side is Values ? side : Need(side, ColumnType.TextList).Source).ToArray();
        var elements = ElementsOf(lists);
        var (left, right) = (ListOf(lists[0], elements), ListOf(lists[1], elements));
        return name switch
        {
            "a_contains" => Engine("holdsAll", left, right),
            "a_containedby" => Engine("heldBy", left, right),
            "a_equals" => new And(Engine("holdsAll", left, right), Engine("heldBy", left, right)),
            "a_overlaps" => Engine("holdsAny", left, right),
            _ => throw o.Wrong($"there is no function {Scalar.Short(o.Name)}; of lists there are A_CONTAINS, A_CONTAINEDBY, A_EQUALS and A_OVERLAPS."),
        };
    }

    /// <summary>What both lists are of: properties and texts of texts; numbers of any kind of numbers.</summary>
    private Type ElementsOf(Syntax[] lists)
    {
        var all = lists.OfType<Values>().SelectMany(l => l.Items).Select(Of).ToList();
        if (lists.Any(l => l is not Values)) all.Insert(0, new(new Literal(""), ColumnType.Text, lists.First(l => l is not Values)));
        if (all.Count == 0) return typeof(string);
        foreach (var value in all)
            if (value.Type is ColumnType.Geometry or ColumnType.TextList or ColumnType.Json || (value.Type != all[0].Type && !(value.IsNumber && all[0].IsNumber)))
                throw value.Source.Wrong($"{value} in a list, and what stands before it is {Typed.Named(all[0].Type)}: lists that are compared are of one type.");
        return all[0].Type switch { ColumnType.Text => typeof(string), ColumnType.Bool => typeof(bool), ColumnType.Date => typeof(DateOnly), ColumnType.Timestamp => typeof(DateTimeOffset), _ => typeof(decimal) };
    }

    private Expression ListOf(Syntax side, Type elements)
    {
        if (side is not Values list) return Engine("texts", Of(side));
        if (list.Items.Count == 0 || list.Items.All(i => i is Scalar))
        {
            var array = Array.CreateInstance(elements, list.Items.Count);
            foreach (var (i, item) in list.Items.Index()) array.SetValue(elements == typeof(decimal) ? Exact((Scalar)item) : ((Scalar)item).Value, i);
            return new Literal(array);
        }
        return list.Items.Skip(1).Aggregate((Expression)Engine("listOf", Of(list.Items[0])), (sofar, item) => Engine("append", sofar, Of(item).Expression));
    }

    private static decimal Exact(Scalar number) => number.Value is double ? throw number.Wrong("a number in a list has at most 28 digits.") : Convert.ToDecimal(number.Value, System.Globalization.CultureInfo.InvariantCulture);
}
