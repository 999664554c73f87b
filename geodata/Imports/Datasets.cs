using Npgsql;

namespace Jietong.Geodata.Imports;

/// <summary>What was brought in can be taken out again.</summary>
public static class Datasets
{
    /// <summary>Removes a dataset with all its rows, in one transaction. Its source stays: what was answered from it names it.</summary>
    /// <returns>How many rows went, by table.</returns>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static async Task<IReadOnlyList<TableChange>> Remove(NpgsqlDataSource db, string id, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Database.Execute(connection, Locked, cancel, id);   // in the order in which an import takes both
        await Database.Execute(connection, Register.Write.OneAtATime, cancel);
        if (await Database.Execute(connection, "delete from dataset where id = $1", cancel, id) == 0) throw new InputException($"There is no dataset \"{InputException.Short(id, 60)}\": ./run datasets lists them.", notFound: true);
        var tables = await Database.Scalar<string[]>(connection,
            "select array_agg(c.relname::text order by c.relname) from pg_attribute a join pg_class c on c.oid = a.attrelid where a.attname = 'dataset_id' and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace", cancel) ?? [];
        var changes = new List<TableChange>();
        foreach (var table in tables)
            if (await Database.Execute(connection, $"delete from {table} where dataset_id = $1", cancel, id) is > 0 and var gone) changes.Add(new(table, 0, 0, gone, 0));
        await transaction.CommitAsync(cancel);
        return changes;
    }

    /// <summary>One at a time works on a dataset.</summary>
    internal const string Locked = "select pg_advisory_xact_lock(hashtextextended('dataset ' || $1, 0))";
}
