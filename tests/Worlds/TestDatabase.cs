using Jietong.Geodata;
using Npgsql;

namespace Jietong.Worlds;

/// <summary>A fresh, migrated database on the server that JIETONG_TEST_DB names, dropped when disposed. Without that server tests fail: a skipped PostGIS proves nothing.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly string Server = Environment.GetEnvironmentVariable("JIETONG_TEST_DB")
        ?? throw new InvalidOperationException("JIETONG_TEST_DB names no PostGIS server: run the tests by ./test.");

    /// <summary>Migrated once a test run; every world begins as a copy of it.</summary>
    private static readonly Lazy<Task<string>> Template = new(async () =>
    {
        await using var database = new TestDatabase();
        await OnServer($"create database {database.name}");
        database.Connect();
        await Database.Prepare(database.Db);
        var template = NewName();
        await database.Db.DisposeAsync();
        await OnServer($"create database {template} template {database.name}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Drop(template).Wait();
        return template;
    });

    /// <summary>Begins with the name of the server's database, so that ./test finds what a crashed run left behind.</summary>
    private readonly string name = NewName();

    private static string NewName() => $"{new NpgsqlConnectionStringBuilder(Server).Database}_{Guid.NewGuid():N}";

    public string Address { get; private set; } = "";
    public NpgsqlDataSource Db { get; private set; } = null!;

    /// <summary>An empty register; <paramref name="migrated"/> false gives a database without a schema.</summary>
    public static async Task<TestDatabase> Create(bool migrated = true)
    {
        var database = new TestDatabase();
        await OnServer($"create database {database.name}" + (migrated ? $" template {await Template.Value} strategy file_copy" : ""));
        database.Connect();
        return database;
    }

    private void Connect()
    {
        Address = new NpgsqlConnectionStringBuilder(Server) { Database = name, MaxPoolSize = 10 }.ConnectionString;
        Db = Database.Connect(Address);
    }

    public async Task<T> Scalar<T>(string sql) => (T)(await Db.CreateCommand(sql).ExecuteScalarAsync())!;

    public Task Execute(string sql) => Db.CreateCommand(sql).ExecuteNonQueryAsync();

    public async Task<List<string>> Column(string sql)
    {
        var values = new List<string>();
        await using var rows = await Db.CreateCommand(sql).ExecuteReaderAsync();
        while (await rows.ReadAsync()) values.Add(rows.GetValue(0).ToString()!);
        return values;
    }

    /// <summary>Takes the database away from its users, by another name, until <see cref="Back"/>.</summary>
    public async Task Away()
    {
        await OnServer($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        await OnServer($"alter database {name} rename to {name}_x");
    }

    public Task Back() => OnServer($"alter database {name}_x rename to {name}");

    private static async Task OnServer(string sql)
    {
        await using var server = NpgsqlDataSource.Create(Server);
        await server.CreateCommand(sql).ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        await Drop(name);
    }

    /// <summary>Drops a database of the server, if it is there.</summary>
    public static async Task Drop(string database)
    {
        for (var tries = 0; ; tries++)
            try
            {
                await OnServer($"drop database if exists \"{database}\" with (force)");
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege && tries < 50) { await Task.Delay(200); }   // autovacuum is at work in it, which only a superuser may end
    }
}
