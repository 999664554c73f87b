using System.Buffers;

namespace Jietong.Services.Downloads;

/// <summary>Gathers what writers write and sends it in pieces, only when asked: a server's answer takes no blocking writes, and some writers know no others.</summary>
internal sealed class Pieces(Stream to) : Stream
{
    private const int Piece = 32 * 1024;
    private readonly ArrayBufferWriter<byte> gathered = new(2 * Piece);

    /// <summary>Sends, once it is worth a piece.</summary>
    public ValueTask SendFull(CancellationToken cancel) => gathered.WrittenCount >= Piece ? SendAll(cancel) : default;

    public async ValueTask SendAll(CancellationToken cancel)
    {
        await to.WriteAsync(gathered.WrittenMemory, cancel);
        gathered.ResetWrittenCount();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => gathered.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        gathered.Write(buffer.Span);
        return default;
    }

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override bool CanWrite => true;
    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
