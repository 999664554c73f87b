using Jietong.Geodata.Query;
using Jietong.Services.OData;

namespace Jietong.Services.Cql2;

/// <summary>A function that a filter may call beside those of the standard: those of OData, save the relations that CQL2 has itself (<c>S_INTERSECTS</c> …).</summary>
/// <param name="Name">OData's, without its namespace where that leaves one function of the name.</param>
/// <param name="Takes">The types of its arguments, in order.</param>
/// <param name="Gives">The type of its value.</param>
/// <param name="Lower">The engine's expression for it.</param>
/// <param name="TitleZh">What it tells, in Chinese.</param>
/// <param name="TitleEn">The same in English, with unit and range.</param>
internal sealed record Cql2Function(string Name, IReadOnlyList<ColumnType> Takes, ColumnType Gives, Func<Expression[], Expression> Lower, string TitleZh, string TitleEn)
{
    private static readonly HashSet<string> Standard = ["geo.intersects", "jietong.within", "jietong.contains", "jietong.crosses", "jietong.touches", "jietong.disjoint"];

    public static readonly IReadOnlyList<Cql2Function> All =
        [.. ODataFunction.All.Where(f => !Standard.Contains(f.Name)).Select(f => new Cql2Function(NameOf(f.Name), f.Takes, f.Gives, f.Lower, f.TitleZh, f.TitleEn))];

    private static readonly Dictionary<string, Cql2Function> ByName = All.ToDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);

    public static Cql2Function? Named(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The types as the resource of functions names them (OGC API – Features – Part 3): string, number, integer, datetime, geometry, boolean.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Arguments => [.. Takes.Select(t => (IReadOnlyList<string>)[.. Words(t)])];

    public IReadOnlyList<string> Returns => [Words(Gives)[^1]];

    private static string NameOf(string odata) => odata[(odata.LastIndexOf('.') + 1)..] is var bare && ODataFunction.All.Count(f => f.Name == bare || f.Name.EndsWith("." + bare, StringComparison.Ordinal)) == 1 ? bare : odata;

    private static string[] Words(ColumnType type) => type switch
    {
        ColumnType.Integer => ["integer"],
        ColumnType.Number => ["integer", "number"],
        ColumnType.Bool => ["boolean"],
        ColumnType.Date or ColumnType.Timestamp => ["datetime"],
        ColumnType.Geometry => ["geometry"],
        _ => ["string"],
    };
}
