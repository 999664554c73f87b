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
        foreach (var question in ODataQuestions.All.Concat(ItemsQuestions.All)) app.MapGet(question.PeerAddress, (HttpContext http) => Answer(http, db, question));
        app.MapGet("/roads", (HttpContext http) => Answer(http, db, new("", "", "", "select id, name_zh, class, length_metres, ST_AsGeoJSON(geom, 7) from road where id > $1 order by id limit 10000", [http.Request.Query["after"].ToString()], ODataQuestions.WriteRoad)));
        return app;
    }

    private static async Task Answer(HttpContext http, NpgsqlDataSource db, Question question)
    {
        await using var batch = db.CreateBatch();
        if (question.CountSql is { } count) batch.BatchCommands.Add(Command(count, question.Values[..^1]));
        batch.BatchCommands.Add(Command(question.Sql, question.Values));
        await using var rows = await batch.ExecuteReaderAsync(http.RequestAborted);
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, Json);
        json.WriteStartObject();
        if (question.CountSql is not null)
        {
            await rows.ReadAsync(http.RequestAborted);
            json.WriteNumber("numberMatched", rows.GetInt64(0));
            await rows.NextResultAsync(http.RequestAborted);
        }
        json.WriteStartArray(question.Rows);
        while (await rows.ReadAsync(http.RequestAborted))
        {
            json.WriteStartObject();
            question.WriteRow(json, rows);
            json.WriteEndObject();
            if (json.BytesPending < Piece) continue;
            json.Flush();
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static NpgsqlBatchCommand Command(string sql, object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
