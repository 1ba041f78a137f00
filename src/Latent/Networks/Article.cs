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

    /// <summary>
    /// How often the network for an image halves its sides, so that about 7 × 7 pixels are left: log₂(shorter side / 7), rounded, and at least the
    /// article's 2. 28 and 32 have 2, 64 has 3, 128 has 4, 224 has 5.
    /// </summary>
    /// <param name="image">The image.</param>
    public static int Halvings(Shape image) => Math.Max(2, (int)Math.Round(Math.Log2(Math.Min(image.Height, image.Width) / 7.0)));

    /// <summary>
    /// Blocks of two 3 × 3 convolutions, the first of which halves both sides, then a dense layer to the code. The article has two blocks of 8
    /// channels; each block more has twice the channels of the one before.
    /// </summary>
    /// <param name="latent">The size of the code, at least 1.</param>
    /// <param name="image">Any image; null for 28 × 28 × 1.</param>
    /// <param name="downsampling">Strides as in the article's code, or max pooling.</param>
    /// <param name="codeActivation">On the code: null for linear (the article's code); its prose has ReLU.</param>
    /// <param name="halvings">The number of blocks, from 1 to 8; the article's 2 if not said, see <see cref="Halvings"/>.</param>
    /// <exception cref="LatentException">The latent size or the number of blocks is out of range, or the image is a vector.</exception>
    public static Network Encoder(
        int latent,
        Shape? image = null,
        Downsampling downsampling = Downsampling.Strides,
        Activation? codeActivation = null,
        int halvings = 2
    )
    {
        var input = Check(latent, image, halvings);
        var layers = ImmutableArray.CreateBuilder<Layer>();
        for (int i = 0; i < 2 * halvings; i++)
        {
            bool halves = i % 2 == 0;
            layers.Add(Convolution(8 << Math.Max(0, i / 2 - 1), strides: halves && downsampling == Downsampling.Strides ? 2 : 1));
            if (halves && downsampling == Downsampling.MaxPooling)
                layers.Add(new MaxPooling2D(2, Padding: Padding.Same));
        }
        layers.Add(new Flatten());
        layers.Add(new Dense(latent, codeActivation));
        return new("encoder", input, layers.ToImmutable());
    }

    /// <summary>
    /// A dense layer to a small image, a convolution, then doublings of both sides with a convolution behind each, the last to the image's
    /// channels. The convolution at half the image's size has 32 channels, at a quarter 64 as in the article, at an eighth and below 128. Where the
    /// sides are no multiples of the doublings, what stands over at the right and below is cut off.
    /// </summary>
    /// <param name="latent">The size of the code, at least 1.</param>
    /// <param name="image">Any image; null for 28 × 28 × 1.</param>
    /// <param name="upsampling">Upsampling as in the article, or transposed convolutions.</param>
    /// <param name="halvings">The number of doublings, from 1 to 8; the article's 2 if not said, see <see cref="Halvings"/>.</param>
    /// <exception cref="LatentException">The latent size or the number of doublings is out of range, or the image is a vector.</exception>
    public static Network Decoder(int latent, Shape? image = null, Upsampling upsampling = Upsampling.UpSampling, int halvings = 2)
    {
        var output = Check(latent, image, halvings);
        int height = Smaller(output.Height, halvings),
            width = Smaller(output.Width, halvings);
        var small = new Shape(height, width, Width(halvings));
        var layers = ImmutableArray.CreateBuilder<Layer>();
        layers.Add(new Dense(small.Size, Activation.Relu));
        layers.Add(new Reshape(small));
        layers.Add(Convolution(small.Channels));
        for (int level = halvings - 1; level >= 1; level--)
            Enlarge(Width(level), Activation.Relu);
        Enlarge(output.Channels, Activation.Sigmoid);
        var over = new Margins(0, (height << halvings) - output.Height, 0, (width << halvings) - output.Width);
        if (over.Bottom > 0 || over.Right > 0)
            layers.Add(new Cropping2D(over));
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

    /// <summary>The decoder's channels after so many halvings.</summary>
    private static int Width(int halvings) => Math.Min(32 << (halvings - 1), 128);

    /// <summary>A side after so many halvings, each rounded up as convolutions with padding 'same' do.</summary>
    private static int Smaller(int side, int halvings) => (side + (1 << halvings) - 1) >> halvings;

    private static Shape Check(int latent, Shape? image, int halvings)
    {
        if (latent < 1)
            throw new LatentException(
                "The latent size is out of range.",
                "a whole number of at least 1",
                $"{latent}",
                "10 reconstructs well, 2 can be drawn as a plane"
            );
        if (halvings is < 1 or > 8)
            throw new LatentException("The number of halvings is out of range.", "1 to 8", $"{halvings}", "see Article.Halvings(image)");
        var shape = image ?? Mnist;
        return !shape.IsVector
            ? shape
            : throw new LatentException("The article's network cannot take this image.", "height × width × channels", $"{shape}");
    }
}
