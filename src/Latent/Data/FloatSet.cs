using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Latent.Data;

/// <summary>Numbers of any shape in memory, as floats that the engine takes as they are: vectors, maps, masks with a channel for each class.</summary>
public sealed class FloatSet : SampleSet
{
    private const int Most = int.MaxValue / sizeof(float); // what can be hashed and pinned as bytes

    private readonly ReadOnlyMemory<float> _numbers;
    private string? _checksum;

    private FloatSet(string name, Networks.Shape shape, ReadOnlyMemory<float> numbers)
        : base(name, shape, numbers.Length / shape.Size) => _numbers = numbers;

    /// <summary>All numbers, sample by sample, then height, width, channels.</summary>
    public ReadOnlySpan<float> Numbers => _numbers.Span;

    /// <summary>
    /// SHA-256, 64 lower-case hex digits, over count, height, width and channels (four little-endian 32-bit numbers) and the floats.
    /// </summary>
    public override string Checksum => _checksum ??= ChecksumOf(this);

    internal override PinnedNumbers Pin() => PinnedNumbers.Of(_numbers);

    internal override bool IsBytes => false;

    /// <summary>A set from numbers, which are copied.</summary>
    /// <param name="numbers">count × shape size numbers; at least one sample.</param>
    /// <param name="shape">The shape of one sample.</param>
    /// <param name="name">What the set is called.</param>
    /// <exception cref="LatentException">The length is no multiple of the shape's size, or a number is not finite.</exception>
    public static FloatSet From(ReadOnlySpan<float> numbers, Networks.Shape shape, string name = "numbers")
    {
        if (shape.Size == 0)
            throw new LatentException(
                "The numbers have no shape.",
                "a shape of at least one number",
                $"{shape}",
                "give new Shape(…) or Shape.Vector(n)"
            );
        if (numbers.Length > Most)
            throw new LatentException(
                "There are too many numbers for one set.",
                $"at most {Most:N0}",
                $"{numbers.Length:N0}",
                "use several sets"
            );
        if (numbers.IsEmpty || numbers.Length % shape.Size != 0)
            throw new LatentException(
                "The numbers do not fit the shape.",
                $"a multiple of {shape.Size}, {shape} each",
                $"{numbers.Length} numbers"
            );
        for (int i = 0; i < numbers.Length; i++)
            if (!float.IsFinite(numbers[i]))
                throw new LatentException(
                    $"A number of '{name}' is not finite.",
                    "finite numbers",
                    $"{numbers[i]} in sample {i / shape.Size}, number {i % shape.Size}"
                );
        return new(name, shape, numbers.ToArray());
    }

    /// <summary>A set around an array that the caller gives away: nothing is copied.</summary>
    internal static FloatSet Own(string name, Networks.Shape shape, float[] numbers) => new(name, shape, numbers);

    /// <summary>The numbers of one sample.</summary>
    public ReadOnlySpan<float> Sample(int index) => _numbers.Span.Slice(index * Shape.Size, Shape.Size);

    /// <inheritdoc/>
    public override FloatSet Slice(int start, int count)
    {
        CheckRange(start, count);
        return new(Name, Shape, _numbers.Slice(start * Shape.Size, count * Shape.Size));
    }

    /// <inheritdoc/>
    public override FloatSet Take(int count) => Slice(0, Math.Min(count, Count));

    /// <inheritdoc/>
    public override void CopyTo(int index, Span<float> numbers) => Sample(index).CopyTo(numbers);

    private static string ChecksumOf(FloatSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> head = stackalloc byte[4 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(head, set.Count);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], set.Shape.Height);
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], set.Shape.Width);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], set.Shape.Channels);
        hash.AppendData(head);
        hash.AppendData(MemoryMarshal.AsBytes(set.Numbers));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
