using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Latent.Models;

namespace Latent.Analysis;

/// <summary>
/// Writes a <see cref="CodeArchive"/>, block by block, so that any number of images needs no more memory than one block. Not thread-safe; the stream is
/// the caller's, and whole when <see cref="Finish"/> was called.
/// </summary>
public sealed class CodeArchiveWriter
{
    private readonly Stream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly int _latentSize;
    private readonly int _bits;
    private long _count;

    /// <summary>Begins an archive.</summary>
    /// <param name="stream">Where it is written.</param>
    /// <param name="model">The model whose codes they are, and which alone will read them.</param>
    /// <param name="bits">Bits a number: 4, 8, or 32 for the floats themselves.</param>
    /// <exception cref="LatentException">The bits are others, or the model does not give its images back.</exception>
    public CodeArchiveWriter(Stream stream, Autoencoder model, int bits)
    {
        model.RequireImages();
        if (!CodePacking.Bits.Contains(bits))
            throw new LatentException("Codes cannot have so many bits a number.", string.Join(", ", CodePacking.Bits), $"{bits}");
        (_stream, _latentSize, _bits) = (stream, model.LatentSize, bits);
        Write(CodeArchive.Head(model, bits));
    }

    /// <summary>Bytes of the codes so far, with their ranges: what is left where names and the file around them do not count.</summary>
    public long CodeBytes { get; private set; }

    /// <summary>Bytes of the names so far.</summary>
    public long NameBytes { get; private set; }

    /// <summary>All bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether so many images are at most one block: 65,536 images, a million numbers (one code may have more), and some megabytes of names.</summary>
    /// <param name="images">How many images.</param>
    /// <param name="latentSize">How many numbers a code has.</param>
    /// <param name="nameBytes">Bytes of their names in UTF-8.</param>
    public static bool IsOneBlock(int images, int latentSize, long nameBytes) =>
        images <= 1 || (CodeArchive.IsBlock(images, latentSize) && ArchiveNames.Fit(nameBytes));

    /// <summary>Writes one block.</summary>
    /// <param name="names">A name for each code: a relative path with / between its parts.</param>
    /// <param name="codes">As many codes.</param>
    /// <returns>The codes as they will be read: what the images are made of.</returns>
    /// <exception cref="LatentException">A name cannot be in an archive, there is not a code for each, or the block is too large.</exception>
    public float[] Write(IReadOnlyList<string> names, ReadOnlySpan<float> codes)
    {
        long bytes = 0;
        foreach (string name in names)
        {
            if (ArchiveNames.Problem(name) is { } problem)
                throw new LatentException(
                    $"The name '{Shown.Of(name)}' cannot be in an archive.",
                    "relative paths that any system can write",
                    problem,
                    "rename the file"
                );
            bytes += Encoding.UTF8.GetByteCount(name);
        }
        if (CodeRows.Count(codes, _latentSize) != names.Count || !IsOneBlock(names.Count, _latentSize, bytes))
            throw new LatentException(
                "The codes are no block of an archive.",
                "a name for each code, and no more than one block",
                $"{names.Count:N0} names, {codes.Length:N0} numbers"
            );
        byte[] packedNames = ArchiveNames.Pack(names);
        byte[] packed = CodePacking.Pack(codes, _latentSize, _bits);
        Span<byte> head = stackalloc byte[3 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(head, names.Count);
        BinaryPrimitives.WriteInt32LittleEndian(head[sizeof(int)..], packedNames.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[(2 * sizeof(int))..], packed.Length);
        Write(head);
        Write(packedNames);
        Write(packed);
        _count += names.Count;
        NameBytes += packedNames.Length;
        CodeBytes += packed.Length;
        return CodePacking.Unpack(packed, names.Count, _latentSize, _bits);
    }

    /// <summary>Writes the end and the checksum.</summary>
    public void Finish()
    {
        Span<byte> tail = stackalloc byte[sizeof(int) + sizeof(long)];
        BinaryPrimitives.WriteInt32LittleEndian(tail, 0);
        BinaryPrimitives.WriteInt64LittleEndian(tail[sizeof(int)..], _count);
        Write(tail);
        byte[] checksum = _hash.GetHashAndReset();
        _hash.Dispose();
        _stream.Write(checksum);
        Bytes += checksum.Length;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _stream.Write(bytes);
        Bytes += bytes.Length;
    }
}
