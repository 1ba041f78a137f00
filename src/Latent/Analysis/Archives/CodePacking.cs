using System.Buffers.Binary;

namespace Latent.Analysis;

/// <summary>
/// Codes as few bytes. With 8 or 4 bits each number of the codes is one of 256 or 16 even steps between the least and the greatest that occur in
/// these codes, and the steps are entropy coded: a range coder with counts for each number, which adapt. With 32 bits the floats stay as they are. What is
/// unpacked has the same bits on any machine: the coder knows whole numbers only, and a step becomes a number in double precision.
/// </summary>
/// <remarks>
/// The bytes: with 32 bits the floats, little-endian, code by code. Else a least and a greatest float for each number, then the coder's bytes, code by
/// code, without the zeros at their end.
/// </remarks>
public static class CodePacking
{
    /// <summary>How many bits a number may have: 4, 8, and 32 for the floats themselves.</summary>
    public static IReadOnlyList<int> Bits { get; } = [4, 8, 32];

    /// <summary>Packs codes.</summary>
    /// <param name="codes">n × latent numbers, all finite.</param>
    /// <param name="latentSize">How many numbers a code has.</param>
    /// <param name="bits">One of <see cref="Bits"/>.</param>
    /// <exception cref="LatentException">The numbers are no whole codes or not finite, or the bits are others.</exception>
    public static byte[] Pack(ReadOnlySpan<float> codes, int latentSize, int bits)
    {
        Check(bits);
        int count = CodeRows.Count(codes, latentSize);
        foreach (float number in codes)
        {
            if (!float.IsFinite(number))
                throw new LatentException(
                    "The codes cannot be packed.",
                    "finite numbers",
                    $"{number}",
                    "train with a lower learning rate: the weights have diverged"
                );
        }
        if (bits == 32)
        {
            var floats = new byte[codes.Length * sizeof(float)];
            for (int i = 0; i < codes.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(floats.AsSpan(i * sizeof(float)), codes[i]);
            return floats;
        }
        var scales = Scales(codes, latentSize, bits);
        var models = Models(latentSize, bits);
        var coder = new RangeEncoder();
        for (int i = 0; i < count; i++)
        for (int j = 0; j < latentSize; j++)
            coder.Write(scales[j].Step(codes[i * latentSize + j]), models[j]);
        byte[] coded = coder.Finish();
        var packed = new byte[Head(latentSize) + coded.Length];
        for (int j = 0; j < latentSize; j++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(packed.AsSpan(2 * j * sizeof(float)), scales[j].Low);
            BinaryPrimitives.WriteSingleLittleEndian(packed.AsSpan((2 * j + 1) * sizeof(float)), scales[j].High);
        }
        coded.CopyTo(packed, Head(latentSize));
        return packed;
    }

    /// <summary>The codes that were packed: n × latent numbers.</summary>
    /// <param name="packed">What <see cref="Pack"/> gave. It is not known whether it is damaged: who keeps it, keeps a checksum too.</param>
    /// <param name="count">How many codes they are, at least 1.</param>
    /// <param name="latentSize">How many numbers a code has.</param>
    /// <param name="bits">What they were packed with.</param>
    /// <exception cref="LatentException">The bytes cannot be so many codes, or their ranges are no ranges.</exception>
    public static float[] Unpack(ReadOnlySpan<byte> packed, int count, int latentSize, int bits)
    {
        Check(bits);
        if (count < 1 || latentSize < 1 || (long)count * latentSize > Array.MaxLength)
            throw Damaged("a number of codes that can be", $"{count} codes of {latentSize}");
        long least = bits == 32 ? (long)count * latentSize * sizeof(float) : Head(latentSize);
        if (packed.Length < least || (bits == 32 && packed.Length != least))
            throw Damaged($"{least:N0} bytes{(bits == 32 ? "" : " or more")}", $"{packed.Length:N0}");
        var codes = new float[count * latentSize];
        if (bits == 32)
        {
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i] = BinaryPrimitives.ReadSingleLittleEndian(packed[(i * sizeof(float))..]);
                if (!float.IsFinite(codes[i]))
                    throw Damaged("finite numbers", $"{codes[i]}");
            }
            return codes;
        }
        var scales = new CodeScale[latentSize];
        for (int j = 0; j < latentSize; j++)
        {
            scales[j] = new(
                BinaryPrimitives.ReadSingleLittleEndian(packed[(2 * j * sizeof(float))..]),
                BinaryPrimitives.ReadSingleLittleEndian(packed[((2 * j + 1) * sizeof(float))..]),
                bits
            );
            if (!(scales[j].Low <= scales[j].High) || !float.IsFinite(scales[j].Low) || !float.IsFinite(scales[j].High))
                throw Damaged("a range for each number", $"{scales[j].Low} to {scales[j].High}");
        }
        var models = Models(latentSize, bits);
        var coder = new RangeDecoder(packed[Head(latentSize)..]);
        for (int i = 0; i < count; i++)
        for (int j = 0; j < latentSize; j++)
            codes[i * latentSize + j] = scales[j].Number(coder.Read(models[j]));
        return codes;
    }

    /// <summary>What of some packed bytes are ranges, and not codes.</summary>
    /// <param name="latentSize">How many numbers a code has.</param>
    internal static int Head(int latentSize) => checked(2 * sizeof(float) * latentSize);

    private static AdaptiveModel[] Models(int latentSize, int bits) =>
        [.. Enumerable.Range(0, latentSize).Select(_ => new AdaptiveModel(1 << bits))];

    private static CodeScale[] Scales(ReadOnlySpan<float> codes, int latentSize, int bits)
    {
        float[] low = codes[..latentSize].ToArray(),
            high = codes[..latentSize].ToArray();
        for (int i = latentSize; i < codes.Length; i++)
        {
            int j = i % latentSize;
            low[j] = Math.Min(low[j], codes[i]);
            high[j] = Math.Max(high[j], codes[i]);
        }
        return [.. low.Zip(high, (l, h) => new CodeScale(l, h, bits))];
    }

    private static void Check(int bits)
    {
        if (!Bits.Contains(bits))
            throw new LatentException("Codes cannot have so many bits a number.", string.Join(", ", Bits), $"{bits}");
    }

    private static LatentException Damaged(string expected, string received) =>
        new("Packed codes are damaged.", expected, received, "get them again");
}
