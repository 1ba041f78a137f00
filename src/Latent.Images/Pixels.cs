namespace Latent.Images;

/// <summary>Numbers from 0 to 1 as the bytes of an image.</summary>
public static class Pixels
{
    /// <summary>The nearest byte of a number from 0 to 1 (halves go up); what is beyond is cut off, what is not a number is black.</summary>
    /// <param name="value">A pixel, 0 to 1.</param>
    public static byte ToByte(float value) => float.IsNaN(value) ? (byte)0 : (byte)(Math.Clamp(value, 0, 1) * 255 + 0.5f);

    /// <summary>The bytes of many numbers, each as <see cref="ToByte"/> makes it.</summary>
    /// <param name="pixels">Pixels, 0 to 1, in any order.</param>
    /// <returns>As many bytes, in the same order.</returns>
    public static byte[] ToBytes(ReadOnlySpan<float> pixels)
    {
        var bytes = new byte[pixels.Length];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = ToByte(pixels[i]);
        return bytes;
    }
}
