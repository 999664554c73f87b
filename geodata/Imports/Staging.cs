using Npgsql;
using NpgsqlTypes;

namespace Jietong.Geodata.Imports;

/// <summary>
/// Where rows of one dataset wait until all are known to be right: in the transaction that stores them, so that an import which ends midway leaves
/// nothing. A dataset that is new is copied straight to its tables; of one that is there, only what differs is touched.
/// </summary>
internal sealed class Staging(NpgsqlConnection connection, string dataset, bool isNew, CancellationToken cancel)
{
    private readonly List<(string Table, long Rows)> staged = [];

    public string Dataset => dataset;

    /// <summary>Copies rows into <paramref name="table"/>. One table after the other; the columns' first, dataset_id, is filled in.</summary>
    /// <param name="table">Its primary key begins with dataset_id.</param>
    /// <param name="columns">All that are filled, without dataset_id.</param>
    /// <param name="write">Begins each row with <see cref="Rows.Next"/> and writes its columns in their order.</param>
    public async Task Copy(string table, IReadOnlyList<string> columns, Action<Rows> write)
    {
        var to = isNew ? table : $"staged_{table}";
        if (!isNew) await Database.Execute(connection, $"create temp table {to} (like {table} including defaults) on commit drop", cancel);
        await using var copy = await connection.BeginBinaryImportAsync($"copy {to} (dataset_id, {string.Join(", ", columns)}) from stdin (format binary)", cancel);
        copy.Timeout = Timeout.InfiniteTimeSpan;
        var rows = new Rows(copy, dataset, cancel);
        write(rows);
        await copy.CompleteAsync(cancel);
        staged.Add((table, rows.Count));
    }

    /// <summary>Brings the tables to what was staged.</summary>
    public async Task<IReadOnlyList<TableChange>> Store()
    {
        var changes = new List<TableChange>();
        foreach (var (table, rows) in staged)
            changes.Add(isNew ? new(table, rows, 0, 0, rows) : await Merge(table, rows));
        return changes;
    }

    private async Task<TableChange> Merge(string table, long rows)
    {
        var key = await Columns(table, "a.attnum = any ((select i.indkey from pg_index i where i.indrelid = $1::regclass and i.indisprimary)::int2[])");
        var values = (await Columns(table, "a.attgenerated = ''")).Except(key).ToArray();
        string Row(string of, IEnumerable<string> columns) => $"({string.Join(", ", columns.Select(c => $"{of}.{c}"))})";
        var same = $"{Row("s", key)} = {Row("t", key)}";
        await Database.Execute(connection, $"create unique index on staged_{table} ({string.Join(", ", key)}); analyze staged_{table}", cancel);
        var removed = await Database.Execute(connection, $"delete from {table} t where dataset_id = $1 and not exists (select from staged_{table} s where {same})", cancel, dataset);
        var changed = values.Length == 0 ? 0 : await Database.Execute(connection,
            $"update {table} t set {string.Join(", ", values.Select(c => $"{c} = s.{c}"))} from staged_{table} s where {same} and {Row("s", values)} is distinct from {Row("t", values)}", cancel);
        var added = await Database.Execute(connection, $"insert into {table} ({string.Join(", ", key.Concat(values))}) select {string.Join(", ", key.Concat(values))} from staged_{table} s where not exists (select from {table} t where {same})", cancel);
        return new(table, added, changed, removed, rows);
    }

    private async Task<string[]> Columns(string table, string where) =>
        (await Database.Scalar<string[]>(connection, $"select array_agg(a.attname::text order by a.attnum) from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and {where}", cancel, table))!;
}

/// <summary>Rows on their way into a table.</summary>
internal sealed class Rows(NpgsqlBinaryImporter copy, string dataset, CancellationToken cancel)
{
    public long Count { get; private set; }

    public Rows Next()
    {
        if ((++Count & 0xFFF) == 0) cancel.ThrowIfCancellationRequested();
        copy.StartRow();
        return Text(dataset);
    }

    public Rows Text(string? value) => Put(value, NpgsqlDbType.Text);
    public Rows Json(string? value) => Put(value, NpgsqlDbType.Jsonb);
    public Rows Texts(string[] value) => Put(value, NpgsqlDbType.Array | NpgsqlDbType.Text);
    public Rows Integer(int? value) => Put(value, NpgsqlDbType.Integer);
    public Rows Small(short? value) => Put(value, NpgsqlDbType.Smallint);
    public Rows Long(long? value) => Put(value, NpgsqlDbType.Bigint);
    public Rows Longs(long[] value) => Put(value, NpgsqlDbType.Array | NpgsqlDbType.Bigint);
    public Rows Real(float? value) => Put(value, NpgsqlDbType.Real);
    public Rows Number(double? value) => Put(value, NpgsqlDbType.Double);
    public Rows Bool(bool? value) => Put(value, NpgsqlDbType.Boolean);
    public Rows Day(DateOnly? value) => Put(value, NpgsqlDbType.Date);

    /// <summary>EWKB; null where there is none.</summary>
    public Rows Geometry(byte[]? value) => Put(value, NpgsqlDbType.Bytea);

    private Rows Put<T>(T value, NpgsqlDbType type)
    {
        if (value is null) copy.WriteNull();
        else copy.Write(value, type);
        return this;
    }
}
