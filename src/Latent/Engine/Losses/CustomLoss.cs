using Latent.Networks;

namespace Latent.Engine;

/// <summary>
/// A loss of your own: derive a sealed record from it, and write the loss of one output and its gradient. It is called from several threads
/// at once, so it may change nothing but the gradient. For the same bits with any number of threads the same numbers must give the same loss.
/// </summary>
/// <remarks>
/// Latent's own losses can be parts of it, by <see cref="Loss.Of"/>. A file holds its name only: a training with it is resumed with its options
/// given again.
/// </remarks>
public abstract record CustomLoss : Loss
{
    /// <summary>The name in files and figures. Default: that of the C# class.</summary>
    public override string Name => GetType().Name;

    /// <summary>The loss of one output; a batch's is the mean over its images.</summary>
    /// <param name="output">What the model gave: height × width × channels numbers.</param>
    /// <param name="target">What it should have given, as many.</param>
    /// <param name="shape">The shape of both.</param>
    /// <param name="gradient">Receives the gradient for the output; empty where it is not wanted.</param>
    protected abstract double Compute(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Shape shape, Span<float> gradient);

    internal sealed override int Terms(Shape output) => 1;

    internal unsafe double Sum(float* output, float* target, float* gradient, float scale, Shape shape)
    {
        var slopes = new Span<float>(gradient, gradient == null ? 0 : shape.Size);
        double loss = Compute(new(output, shape.Size), new(target, shape.Size), shape, slopes);
        foreach (ref float slope in slopes)
            slope *= scale;
        return loss;
    }
}
