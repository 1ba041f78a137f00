using System.Collections.Immutable;

namespace Latent.Networks;

/// <summary>A two-dimensional convolution: each output number sums a window of the input, times the kernel.</summary>
/// <param name="Filters">Output channels, at least 1.</param>
/// <param name="Kernel">The window.</param>
/// <param name="Strides">The step of the window; null for 1.</param>
/// <param name="Padding">What happens at the border. Keras's default is 'valid', the article's 'same'.</param>
/// <param name="Activation">Applied to the sums; null for linear.</param>
/// <param name="UseBias">Whether a number per filter is added.</param>
public sealed record Conv2D(
    int Filters,
    Size2 Kernel,
    Size2? Strides = null,
    Padding Padding = Padding.Valid,
    Activation? Activation = null,
    bool UseBias = true
) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "Conv2D";

    internal override string BaseName => "conv2d";

    internal Size2 Stride => Strides ?? 1;

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        RequireImage(input);
        RequirePositive(Filters, "The number of filters");
        Kernel.Check("The kernel of Conv2D");
        Stride.Check("The stride of Conv2D");
        if (Padding == Padding.Valid && (input.Height < Kernel.Height || input.Width < Kernel.Width))
            throw new LatentException(
                "Conv2D's kernel is larger than its input.",
                $"an input of at least {Kernel}",
                $"{input}",
                "use Padding.Same or a smaller kernel"
            );
        return new(
            Window.Of(input.Height, Kernel.Height, Stride.Height, Padding).Output,
            Window.Of(input.Width, Kernel.Width, Stride.Width, Padding).Output,
            Filters
        );
    }

    /// <inheritdoc/>
    public override ImmutableArray<Weight> Weights(Shape input)
    {
        int taps = checked(Kernel.Height * Kernel.Width);
        var kernel = Weight.Kernel(
            [Kernel.Height, Kernel.Width, input.Channels, Filters],
            checked(taps * input.Channels),
            checked(taps * Filters)
        );
        return UseBias ? [kernel, Weight.Bias(Filters)] : [kernel];
    }
}

/// <summary>A transposed convolution: each input number adds the kernel, times itself, to a window of the output.</summary>
/// <param name="Filters">Output channels, at least 1.</param>
/// <param name="Kernel">The window.</param>
/// <param name="Strides">The step of the window in the output; null for 1.</param>
/// <param name="Padding">'same': the output is the input times the stride; 'valid': all that the windows reach.</param>
/// <param name="Activation">Applied to the sums; null for linear.</param>
/// <param name="UseBias">Whether a number per filter is added.</param>
public sealed record Conv2DTranspose(
    int Filters,
    Size2 Kernel,
    Size2? Strides = null,
    Padding Padding = Padding.Valid,
    Activation? Activation = null,
    bool UseBias = true
) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "Conv2DTranspose";

    internal override string BaseName => "conv2d_transpose";

    internal Size2 Stride => Strides ?? 1;

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        RequireImage(input);
        RequirePositive(Filters, "The number of filters");
        Kernel.Check("The kernel of Conv2DTranspose");
        Stride.Check("The stride of Conv2DTranspose");
        return new(
            Window.Transposed(input.Height, Kernel.Height, Stride.Height, Padding).Output,
            Window.Transposed(input.Width, Kernel.Width, Stride.Width, Padding).Output,
            Filters
        );
    }

    /// <inheritdoc/>
    public override ImmutableArray<Weight> Weights(Shape input)
    {
        // Keras takes the fans from the last two axes, which are swapped here; only their sum counts.
        int taps = checked(Kernel.Height * Kernel.Width);
        var kernel = Weight.Kernel(
            [Kernel.Height, Kernel.Width, Filters, input.Channels],
            checked(taps * Filters),
            checked(taps * input.Channels)
        );
        return UseBias ? [kernel, Weight.Bias(Filters)] : [kernel];
    }
}
