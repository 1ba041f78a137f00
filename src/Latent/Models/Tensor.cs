using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Latent.Models;

/// <summary>Numbers with a shape, as a file holds them. Immutable.</summary>
/// <param name="DType">The type of the numbers, in safetensors' words: "F32", "U8", "I64", …</param>
/// <param name="Shape">The sizes; empty for a single number.</param>
/// <param name="Data">The numbers' bytes, little-endian, the last size running fastest.</param>
public sealed record Tensor(string DType, ImmutableArray<int> Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>A tensor of 32-bit floats, which are copied.</summary>
    /// <param name="values">As many as the sizes multiply to.</param>
    /// <param name="shape">The sizes.</param>
    public static Tensor FromFloats(ReadOnlySpan<float> values, params ImmutableArray<int> shape) =>
        new("F32", Check(values.Length, shape), MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A tensor of bytes, which are copied.</summary>
    /// <param name="values">As many as the sizes multiply to.</param>
    /// <param name="shape">The sizes.</param>
    public static Tensor FromBytes(ReadOnlySpan<byte> values, params ImmutableArray<int> shape) =>
        new("U8", Check(values.Length, shape), values.ToArray());

    /// <summary>The numbers as floats: of "F32" as they are, of "U8" each byte's value, 0 to 255.</summary>
    /// <exception cref="LatentException">The numbers are of another type.</exception>
    public float[] ToFloats()
    {
        switch (DType)
        {
            case "F32":
                return MemoryMarshal.Cast<byte, float>(Data.Span).ToArray();
            case "U8":
                var values = new float[Data.Length];
                for (int i = 0; i < values.Length; i++)
                    values[i] = Data.Span[i];
                return values;
            default:
                throw new LatentException(
                    "A tensor holds numbers of a type that is not read here.",
                    "F32 or U8",
                    DType,
                    "convert the file's tensors to float32"
                );
        }
    }

    private static ImmutableArray<int> Check(int count, ImmutableArray<int> shape)
    {
        long product = shape.Aggregate(1L, (size, side) => checked(size * side));
        return product == count
            ? shape
            : throw new ArgumentException($"{count} numbers do not have the shape ({string.Join(", ", shape)}).", nameof(shape));
    }
}
