namespace Jietong.Geodata.Imports.Gtfs;

/// <summary>What an archive's entry unpacks to, as long and with the sum (CRC-32) that the archive announces; anything else is damage, and said to be.</summary>
internal sealed class UnpackedStream(Stream inner, long announced, uint sum, string name) : Stream
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i =>
    {
        var c = (uint)i;
        for (var bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320 ^ c >> 1 : c >> 1;
        return c;
    })];

    private long read;
    private uint crc = uint.MaxValue;

    /// <exception cref="InputException">It is not what was announced.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0) return 0;
        int count;
        try { count = inner.Read(buffer); }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException) { throw Damaged(e.Message); }
        foreach (var octet in buffer[..count]) crc = Table[(byte)(crc ^ octet)] ^ crc >> 8;
        if ((read += count) > announced || count == 0 && read < announced) throw Damaged($"The archive announces {announced:N0} bytes, and there are {(count == 0 ? $"{read:N0}" : "more")}.");
        return count > 0 || ~crc == sum ? count : throw Damaged("Its sum (CRC-32) is not the one that the archive has.");
    }

    private InputException Damaged(string why) => new($"{name} cannot be unpacked: {why} The archive is damaged: fetch it again.");

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    
    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => announced;
    public override long Position { get => read; set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
