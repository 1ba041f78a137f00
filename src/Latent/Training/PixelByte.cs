namespace Latent.Training;

/// <summary>Numbers from 0 to 1 as bytes of an image.</summary>
internal static class PixelByte
{
    /// <summary>The nearest byte, halves up; what is beyond is cut off, what is not a number is black.</summary>
    public static byte Of(float value) => float.IsNaN(value) ? (byte)0 : (byte)(Math.Clamp(value, 0, 1) * 255 + 0.5f);
}
