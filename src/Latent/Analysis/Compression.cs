using Latent.Networks;

namespace Latent.Analysis;

/// <summary>
/// How much smaller a code is than its image, counted in numbers and in bytes. Images are bytes, codes are 32-bit floats, so the two ratios
/// differ by a factor of four.
/// </summary>
/// <param name="Image">The shape of one image.</param>
/// <param name="LatentSize">How many numbers a code has.</param>
public readonly record struct Compression(Shape Image, int LatentSize)
{
    /// <summary>Bytes of one image: a byte per number.</summary>
    public int ImageBytes => Image.Size;

    /// <summary>Bytes of one code: four per number.</summary>
    public int CodeBytes => LatentSize * sizeof(float);

    /// <summary>Numbers of an image over numbers of a code: 78.4 for 28 × 28 pixels and 10 numbers.</summary>
    public double NumbersRatio => (double)Image.Size / LatentSize;

    /// <summary>Bytes of an image over bytes of a code: 19.6 for 28 × 28 pixels and 10 numbers.</summary>
    public double BytesRatio => (double)ImageBytes / CodeBytes;
}
