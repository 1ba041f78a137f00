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
) : KernelLayer
{
    /// <inheritdoc/>
    public override string ClassName => "Conv2D";

    internal Size2 Stride => Strides ?? 1;

    /// <summary>From one row or column of the window to the next; null for 1: the window has no gaps. Either this or the stride is 1.</summary>
    public Size2? DilationRate { get; init; }

    internal Size2 Dilation => DilationRate ?? 1;

    /// <summary>Rows and columns that the window with its gaps reaches over.</summary>
    internal Size2 Reach => new(checked((Kernel.Height - 1) * Dilation.Height + 1), checked((Kernel.Width - 1) * Dilation.Width + 1));

    internal override void Check(OptionChecks checks)
    {
        checks.AtLeast("Filters", Filters, 1);
        Kernel.Check(checks, "Kernel");
        Stride.Check(checks, "Strides");
        base.Check(checks);
        checks.Known("Padding", Padding);
        Activation?.Check(checks);
        Dilation.Check(checks, "DilationRate");
        if (Stride != 1 && Dilation != 1)
            checks.Add("DilationRate", $"must be 1 where there is a stride, as in Keras; it is {Dilation}, and the stride {Stride}.");
    }

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        Require();
        RequireImage(input);
        if (Padding == Padding.Valid && (input.Height < Reach.Height || input.Width < Reach.Width))
            throw new LatentException(
                "Conv2D's kernel is larger than its input.",
                $"an input of at least {Reach}",
                $"{input}",
                "use Padding.Same or a smaller kernel"
            );
        return new(
            Window.Of(input.Height, Reach.Height, Stride.Height, Padding).Output,
            Window.Of(input.Width, Reach.Width, Stride.Width, Padding).Output,
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
        return WithBias(kernel, Filters, UseBias);
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
) : KernelLayer
{
    /// <inheritdoc/>
    public override string ClassName => "Conv2DTranspose";

    internal Size2 Stride => Strides ?? 1;

    internal override void Check(OptionChecks checks)
    {
        checks.AtLeast("Filters", Filters, 1);
        Kernel.Check(checks, "Kernel");
        Stride.Check(checks, "Strides");
        base.Check(checks);
        checks.Known("Padding", Padding);
        Activation?.Check(checks);
    }

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        Require();
        RequireImage(input);
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
        return WithBias(kernel, Filters, UseBias);
    }
}
