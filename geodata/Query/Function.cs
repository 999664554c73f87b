namespace Jietong.Geodata.Query;

/// <summary>A function that an expression may call: its name in the engine, how many operands it takes, and how it is written in SQL.</summary>
/// <param name="Name">One word; protocols have names of their own for it.</param>
/// <param name="Operands">How many it takes.</param>
/// <param name="Sql">With <c>{0}</c> … for the operands; none of it ever comes from outside.</param>
/// <param name="IsCondition">Whether it answers true or false.</param>
public sealed record Function(string Name, int Operands, string Sql, bool IsCondition = false)
{
    /// <summary>All there are. Texts count characters from 0; days and times are in UTC; lengths, areas and distances in metres on the WGS 84 spheroid; angles in degrees clockwise from north.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        new("length", 1, "length({0})"), new("indexOf", 2, "(strpos({0}, {1}) - 1)"), new("substring", 2, "substr({0}, (case when {1} < 0 then greatest(length({0}) + {1}, 0) else {1} end + 1)::int)"),
        new("substring", 3, "substr({0}, (case when {1} < 0 then greatest(length({0}) + {1}, 0) else {1} end + 1)::int, greatest({2}, 0)::int)"),
        new("toLower", 1, "lower({0})"), new("toUpper", 1, "upper({0})"), new("trim", 1, "btrim({0})"), new("concat", 2, "({0} || {1})"),
        new("matches", 2, "({0} ~ {1})", IsCondition: true),
        new("year", 1, "extract(year from {0})"), new("month", 1, "extract(month from {0})"), new("day", 1, "extract(day from {0})"),
        new("hour", 1, "extract(hour from {0})"), new("minute", 1, "extract(minute from {0})"), new("second", 1, "floor(extract(second from {0}))"), new("fractionalSeconds", 1, "(extract(second from {0}) % 1)"),
        new("date", 1, "({0})::date"), new("now", 0, "now()"),
        new("round", 1, "round(({0})::numeric)"), new("floor", 1, "floor({0})"), new("ceiling", 1, "ceil({0})"),
        new("quotient", 2, "({0} * 1.0 / {1})"), new("wholeQuotient", 2, "div(({0})::numeric, ({1})::numeric)"), new("remainder", 2, "(({0})::numeric % ({1})::numeric)"), new("power", 2, "(({0})::float8 ^ ({1})::float8)"),
        new("like", 2, "({0} like {1})", IsCondition: true),   // % any characters, _ one, \ before either: itself
        new("foldCase", 1, "(lower(upper(lower({0} collate \"und-x-icu\"))) collate \"default\")"),   // by way of upper case, as ß folds to ss
        new("foldAccents", 1, """normalize(regexp_replace(normalize({0}, NFD), '[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]', '', 'g'), NFC)"""),   // combining marks, but not those of Japanese, which make other letters
        new("startOfDay", 1, "(({0})::timestamp at time zone 'UTC')"), new("endOfDay", 1, "((({0}) + 1)::timestamp at time zone 'UTC' - interval '1 microsecond')"),
        new("earliest", 0, "'-infinity'::timestamptz"), new("latest", 0, "'infinity'::timestamptz"),
        new("holdsAll", 2, "({0} @> {1})", IsCondition: true), new("heldBy", 2, "({0} <@ {1})", IsCondition: true), new("holdsAny", 2, "({0} && {1})", IsCondition: true),
        new("size", 1, "cardinality({0})"), new("texts", 1, "({0})::text[]"), new("listOf", 1, "array[{0}]"), new("append", 2, "({0} || {1})"),
        new("equals", 2, "({0} = {1})", IsCondition: true), new("differs", 2, "({0} <> {1})", IsCondition: true), new("negated", 1, "(not {0})", IsCondition: true),   // unknown where an operand is null
        new("area", 1, "ST_Area(({0})::geography)"), new("centroid", 1, "ST_Centroid({0})"), new("buffer", 2, "ST_Buffer(({0})::geography, {1})::geometry"),
        new("bearing", 2, "degrees(ST_Azimuth(ST_Centroid({0})::geography, ST_Centroid({1})::geography))"),
        new("joined", 1, "ST_UnaryUnion({0})"),
        new("withinDistance", 3, "ST_DWithin(({0})::geometry::geography, ({1})::geometry::geography, {2})", IsCondition: true),
    ];

    /// <exception cref="InvalidOperationException">There is none of that name that takes so many operands: a protocol names what the engine has not.</exception>
    public static Function Of(string name, int operands) => All.Single(f => f.Name == name && f.Operands == operands);
}
