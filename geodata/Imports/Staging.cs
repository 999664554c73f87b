using Npgsql;

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
        var to = await Begun(table);
        var indexes = isNew ? await IndexesOfEmpty(table) : [];
        foreach (var (drop, _) in indexes) await Database.Execute(connection, drop, cancel);
        var rows = await Write(to, columns, write);
        foreach (var (_, create) in indexes) await Database.Execute(connection, create, cancel);
        staged.Add((table, rows));
    }

    private async Task<long> Write(string to, IReadOnlyList<string> columns, Action<Rows> write)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {to} (dataset_id, {string.Join(", ", columns)}) from stdin (format binary)", cancel);
        copy.WriteTimeout = copy.ReadTimeout = Timeout.Infinite;
        var rows = new Rows(copy, dataset, columns.Count + 1, cancel);
        try
        {
            write(rows);
            rows.End();
        }
        catch
        {
            await copy.CancelAsync();
            throw;
        }
        return rows.Count;
    }

    /// <summary>A table that holds nothing yet gets its indexes when it is filled: that takes a third of the time of keeping them row by row. Readers of it wait meanwhile.</summary>
    private async Task<IReadOnlyList<(string Drop, string Create)>> IndexesOfEmpty(string table)
    {
        if (await Database.Scalar<bool>(connection, $"select exists (select from {table})", cancel)) return [];
        var indexes = await Database.Scalar<string[]>(connection, """
            select array_agg(case when c.oid is null then format('drop index %s~%s', i.indexrelid::regclass, pg_get_indexdef(i.indexrelid))
              else format('alter table %1$I drop constraint %2$I~alter table %1$I add constraint %2$I %3$s', $1, c.conname, pg_get_constraintdef(c.oid)) end order by c.oid is null, i.indexrelid)
            from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.conrelid = i.indrelid
            where i.indrelid = $1::regclass and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = i.indexrelid)
            """, cancel, table) ?? [];
        return [.. indexes.Select(index => index.Split('~', 2)).Select(parts => (parts[0], parts[1]))];
    }

    /// <summary>Puts the rows of a query into <paramref name="table"/>, as <see cref="Copy"/> does; the query's own parameters begin at $2.</summary>
    public async Task Select(string table, IReadOnlyList<string> columns, string query, params object[] values)
    {
        var to = await Begun(table);
        staged.Add((table, await Database.Execute(connection, $"insert into {to} (dataset_id, {string.Join(", ", columns)}) select $1, q.* from ({query}) q", cancel, [dataset, .. values])));
    }

    /// <summary>Where rows for a table go: to it, or beside it.</summary>
    private async Task<string> Begun(string table)
    {
        if (isNew) return table;
        await Database.Execute(connection, $"create temp table staged_{table} (like {table} including defaults) on commit drop", cancel);
        return $"staged_{table}";
    }

    /// <summary>Where rows staged for <paramref name="table"/> are; the dataset's alone are among them, or all have its id. Null where none are.</summary>
    public string? TableOf(string table) => staged.Any(s => s.Table == table) ? isNew ? table : $"staged_{table}" : null;

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
