using System.Collections.Immutable;

namespace Latent.Networks;

/// <summary>How the article's encoder makes the image smaller.</summary>
public enum Downsampling
{
    /// <summary>Convolutions with a stride of 2: the article's code.</summary>
    Strides,

    /// <summary>Convolutions with a stride of 1, then max pooling.</summary>
    MaxPooling,
}

/// <summary>How the article's decoder makes the image larger.</summary>
public enum Upsampling
{
    /// <summary>Each pixel repeated, then a convolution: the article's code.</summary>
    UpSampling,

    /// <summary>Transposed convolutions with a stride of 2.</summary>
    TransposedConvolution,
}

/// <summary>The article's network: an encoder from an image to a code and a decoder back, each usable alone.</summary>
public static class Article
{
    /// <summary>The article's image: 28 × 28 grey pixels.</summary>
    public static Shape Mnist { get; } = new(28, 28, 1);

    /// <summary>Four 3 × 3 convolutions of 8 channels that quarter both sides, then a dense layer to the code.</summary>
    /// <param name="latent">The size of the code, at least 1.</param>
    /// <param name="image">Height and width divisible by 4, any channels; null for 28 × 28 × 1.</param>
    /// <param name="downsampling">Strides as in the article's code, or max pooling.</param>
    /// <param name="codeActivation">On the code: null for linear (the article's code); its prose has ReLU.</param>
    /// <exception cref="LatentException">The latent size is below 1 or a side is not divisible by 4.</exception>
    public static Network Encoder(
        int latent,
        Shape? image = null,
        Downsampling downsampling = Downsampling.Strides,
        Activation? codeActivation = null
    )
    {
        var input = Check(latent, image);
        var layers = ImmutableArray.CreateBuilder<Layer>();
        for (int i = 0; i < 4; i++)
        {
            bool halves = i % 2 == 0;
            layers.Add(Convolution(8, strides: halves && downsampling == Downsampling.Strides ? 2 : 1));
            if (halves && downsampling == Downsampling.MaxPooling)
                layers.Add(new MaxPooling2D(2, Padding: Padding.Same));
        }
        layers.Add(new Flatten());
        layers.Add(new Dense(latent, codeActivation));
        return new("encoder", input, layers.ToImmutable());
    }

    /// <summary>A dense layer to a quarter-sized image of 64 channels, then convolutions of 64, 32 and the image's channels.</summary>
    /// <param name="latent">The size of the code, at least 1.</param>
    /// <param name="image">Height and width divisible by 4, any channels; null for 28 × 28 × 1.</param>
    /// <param name="upsampling">Upsampling as in the article, or transposed convolutions.</param>
    /// <exception cref="LatentException">The latent size is below 1 or a side is not divisible by 4.</exception>
    public static Network Decoder(int latent, Shape? image = null, Upsampling upsampling = Upsampling.UpSampling)
    {
        var output = Check(latent, image);
        var small = new Shape(output.Height / 4, output.Width / 4, 64);
        var layers = ImmutableArray.CreateBuilder<Layer>();
        layers.Add(new Dense(small.Size, Activation.Relu));
        layers.Add(new Reshape(small));
        layers.Add(Convolution(64));
        Enlarge(32, Activation.Relu);
        Enlarge(output.Channels, Activation.Sigmoid);
        return new("decoder", Shape.Vector(latent), layers.ToImmutable());

        void Enlarge(int filters, Activation activation)
        {
            if (upsampling == Upsampling.UpSampling)
                layers.AddRange(new UpSampling2D(2), Convolution(filters, activation: activation));
            else
                layers.Add(new Conv2DTranspose(filters, 3, 2, Padding.Same, activation));
        }
    }

    private static Conv2D Convolution(int filters, int strides = 1, Activation? activation = null) =>
        new(filters, 3, strides, Padding.Same, activation ?? Activation.Relu);

    private static Shape Check(int latent, Shape? image)
    {
        if (latent < 1)
            throw new LatentException(
                "The latent size is out of range.",
                "a whole number of at least 1",
                $"{latent}",
                "10 reconstructs well, 2 can be drawn as a plane"
            );
        var shape = image ?? Mnist;
        if (shape.IsVector || shape.Height % 4 != 0 || shape.Width % 4 != 0)
            throw new LatentException(
                "The article's network cannot take this image.",
                "a height and a width divisible by 4",
                $"{shape}",
                "pad or crop the images, or describe a network of your own"
            );
        return shape;
    }
}
