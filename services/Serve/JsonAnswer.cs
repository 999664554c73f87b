using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jietong.Services.Serve;

/// <summary>A JSON answer written in pieces. Until the first piece leaves, an error can still become a clean error answer; afterwards the connection is cut.</summary>
internal sealed class JsonAnswer : IAsyncDisposable
{
    private const int Piece = 32 * 1024;
    private readonly HttpContext http;
    private readonly ArrayBufferWriter<byte> buffer = new(4 * 1024);   // most answers are short

    public Utf8JsonWriter Json { get; }

    public JsonAnswer(HttpContext http) => (this.http, Json) = (http, new(buffer, Cli.Output.Json));

    /// <summary>Sends what has gathered, once it is worth a piece.</summary>
    public async Task SendFullPieces()
    {
        if (buffer.WrittenCount + Json.BytesPending >= Piece) await Send();
    }

    /// <summary>Sends the rest.</summary>
    public async Task Send()
    {
        await Json.FlushAsync(http.RequestAborted);
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
        buffer.ResetWrittenCount();
    }

    /// <summary>A whole document.</summary>
    public static async Task Write(HttpContext http, JsonNode document, string mediaType)
    {
        http.Response.ContentType = mediaType;
        await using var answer = new JsonAnswer(http);
        document.WriteTo(answer.Json);
        await answer.Send();
    }

    public ValueTask DisposeAsync() => Json.DisposeAsync();
}
