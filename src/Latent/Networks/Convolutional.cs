namespace Latent.Networks;

/// <summary>
/// The autoencoder of Keras's example of image denoising: convolutions and max pooling to maps of a quarter of the image's sides, transposed
/// convolutions back. Its code keeps where things are and is no smaller than the image: it is for denoising, not for compressing.
/// </summary>
public static class Convolutional
{
    /// <summary>Filters of each convolution in Keras's example.</summary>
    public const int Filters = 32;

    /// <summary>Twice a 3 × 3 convolution with ReLU and a max pooling of 2.</summary>
    /// <param name="image">Height and width divisible by 4, any channels; null for 28 × 28 × 1.</param>
    /// <param name="filters">Filters of each convolution, at least 1.</param>
    /// <exception cref="LatentException">A side is not divisible by 4, or the filters are out of range.</exception>
    public static Network Encoder(Shape? image = null, int filters = Filters)
    {
        var input = Check(image, filters);
        Conv2D convolution = new(filters, 3, 1, Padding.Same, Activation.Relu);
        MaxPooling2D pooling = new(2, Padding: Padding.Same);
        return new("encoder", input, [convolution, pooling, convolution, pooling]);
    }

    /// <summary>Two transposed 3 × 3 convolutions with a stride of 2 and ReLU, then a 3 × 3 convolution to the image with a sigmoid.</summary>
    /// <param name="image">Height and width divisible by 4, any channels; null for 28 × 28 × 1.</param>
    /// <param name="filters">As the encoder's.</param>
    /// <exception cref="LatentException">A side is not divisible by 4, or the filters are out of range.</exception>
    public static Network Decoder(Shape? image = null, int filters = Filters)
    {
        var output = Check(image, filters);
        Conv2DTranspose enlarging = new(filters, 3, 2, Padding.Same, Activation.Relu);
        return new(
            "decoder",
            new(output.Height / 4, output.Width / 4, filters),
            [enlarging, enlarging, new Conv2D(output.Channels, 3, 1, Padding.Same, Activation.Sigmoid)]
        );
    }

    private static Shape Check(Shape? image, int filters)
    {
        var shape = image ?? Article.Mnist;
        if (filters < 1)
            throw new LatentException("The number of filters is out of range.", "at least 1", $"{filters}");
        if (shape.IsVector || shape.Height % 4 != 0 || shape.Width % 4 != 0)
            throw new LatentException(
                "The convolutional network cannot take this image.",
                "a height and a width divisible by 4",
                $"{shape}",
                "pad or crop the images, or describe a network of your own"
            );
        return shape;
    }
}
