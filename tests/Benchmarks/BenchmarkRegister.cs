using System.Globalization;
using Jietong.Geodata;
using Jietong.Geodata.Register;
using Npgsql;

namespace Jietong.Benchmarks;

/// <summary>The shipped register and made-up roads, the same on every machine, in a database of their own on the server that JIETONG_DB names; dropped when disposed.</summary>
internal sealed class BenchmarkRegister : IAsyncDisposable
{
    private static readonly string[] Classes = ["motorway", "class1", "class2", "class3", "class4", "urban_expressway", "urban_trunk", "urban_secondary", "urban_branch"];

    private readonly string server, name;
    private readonly Random random = new(20181122);
    private NpgsqlDataSource? db;
    private int roads;

    private BenchmarkRegister(string server, string name) => (this.server, this.name) = (server, name);

    public string Address => new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;

    public static async Task<BenchmarkRegister> Create()
    {
        var server = Environment.GetEnvironmentVariable("JIETONG_DB") ?? throw new ArgumentException("JIETONG_DB names no database server: write Host=…;Port=…;Username=…;Password=…;Database=….");
        var register = new BenchmarkRegister(server, $"{new NpgsqlConnectionStringBuilder(server).Database}_benchmark_{Environment.ProcessId}");
        await register.OnServer($"create database {register.name}");
        try
        {
            register.db = Database.Connect(new NpgsqlConnectionStringBuilder(register.Address) { CommandTimeout = 0 }.ConnectionString);
            await Database.Prepare(register.db);
            await Load.Once(register.db, Load.ShippedFolder);
            return register;
        }
        catch
        {
            await register.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds roads of 2 to 12 vertices in the country around the border, some 150 m apart, each named by its number.</summary>
    public async Task AddRoads(int count)
    {
        await using (var connection = await db!.OpenConnectionAsync())
        await using (var copy = await connection.BeginTextImportAsync("copy road (id, name_zh, name_en, class, adcode, geom, accuracy_metres, accuracy_kind, source_id, place) from stdin"))
            for (var last = roads + count; roads < last;)
            {
                var number = (++roads).ToString("0000000", CultureInfo.InvariantCulture);
                await copy.WriteLineAsync(string.Join('\t', $"made-{number}", $"测试{number}号路", $"Made-up Road {number}", Classes[random.Next(Classes.Length)], random.Next(2) == 0 ? "320583" : "310000",
                    Line(), (random.Next(50, 500) / 10.0).ToString(CultureInfo.InvariantCulture), "estimated", random.Next(3) == 0 ? "osm-jiading-ways" : "osm-roads-2026-07", "made up"));
            }
        await using var analyze = db.CreateCommand("analyze");
        analyze.CommandTimeout = 0;
        await analyze.ExecuteNonQueryAsync();
    }

    private string Line()
    {
        var (x, y) = (120.6 + random.NextDouble(), 30.6 + random.NextDouble());
        var (dx, dy) = (random.NextDouble() - 0.5, random.NextDouble() - 0.5);
        var vertices = Enumerable.Range(0, random.Next(2, 13)).Select(i => string.Create(CultureInfo.InvariantCulture, $"{x + i * dx * 0.004 + random.NextDouble() * 0.0004:0.00000} {y + i * dy * 0.004:0.00000}"));
        return $"SRID=4326;LINESTRING({string.Join(',', vertices)})";
    }

    private async Task OnServer(string sql)
    {
        await using var any = NpgsqlDataSource.Create(server);
        await using var command = any.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (db is not null) await db.DisposeAsync();
        await OnServer($"drop database {name} with (force)");
    }
}
