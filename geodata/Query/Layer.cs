using System.Text;

namespace Jietong.Geodata.Query;

/// <summary>What a column holds, in the words of SQL and JSON rather than of any one protocol.</summary>
public enum ColumnType { Text, TextList, Integer, Number, Bool, Date, Timestamp, Json, Geometry }

/// <summary>One named, typed value of a layer's rows.</summary>
/// <param name="Name">The name in every protocol; units stand in it.</param>
/// <param name="Type">What it holds.</param>
/// <param name="TitleZh">Chinese heading.</param>
/// <param name="TitleEn">English heading.</param>
/// <param name="Sql">The expression, with <c>{t}</c> for the row. Default: the column of that name in snake case.</param>
public sealed record Column(string Name, ColumnType Type, string TitleZh, string TitleEn, string? Sql = null)
{
    /// <summary>False for keys and what the schema requires.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>For <see cref="ColumnType.Json"/>: the members of the objects in the list.</summary>
    public IReadOnlyList<Column> Members { get; init; } = [];

    /// <summary>For a <see cref="ColumnType.TextList"/> that is a set of a few known words: those words, in their order. It is given out as one text, the words parted by commas.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>How many parts of expressions stand for it once PostgreSQL has put a computed value in the place of its name.</summary>
    internal int Parts { get; init; } = 1;

    /// <summary>A column that a question makes: no table has it. In SQL its name begins with ~, which no column of a table does.</summary>
    internal Column Made() => this with { Sql = $"{{t}}.{MadeName}" };

    /// <summary>The name of a made column in SQL: the only text of a request that gets there, so it is of letters, digits, underscores and slashes alone.</summary>
    /// <exception cref="InputException">The name is none.</exception>
    internal string MadeName => Name.Length > 0 && Encoding.UTF8.GetByteCount(Name) <= LongestMadeName && Name.All(c => char.IsLetterOrDigit(c) || c is '_' or '/') ? $"\"~{Name}\""
        : throw new InputException($"\"{Name}\" cannot be a name here: write letters, digits and underscores, at most {LongestMadeName} bytes in UTF-8.");

    private const int LongestMadeName = 60;   // PostgreSQL cuts names at 63 bytes

    /// <summary>A list as one text: words that are known are parted by commas, as parameters write them; others by the Chinese semicolon.</summary>
    internal string JoinedSql(string value) => $"array_to_string({value}, '{(Flags.Count > 0 ? ',' : '；')}')";

    internal string SqlFor(string row) => (Sql ?? "{t}." + Register.Load.SnakeCase(Name)).Replace("{t}", row, StringComparison.Ordinal);
}

/// <summary>A way from a row to rows of another layer: where <paramref name="Column"/> equals <paramref name="TargetColumn"/> there.</summary>
public sealed record Relation(string Name, string Target, string Column, string TargetColumn, bool Many);

/// <summary>Which dates the rows depend on, in the order in which the function takes them.</summary>
public enum TimeArguments { None, KnownBy, AsOfAndKnownBy, SinceAsOfAndKnownBy }

/// <summary>A named set of rows that can be asked for: a table, or a function of the two dates.</summary>
public sealed record Layer(string Name, string TitleZh, string TitleEn, string From, string Key, IReadOnlyList<Column> Columns)
{
    public TimeArguments Time { get; init; }
    public IReadOnlyList<Relation> Relations { get; init; } = [];

    /// <summary>The name under which GIS clients load it.</summary>
    public required string Collection { get; init; }

    /// <summary>The tables whose changes can change the rows, by whatever function or subquery; null where nobody has said which.</summary>
    public IReadOnlyList<string>? BuiltOn { get; init; }

    /// <summary>A constant restriction of the rows, with <c>{t}</c> for the row; it never holds a value from outside.</summary>
    public string? Where { get; init; }

    /// <summary>The one geometry type that a published layer has (OGC simple features name), null where rows have none or differ.</summary>
    public string? GeometryType { get; init; }

    /// <summary>What tells rows apart, in the order in which they come: the key, or the columns that rows were grouped by; none where there is a single row.</summary>
    public IReadOnlyList<string> Keys { get => keys ?? [Key]; init => keys = value; }
    private readonly IReadOnlyList<string>? keys;

    public Column? Geometry => Columns.FirstOrDefault(c => c.Type == ColumnType.Geometry);

    /// <exception cref="InputException">The layer has no such column.</exception>
    public Column Column(string name) => Columns.FirstOrDefault(c => c.Name == name)
        ?? throw new InputException($"{Name} has no property \"{name}\"; it has {string.Join(", ", Columns.Select(c => c.Name))}.");
}
