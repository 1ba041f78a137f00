namespace Latent.Images;

/// <summary>A kind of image file.</summary>
public enum PictureFormat
{
    /// <summary>Lossless.</summary>
    Png,

    /// <summary>Lossy, with a quality from 0 to 100.</summary>
    Jpeg,

    /// <summary>Lossy, with a quality from 0 to 100.</summary>
    WebP,
}
