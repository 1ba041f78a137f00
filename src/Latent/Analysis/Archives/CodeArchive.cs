using System.Buffers.Binary;
using System.Security.Cryptography;
using Latent.Models;

namespace Latent.Analysis;

/// <summary>
/// A file with the codes of many images and their names, for one model: what <see cref="CodeArchiveWriter"/> writes. All is little-endian.
/// </summary>
/// <remarks>
/// The head: "LATCODES", the version (16 bits), bits a number (8), 0 (8), numbers of a code, height, width and channels of an image (32 each), the
/// model's <see cref="ModelIdentity"/> (32 bytes). Then blocks: how many images, bytes of their names, bytes of their codes (32 bits each), the names,
/// the codes (<see cref="CodePacking"/>). The end: 0 (32 bits), the number of all images (64), and the SHA-256 of all bytes before it. Names are packed by zlib:
/// for each how many bytes it shares with the one before at its start, at its end, how many it has between (7 bits a byte), and these.
/// </remarks>
public static class CodeArchive
{
    /// <summary>The version written, and the newest one read.</summary>
    public const int Version = 1;

    private const int MostImages = 1 << 16;
    private const int MostNumbers = 1 << 20;
    private const int HeadLength = 60;
    private const int TailLength = sizeof(int) + sizeof(long) + SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Magic => "LATCODES"u8;

    /// <summary>Reads an archive block by block, after its checksum was found right: a damaged file gives none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model that wrote it.</param>
    /// <param name="read">Takes each block. It may be called for a second time with all: the file is read as often as it is asked.</param>
    /// <param name="times">How often all blocks are given to <paramref name="read"/>.</param>
    /// <returns>How many images the archive has.</returns>
    /// <exception cref="LatentException">The file is no archive, of a newer version, damaged, or of another model; nothing was given then.</exception>
    public static long Read(string path, Autoencoder model, Action<CodeBlock, int> read, int times = 1)
    {
        model.RequireImages();
        return InputFile.Read(
            path,
            stream =>
            {
                int bits = CheckHead(path, stream, model);
                CheckSum(path, stream);
                long count = 0;
                for (int time = 0; time < times; time++)
                {
                    int pass = time;
                    count = ReadBlocks(path, stream, model.LatentSize, bits, block => read(block, pass));
                }
                return count;
            }
        );
    }

    internal static bool IsBlock(int images, int latentSize) =>
        images is > 0 and <= MostImages && (images == 1 || (long)images * latentSize <= MostNumbers);

    internal static byte[] Head(Autoencoder model, int bits)
    {
        var head = new byte[HeadLength];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), Version);
        head[10] = (byte)bits;
        var image = model.ImageShape;
        int[] numbers = [model.LatentSize, image.Height, image.Width, image.Channels];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12 + i * sizeof(int)), numbers[i]);
        ModelIdentity.Of(model).CopyTo(head, HeadLength - SHA256.HashSizeInBytes);
        return head;
    }

    private static int CheckHead(string path, FileStream stream, Autoencoder model)
    {
        var head = new byte[HeadLength];
        int got = stream.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false);
        if (got < Magic.Length || !head.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new LatentException(
                $"'{path}' is no archive of codes.",
                "a file that 'latent compress' wrote",
                got == 0 ? "an empty file" : "something else"
            );
        if (got < HeadLength || stream.Length < HeadLength + TailLength)
            throw Cut(path);
        int version = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(8));
        if (version > Version)
            throw new LatentException(
                $"'{path}' was written by a newer version of Latent.",
                $"format version {Version} at most",
                $"{version}",
                "update Latent"
            );
        int bits = head[10];
        if (version < 1 || !CodePacking.Bits.Contains(bits))
            throw Damaged(path, $"version {version}, {bits} bits a number");
        byte[] expected = Head(model, bits);
        if (!head.AsSpan(12).SequenceEqual(expected.AsSpan(12)))
            throw new LatentException(
                $"'{path}' holds the codes of another model.",
                $"the model that it was compressed with, whose weights have the checksum {Short(head)}",
                $"one of {Short(expected)}",
                "give the run that compressed it: after another training its codes mean other images"
            );
        return bits;

        static string Short(byte[] head) => Convert.ToHexStringLower(head.AsSpan(HeadLength - SHA256.HashSizeInBytes, 6)) + "…";
    }

    private static void CheckSum(string path, FileStream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        stream.Position = 0;
        for (long left = stream.Length - SHA256.HashSizeInBytes; left > 0; )
        {
            int got = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (got == 0)
                throw Cut(path);
            hash.AppendData(buffer, 0, got);
            left -= got;
        }
        var sum = new byte[SHA256.HashSizeInBytes];
        if (stream.ReadAtLeast(sum, sum.Length, throwOnEndOfStream: false) < sum.Length)
            throw Cut(path);
        if (!sum.AsSpan().SequenceEqual(hash.GetHashAndReset()))
            throw Damaged(path, "a file of another checksum: cut off or changed");
    }

    /// <summary>The checksum was right, but who made it may have meant harm: nothing is believed that the file's own length does not bear out.</summary>
    private static long ReadBlocks(string path, FileStream stream, int latentSize, int bits, Action<CodeBlock> read)
    {
        long end = stream.Length - TailLength;
        var head = new byte[3 * sizeof(int)];
        long all = 0;
        stream.Position = HeadLength;
        while (stream.Position < end)
        {
            Fill(head);
            int count = BinaryPrimitives.ReadInt32LittleEndian(head),
                names = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(sizeof(int))),
                codes = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(2 * sizeof(int)));
            if (!IsBlock(count, latentSize) || names < 0 || codes < 0 || (long)names + codes > end - stream.Position)
                throw Damaged(path, $"a block of {count} images, {names} bytes of names and {codes} bytes of codes");
            byte[] packedNames = new byte[names],
                packed = new byte[codes];
            Fill(packedNames);
            Fill(packed);
            read(new(ArchiveNames.Unpack(packedNames, count), CodePacking.Unpack(packed, count, latentSize, bits)));
            all += count;
        }
        Fill(head);
        Span<byte> tail = stackalloc byte[sizeof(long)];
        head.AsSpan(sizeof(int)).CopyTo(tail);
        if (
            stream.Position != end + head.Length
            || BinaryPrimitives.ReadInt32LittleEndian(head) != 0
            || BinaryPrimitives.ReadInt64LittleEndian(tail) != all
        )
            throw Damaged(path, "an end that is none");
        return all;

        void Fill(byte[] bytes)
        {
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
                throw Cut(path);
        }
    }

    private static LatentException Cut(string path) => Damaged(path, "a file that ends too early");

    private static LatentException Damaged(string path, string received) =>
        new($"'{path}' is damaged.", "an archive of codes, whole", received, "get the file again; nothing was written");
}
