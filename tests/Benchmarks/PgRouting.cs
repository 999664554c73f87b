using System.Diagnostics;
using Npgsql;

namespace Jietong.Benchmarks;

/// <summary>pgRouting, on the graph in a database of its own on the server that JIETONG_DB names; dropped when disposed. Junctions are numbered as here.</summary>
internal sealed class PgRouting : IDisposable
{
    private const string Edges = "'select id, source, target, cost from edges'";

    private readonly string server, name;
    private readonly NpgsqlDataSource db;

    private PgRouting(string server, string name)
    {
        (this.server, this.name) = (server, name);
        db = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = name, CommandTimeout = 0 }.ConnectionString);
    }

    /// <summary>With its version.</summary>
    public string Name { get; private set; } = "";

    /// <returns>null where there is none, and the way to it.</returns>
    public static PgRouting? Start(BenchmarkGraph graph, out string missing)
    {
        missing = "";
        if (Environment.GetEnvironmentVariable("JIETONG_DB") is not { } server)
        {
            missing = "peer not there: JIETONG_DB names no database server (Host=…;Port=…;Username=…;Password=…;Database=…)";
            return null;
        }
        var name = $"{new NpgsqlConnectionStringBuilder(server).Database}_pgrouting_{Environment.ProcessId}";
        On(server, $"create database {name}");
        var peer = new PgRouting(server, name);
        try
        {
            On(peer.db, "create extension pgrouting cascade");
            peer.Load(graph);
            peer.Name = $"pgRouting {On(peer.db, "select pgr_version()")}";
            return peer;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.UndefinedFile)
        {
            missing = "peer not installed: apt-get install postgresql-15-pgrouting";
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            missing = "peer not there: only a superuser of the database may create the extension pgrouting";
        }
        catch
        {
            peer.Dispose();
            throw;
        }
        peer.Dispose();
        return null;
    }

    private void Load(BenchmarkGraph graph)
    {
        On(db, "create table edges (id bigint, source bigint, target bigint, cost double precision)");
        using (var connection = db.OpenConnection())
        using (var copy = connection.BeginBinaryImport("copy edges from stdin (format binary)"))
        {
            for (var arc = 0; arc < graph.Tails.Count; arc++) copy.WriteRow((long)arc + 1, (long)graph.Tails[arc], (long)graph.Heads[arc], (double)graph.TimesMs[arc]);
            copy.Complete();
        }
        On(db, "vacuum analyze edges");
    }

    /// <summary>Wall-clock milliseconds of a statement for all junctions that are reached from one.</summary>
    public double TreeMs(int source)
    {
        var watch = Stopwatch.StartNew();
        On(db, $"select count(*), sum(agg_cost) from pgr_drivingDistance({Edges}, {source}::bigint, 1e15, true)");
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>The times themselves; infinity where no path leads.</summary>
    public double[] Tree(int source, int junctions)
    {
        var times = Enumerable.Repeat(double.PositiveInfinity, junctions).ToArray();
        foreach (var (_, node, time) in Rows($"select 0::bigint, node, agg_cost from pgr_drivingDistance({Edges}, {source}::bigint, 1e15, true)")) times[node] = time;
        return times;
    }

    /// <summary>From some junctions to others, the pairs that are joined; and the wall-clock milliseconds of the statement.</summary>
    public (Dictionary<(int From, int To), double> Times, double Ms) Matrix(IEnumerable<int> sources, IEnumerable<int> targets)
    {
        var watch = Stopwatch.StartNew();
        var rows = Rows($"select start_vid, end_vid, agg_cost from pgr_dijkstraCost({Edges}, array[{string.Join(',', sources)}]::bigint[], array[{string.Join(',', targets)}]::bigint[], true)");
        return (rows.ToDictionary(r => (r.From, r.To), r => r.Time), watch.Elapsed.TotalMilliseconds);
    }

    private List<(int From, int To, double Time)> Rows(string sql)
    {
        using var command = db.CreateCommand(sql);
        using var reader = command.ExecuteReader();
        var rows = new List<(int, int, double)>();
        while (reader.Read()) rows.Add(((int)reader.GetInt64(0), (int)reader.GetInt64(1), reader.GetDouble(2)));
        return rows;
    }

    private static object? On(NpgsqlDataSource db, string sql)
    {
        using var command = db.CreateCommand(sql);
        return command.ExecuteScalar();
    }

    private static void On(string server, string sql)
    {
        using var any = NpgsqlDataSource.Create(server);
        On(any, sql);
    }

    public void Dispose()
    {
        db.Dispose();
        On(server, $"drop database {name} with (force)");
    }
}
