namespace Latent.Data;

/// <summary>
/// What a model is trained on or compared with, in memory: inputs or targets of one shape. Images are an <see cref="ImageSet"/>, numbers of
/// any shape a <see cref="FloatSet"/>. Immutable and thread-safe; a slice shares the numbers of its source.
/// </summary>
public abstract class SampleSet
{
    private protected SampleSet(string name, Networks.Shape shape, int count) => (Name, Shape, Count) = (name, shape, count);

    /// <summary>What the set is called in titles and messages.</summary>
    public string Name { get; }

    /// <summary>The shape of one sample.</summary>
    public Networks.Shape Shape { get; }

    /// <summary>How many samples.</summary>
    public int Count { get; }

    /// <summary>SHA-256 over all that is in the set, 64 lower-case hex digits. Computed when first asked for.</summary>
    public abstract string Checksum { get; }

    /// <summary>Samples start … start + count − 1, sharing the numbers.</summary>
    /// <exception cref="LatentException">The range lies outside the set.</exception>
    public abstract SampleSet Slice(int start, int count);

    /// <summary>The first samples: all where the set has fewer.</summary>
    public virtual SampleSet Take(int count) => Slice(0, Math.Min(count, Count));

    /// <summary>The numbers of one sample as the engine has them: a byte divided by 255, a float as it is.</summary>
    /// <param name="index">The sample.</param>
    /// <param name="numbers">Receives the numbers; as long as the shape's size.</param>
    public abstract void CopyTo(int index, Span<float> numbers);

    /// <summary>The numbers of all samples as the engine has them, sample by sample, in an array of their own.</summary>
    /// <exception cref="OverflowException">They are more than an array holds.</exception>
    public float[] ToFloats()
    {
        var numbers = new float[checked(Count * Shape.Size)];
        for (int i = 0; i < Count; i++)
            CopyTo(i, numbers.AsSpan(i * Shape.Size, Shape.Size));
        return numbers;
    }

    /// <summary>Where all samples lie: bytes or floats, as <see cref="IsBytes"/> says. The caller disposes it.</summary>
    internal abstract PinnedNumbers Pin();

    /// <summary>Whether a number is a byte, to be divided by 255; else it is a float.</summary>
    internal abstract bool IsBytes { get; }

    private protected void CheckRange(int start, int count)
    {
        if (start < 0 || count < 1 || start > Count - count)
            throw new LatentException(
                $"'{Name}' has no such part.",
                $"at least 1 of its {Count:N0} samples, from an index of at least 0",
                $"{count} from index {start}"
            );
    }
}
