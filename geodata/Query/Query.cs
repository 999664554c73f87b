namespace Jietong.Geodata.Query;

/// <summary>A sort key.</summary>
public sealed record Order(Expression By, bool Descending = false);

/// <summary>Rows of a related layer inside each row: a list, or one object or null.</summary>
public sealed record Expand(Relation Relation, Query Query)
{
    /// <summary>The name under which stands how many rows the filter leaves, whatever the page; null where nobody asks.</summary>
    public string? CountAs { get; init; }

    /// <summary>False where only the number is wanted.</summary>
    public bool WithRows { get; init; } = true;

    /// <summary>Whether each row is wanted by its key alone.</summary>
    public bool OnlyKeys { get; init; }

    /// <summary>The most rows that a list inside a row may have; more of them refuse the question (SQLSTATE 54000), unless it says which it wants by <see cref="Query.Limit"/>.</summary>
    public const int MostRows = 10_000;
}

/// <summary>GeoJSON (RFC 7946; axes in the order of the authority), or the well-known binary of the simple features standard (longitude or easting first, as files have it).</summary>
public enum GeometryForm { GeoJson, Wkb }

/// <summary>A question: which rows of a layer, on which day as known by which, with what, in which order.</summary>
public sealed record Query(Layer Layer)
{
    public DateOnly AsOf { get; init; } = Days.Today;
    public DateOnly KnownBy { get; init; } = Days.Today;

    /// <summary>For layers of changes: the earlier day.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>Where the rows are made of the rows of another question: how. The layer then describes what was made.</summary>
    public Derivation? Of { get; init; }

    /// <summary>The question at the bottom, whose rows are a layer's own.</summary>
    public Query Innermost => Of?.Rows.Innermost ?? this;

    public Expression? Filter { get; init; }

    /// <summary>Names of the columns wanted; empty means all.</summary>
    public IReadOnlyList<string> Select { get; init; } = [];
    public IReadOnlyList<Expand> Expand { get; init; } = [];

    /// <summary>The keys always come last, so that the order is total and pages do not overlap.</summary>
    public IReadOnlyList<Order> OrderBy { get; init; } = [];
    public int? Limit { get; init; }

    /// <summary>Whether rows that stand equal to the last one by the first sort key come too, in no order.</summary>
    internal bool WithTies { get; init; }
    public int Offset { get; init; }

    /// <summary>Only the rows that come after this position: the values of the sort keys and of the key, as <see cref="RowReader.Position"/> gave them. Rows that are added meanwhile shift nothing.</summary>
    public IReadOnlyList<object?>? After { get; init; }

    /// <summary>In which reference system positions come.</summary>
    public Crs Crs { get; init; } = Crs.Crs84;

    /// <summary>In which form they come.</summary>
    public GeometryForm Form { get; init; }

    /// <summary>How long the database may take for one statement before it gives up (SQLSTATE 57014).</summary>
    public TimeSpan TimeLimit { get; init; } = UsualTimeLimit;
    internal static readonly TimeSpan UsualTimeLimit = TimeSpan.FromSeconds(30);

    /// <summary>Whether <see cref="RowReader.Position"/> will be asked for.</summary>
    public bool WithPosition { get; init; }

    /// <summary>The same question on the days of another.</summary>
    public Query At(Query other) => this with { AsOf = other.AsOf, KnownBy = other.KnownBy, Of = Of is null ? null : Of with { Rows = Of.Rows.At(other) } };

    /// <summary>Adds a condition that must hold too.</summary>
    public Query Where(Expression condition) => this with { Filter = Filter is null ? condition : new And(Filter, condition) };
}
