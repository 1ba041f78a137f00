namespace Latent.Formats;

/// <summary>Bytes that can be read at any place: a file, a part of one, or memory. Reading outside of them is the file's fault.</summary>
internal abstract class ByteSource
{
    /// <summary>How many bytes there are.</summary>
    public abstract long Length { get; }

    /// <summary>Reads bytes into memory that exists.</summary>
    /// <exception cref="BrokenFileException">They lie outside.</exception>
    public void Read(long offset, Span<byte> into)
    {
        Require(offset, into.Length);
        Fill(offset, into);
    }

    /// <summary>Reads bytes into new memory, never more of it than there are bytes.</summary>
    /// <exception cref="BrokenFileException">They lie outside.</exception>
    public byte[] Read(long offset, long count)
    {
        Require(offset, count);
        if (count > Array.MaxLength)
            throw new BrokenFileException($"It has a part of {count:N0} bytes, which is too large for memory.");
        var bytes = GC.AllocateUninitializedArray<byte>((int)count);
        Fill(offset, bytes);
        return bytes;
    }

    /// <summary>A part of the bytes, counted from its own start.</summary>
    /// <exception cref="BrokenFileException">The part lies outside.</exception>
    public ByteSource Slice(long offset, long length)
    {
        Require(offset, length);
        return new Part(this, offset, length);
    }

    /// <summary>The bytes of a stream that can seek.</summary>
    public static ByteSource Of(Stream stream) => new Seekable(stream);

    /// <summary>Bytes in memory.</summary>
    public static ByteSource Of(ReadOnlyMemory<byte> bytes) => new InMemory(bytes);

    /// <summary>Throws where bytes lie outside.</summary>
    public void Require(long offset, long count)
    {
        if (offset < 0 || count < 0 || offset > Length || count > Length - offset)
            throw new BrokenFileException(
                $"It speaks of {count:N0} bytes at {offset:N0}, and has {Length:N0} in all: it is truncated or damaged."
            );
    }

    protected abstract void Fill(long offset, Span<byte> into);

    private sealed class Seekable(Stream stream) : ByteSource
    {
        public override long Length { get; } = stream.Length;

        protected override void Fill(long offset, Span<byte> into)
        {
            stream.Position = offset;
            stream.ReadExactly(into);
        }
    }

    private sealed class InMemory(ReadOnlyMemory<byte> bytes) : ByteSource
    {
        public override long Length => bytes.Length;

        protected override void Fill(long offset, Span<byte> into) => bytes.Span.Slice((int)offset, into.Length).CopyTo(into);
    }

    private sealed class Part(ByteSource whole, long start, long length) : ByteSource
    {
        public override long Length => length;

        protected override void Fill(long offset, Span<byte> into) => whole.Fill(start + offset, into);
    }
}
