using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>The one way to a database: opens it, says clearly when it cannot be used, and brings its schema up to date.</summary>
public static class Database
{
    /// <summary>PostgreSQL before 15 lacks what the schema uses; PostGIS before 3.3 is not tested.</summary>
    public const int OldestServerMajor = 15;
    public static readonly Version OldestPostGis = new(3, 3);

    /// <summary>Makes a pool for <paramref name="address"/>: an Npgsql connection string or a <c>postgresql://</c> address.</summary>
    /// <exception cref="InputException">The text is neither.</exception>
    public static NpgsqlDataSource Connect(string address)
    {
        var settings = Settings(address);
        if (!settings.ContainsKey("Timeout")) settings.Timeout = 5;
        if (!settings.ContainsKey("Maximum Pool Size")) settings.MaxPoolSize = 20;   // well below PostgreSQL's hundred connections
        if (!settings.ContainsKey("Max Auto Prepare")) settings.MaxAutoPrepare = 50;   // what is asked again is not parsed again, but planned for its values: no plan fits a village and a province
        // Compiling link_as_of takes longer than running it, and so does starting workers: PostGIS calls its functions dear. What is asked often lies in memory.
        settings.Options ??= "-c jit=off -c plan_cache_mode=force_custom_plan -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1 -c timezone=UTC";
        settings.ApplicationName = "jietong";
        settings.IncludeErrorDetail = true;
        var db = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        settings.Options += $" {ReaderOptions(Query.Query.UsualTimeLimit)} -c default_transaction_isolation=repeatable\\ read";
        settings.NoResetOnClose = true;   // what a reader sets ends with its transaction
        Readers.Add(db, new NpgsqlDataSourceBuilder(settings.ConnectionString).Build());
        return db;
    }

    /// <summary>The address of the database of a region, beside the one at <paramref name="address"/>: named after both.</summary>
    /// <param name="address">Of the region <paramref name="first"/>.</param>
    /// <param name="region">Another.</param>
    /// <param name="first">How the region at the address is called.</param>
    /// <param name="make">Makes the database where it is not there yet.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="InputException">The region's name is none, it is not there and not to be made, or the database cannot be made.</exception>
    public static async Task<string> OfRegion(string address, string region, string first, bool make, CancellationToken cancel = default)
    {
        var settings = Settings(address);
        if (region.Length is 0 or > 30 || !region.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) throw new InputException($"\"{region}\" cannot name a region: write at most 30 of a-z, 0-9 and hyphens.");
        await using var server = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var connection = await server.OpenConnectionAsync(cancel);
        var before = $"{connection.Database}_";
        settings.Database = before + region;
        try
        {
            if (await Scalar<bool>(connection, "select exists (select from pg_database where datname = $1)", cancel, settings.Database)) return settings.ConnectionString;
            if (!make)
            {
                var others = await Rows(connection, "select substr(datname, length($1) + 1) from pg_database where starts_with(datname, $1) and substr(datname, length($1) + 1) ~ '^[a-z0-9-]{1,30}$' order by 1", row => row.GetString(0), cancel, before);
                throw new InputException($"--region: there is no region {region}; there are: {string.Join(", ", others.Prepend(first))}. To make it, bring something into it: ./run import FILE --region {region}", notFound: true);
            }
            await Execute(connection, $"create database \"{settings.Database}\"", cancel);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation) { }   // somebody else made it just now
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege) { throw new InputException($"The region {region} needs a database of its own, and this user may not make one. An administrator of the server must run once: CREATE DATABASE \"{settings.Database}\" OWNER \"{settings.Username}\"."); }
        return settings.ConnectionString;
    }

    private static string ReaderOptions(TimeSpan timeLimit) => string.Create(CultureInfo.InvariantCulture, $"-c role=jietong_reader -c default_transaction_read_only=on -c statement_timeout={(int)timeLimit.TotalMilliseconds}");

    private static readonly ConditionalWeakTable<NpgsqlDataSource, NpgsqlDataSource> Readers = [];

    /// <summary>A session that can only read, whatever a statement says: by its role, and in transactions that are read-only and see one snapshot. What is sent in one batch is one transaction.</summary>
    internal static ValueTask<NpgsqlConnection> OpenReader(NpgsqlDataSource db, CancellationToken cancel) =>
        Readers.TryGetValue(db, out var readers) ? readers.OpenConnectionAsync(cancel) : throw new ArgumentException("This pool was not made by Database.Connect.", nameof(db));

    private static NpgsqlConnectionStringBuilder Settings(string address)
    {
        try
        {
            return address.Contains("://", StringComparison.Ordinal) ? FromUri(new Uri(address)) : new(address);
        }
        catch (Exception e) when (e is ArgumentException or UriFormatException or FormatException)
        {
            throw new InputException($"JIETONG_DB is no database address: {e.Message} " +
                "Write Host=…;Port=…;Database=…;Username=…;Password=… or postgresql://user:password@host:port/database.");
        }
    }

    /// <summary>The same database for a program of PostgreSQL's own library: variables of its environment, with the rights of readers, who write nothing.</summary>
    public static IEnumerable<(string Name, string Value)> ReaderEnvironment(string address, TimeSpan timeLimit)
    {
        var settings = Settings(address);
        foreach (var (name, value) in new[] { ("PGHOST", settings.Host), ("PGDATABASE", settings.Database), ("PGUSER", settings.Username), ("PGPASSWORD", settings.Password) })
            if (!string.IsNullOrEmpty(value)) yield return (name, value);
        yield return ("PGPORT", settings.Port.ToString(CultureInfo.InvariantCulture));
        yield return ("PGSSLMODE", settings.SslMode is SslMode.Require ? "require" : "prefer");
        yield return ("PGCONNECT_TIMEOUT", "5");
        yield return ("PGOPTIONS", string.Create(CultureInfo.InvariantCulture, $"{ReaderOptions(timeLimit)} -c jit=off -c random_page_cost=1.1"));
    }

    private static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        if (uri.Scheme is not ("postgresql" or "postgres")) throw new UriFormatException($"{uri.Scheme}:// is not postgresql://.");
        if (uri.Host == "") throw new UriFormatException("It names no host.");
        if (uri.Query is { Length: > 0 } query && query != "?sslmode=require") throw new UriFormatException($"Of {query} only ?sslmode=require is understood.");
        var userInfo = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            SslMode = uri.Query == "" ? SslMode.Prefer : SslMode.Require,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
        };
        if (userInfo[0] != "") settings.Username = Uri.UnescapeDataString(userInfo[0]);
        if (userInfo.Length == 2) settings.Password = Uri.UnescapeDataString(userInfo[1]);
        return settings;
    }

    /// <summary>Checks versions and applies the migrations that the database lacks. One caller at a time; the others wait for it.</summary>
    /// <exception cref="UnusableDatabaseException">The server is too old, has no PostGIS, or holds a newer schema than this program.</exception>
    public static async Task Prepare(NpgsqlDataSource db, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        if (connection.PostgreSqlVersion.Major < OldestServerMajor)
            throw new UnusableDatabaseException($"PostgreSQL {connection.PostgreSqlVersion} is too old: {OldestServerMajor} or later is needed.");
        var postGis = await Scalar<string>(connection, "select default_version from pg_available_extensions where name = 'postgis'", cancel)
            ?? throw new UnusableDatabaseException("This PostgreSQL server has no PostGIS. Install postgresql-15-postgis-3, or name another server in JIETONG_DB.");
        if (Version.Parse(postGis) < OldestPostGis)
            throw new UnusableDatabaseException($"PostGIS {postGis} is too old: {OldestPostGis} or later is needed.");
        await Migrations.Apply(connection, cancel);
    }

    /// <summary>The first value of the first row; default where there is none. <paramref name="values"/> stand for $1, $2 …</summary>
    internal static async Task<T?> Scalar<T>(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(cancel) is T value ? value : default;
    }

    /// <summary>How many rows the statement changed.</summary>
    internal static async Task<int> Execute(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>All rows of the answer, each as it is read.</summary>
    internal static async Task<List<T>> Rows<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(read(reader));
        return rows;
    }

    internal static NpgsqlBatchCommand BatchCommand(string sql, IEnumerable<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }

    internal static NpgsqlCommand Command(NpgsqlConnection connection, string sql, IEnumerable<object> values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };   // what must not take long is ended by the server; an import may
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
