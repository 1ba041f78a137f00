namespace Latent.Formats;

/// <summary>The order of an image's numbers in memory.</summary>
public enum ImageLayout
{
    /// <summary>(batch, channels, height, width): what most programs with ONNX models expect.</summary>
    ChannelsFirst,

    /// <summary>(batch, height, width, channels): the order of pixels in an image file, and of Latent's own arrays.</summary>
    ChannelsLast,
}

/// <summary>A part of an autoencoder that can be a model of its own.</summary>
public enum ModelPart
{
    /// <summary>Image to code.</summary>
    Encoder,

    /// <summary>Code to output.</summary>
    Decoder,

    /// <summary>Image to output.</summary>
    Autoencoder,
}

/// <summary>How a model is written as ONNX.</summary>
public sealed record OnnxOptions
{
    /// <summary>The layout of images, and of codes that are feature maps, where they enter and leave the model. Vectors have none.</summary>
    public ImageLayout Layout { get; init; }

    /// <summary>
    /// Whether the model takes images as bytes (uint8, 0 to 255) and divides by 255 itself. Else it takes floats, 0 to 1. The outputs, and the
    /// codes that a decoder takes, are always floats.
    /// </summary>
    public bool Bytes { get; init; }
}
