using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>Which numbered SQL files a database has seen, and the applying of those it has not: each once, in order, all in one transaction.</summary>
internal static class Migrations
{
    private const long Lock = 0x6A696574_6F6E67;   // "jietong": one program migrates at a time

    internal static async Task Apply(NpgsqlConnection connection, CancellationToken cancel)
    {
        var files = Files();
        if (await IsCurrent(connection, files, cancel)) return;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Database.Execute(connection, $"select pg_advisory_xact_lock({Lock})", cancel);
        await Database.Execute(connection, "create table if not exists migration (name text primary key, hash text not null, applied_at timestamptz not null default now())", cancel);
        var applied = await Applied(connection, cancel);
        if (applied.Keys.Except(files.Select(f => f.Name)).FirstOrDefault() is { } unknown)
            throw new UnusableDatabaseException($"The database holds {unknown}, which this program does not know: it is older than the database. Use the newer program.");
        if (files.FirstOrDefault(f => applied.TryGetValue(f.Name, out var hash) && hash != HashOf(f.Sql)).Name is { } changed)
            throw new UnusableDatabaseException($"The database was made with another text of {changed}, by an unreleased build: use that build, or begin with a new database (the private one: ./run stop, then delete .data/pg).");
        foreach (var (name, sql) in files.Where(f => !applied.ContainsKey(f.Name)))
        {
            try { await Database.Execute(connection, sql, cancel); }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege) { throw new UnusableDatabaseException(e.MessageText); }
            await Database.Execute(connection, "insert into migration (name, hash) values ($1, $2)", cancel, name, HashOf(sql));
        }
        await transaction.CommitAsync(cancel);
        await connection.ReloadTypesAsync(cancel);
    }

    private static async Task<bool> IsCurrent(NpgsqlConnection connection, IReadOnlyList<(string Name, string Sql)> files, CancellationToken cancel) =>
        await Database.Scalar<bool>(connection, "select to_regclass('migration') is not null", cancel)
        && await Applied(connection, cancel) is var applied && applied.Count == files.Count && files.All(f => applied.GetValueOrDefault(f.Name) == HashOf(f.Sql));

    private static async Task<Dictionary<string, string>> Applied(NpgsqlConnection connection, CancellationToken cancel)
    {
        var hashes = new Dictionary<string, string>();
        await using var command = new NpgsqlCommand("select name, hash from migration", connection);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) hashes.Add(rows.GetString(0), rows.GetString(1));
        return hashes;
    }

    private static string HashOf(string sql) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));

    private static IReadOnlyList<(string Name, string Sql)> Files()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return (name, reader.ReadToEnd());
        })];
    }
}
