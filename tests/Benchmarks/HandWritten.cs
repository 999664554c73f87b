using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace Jietong.Benchmarks;

/// <summary>The peer: what a good engineer writes by hand where only these questions are asked. Nothing but Kestrel, one statement a request, and typed values written as they are read.</summary>
internal static class HandWritten
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private const int Piece = 32 * 1024;

    public static WebApplication Build(NpgsqlDataSource db, string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();
        foreach (var (i, question) in ODataQuestion.All.Index())
            app.MapGet($"/{i}", (HttpContext http) => Answer(http, db, question.Sql, question.Values, question.WriteRow));
        app.MapGet("/roads", (HttpContext http) => Answer(http, db, "select id, name_zh, class, length_metres, ST_AsGeoJSON(geom, 7) from road where id > $1 order by id limit 10000", [http.Request.Query["after"].ToString()], ODataQuestion.WriteRoad));
        return app;
    }

    private static async Task Answer(HttpContext http, NpgsqlDataSource db, string sql, object[] values, Action<Utf8JsonWriter, NpgsqlDataReader> write)
    {
        await using var command = db.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await using var rows = await command.ExecuteReaderAsync(http.RequestAborted);
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, Json);
        json.WriteStartObject();
        json.WriteStartArray("value");
        while (await rows.ReadAsync(http.RequestAborted))
        {
            json.WriteStartObject();
            write(json, rows);
            json.WriteEndObject();
            if (json.BytesPending < Piece) continue;
            json.Flush();
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
