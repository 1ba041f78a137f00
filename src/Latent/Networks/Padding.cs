namespace Latent.Networks;

/// <summary>What a convolution or a pooling does at the border.</summary>
public enum Padding
{
    /// <summary>The window stays inside the image: output = floor((n − k) / s) + 1.</summary>
    Valid,

    /// <summary>Zeros around the image: output = ceil(n / s). An odd pixel of padding goes to the bottom and the right, as in Keras.</summary>
    Same,
}
