using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>eˣ / Σ eˣ over the channels of each pixel; the largest is subtracted first, so that nothing overflows.</summary>
internal sealed unsafe class SoftmaxOperation(Shape shape) : Operation(shape, shape)
{
    private readonly int _channels = shape.Channels;

    public override string Describe() => "softmax over the channels";

    public override void Forward(in Frame f)
    {
        int length = InputShape.Width * _channels;
        for (int n = 0; n < f.Images; n++)
        for (int row = 0; row < InputShape.Height; row++)
        {
            float* x = RunOf(f, Input, n, 0) + (nint)row * Input.RowStride,
                y = RunOf(f, Output, n, 0) + (nint)row * Output.RowStride;
            for (int pixel = 0; pixel < length; pixel += _channels)
            {
                float most = x[pixel];
                for (int c = 1; c < _channels; c++)
                    most = MathF.Max(most, x[pixel + c]);
                for (int c = 0; c < _channels; c++)
                    y[pixel + c] = x[pixel + c] - most;
            }
            Activations.Forward(Networks.Activation.Exponential, y, length); // all of a row at once: most of the work
            for (int pixel = 0; pixel < length; pixel += _channels)
            {
                float sum = 0;
                for (int c = 0; c < _channels; c++)
                    sum += y[pixel + c];
                for (int c = 0; c < _channels; c++)
                    y[pixel + c] /= sum;
            }
        }
    }

    public override void Backward(in Frame f)
    {
        if (InputGradient is not { } gradient)
            return;
        for (int n = 0; n < f.Images; n++)
        for (int pixel = 0; pixel < InputShape.Height * InputShape.Width; pixel++)
        {
            float* y = At(f, Output, n, pixel),
                dy = At(f, OutputGradient!, n, pixel),
                dx = At(f, gradient, n, pixel);
            float mean = 0;
            for (int c = 0; c < _channels; c++)
                mean += y[c] * dy[c];
            for (int c = 0; c < _channels; c++)
                dx[c] = y[c] * (dy[c] - mean);
        }
    }

    private float* At(in Frame f, Tensor tensor, int image, int pixel) =>
        RunOf(f, tensor, image, 0) + (nint)(pixel / InputShape.Width) * tensor.RowStride + (nint)(pixel % InputShape.Width) * _channels;
}
