using Latent.Engine;
using Latent.Engine.Kernels;
using Latent.Tests.Networks;

namespace Latent.Tests.Engine;

/// <summary>The engine's own exp, log and tanh, and its sums, against double precision.</summary>
public sealed unsafe class FunctionTests
{
    [Fact]
    public void Exp_is_within_3e_7()
    {
        for (double x = -86; x < 86; x += 0.0137)
            Near(Math.Exp((float)x), Functions.Exp<Scalar, float>((float)x), 3e-7, x);
    }

    [Fact]
    public void Log_is_within_3e_7()
    {
        for (double x = 1e-7; x < 1; x *= 1.0007)
            Assert.True(
                Math.Abs(Functions.Log<Scalar, float>((float)x) - Math.Log((float)x)) < 3e-7 * Math.Max(1, Math.Abs(Math.Log(x))),
                $"log {x}"
            );
    }

    [Fact]
    public void Tanh_and_sigmoid_are_within_3e_7()
    {
        for (double x = -30; x < 30; x += 0.0011)
        {
            Assert.Equal(Math.Tanh((float)x), Functions.Tanh<Scalar, float>((float)x), 3e-7);
            Assert.Equal(1 / (1 + Math.Exp(-(float)x)), Functions.Sigmoid<Scalar, float>((float)x), 3e-7);
        }
    }

    [Fact]
    public void Extreme_inputs_stay_finite_and_a_NaN_stays_visible()
    {
        Assert.Equal(1, Functions.Sigmoid<Scalar, float>(float.PositiveInfinity));
        Assert.InRange(Functions.Sigmoid<Scalar, float>(float.NegativeInfinity), 0, 1e-37f);
        Assert.Equal(1, Functions.Tanh<Scalar, float>(1e30f));
        Assert.True(float.IsNaN(Functions.Exp<Scalar, float>(float.NaN)));
        Assert.True(float.IsNaN(ReluKernel.Forward<Scalar, float>(float.NaN, default)));
    }

    // The vectors of this process and the scalar kernels must agree to the bit; a NaN's bits may differ.
    [Fact]
    public void Vectors_give_the_bits_of_the_scalar_kernels()
    {
        var random = new RandomStream(2, "functions");
        foreach (var activation in EveryPart.Functions)
        {
            float[] values = [.. Enumerable.Range(0, 1031).Select(_ => (float)(random.NextGaussian() * 10))],
                forward = (float[])values.Clone(),
                backward = [.. Enumerable.Range(0, 1031).Select(_ => (float)random.NextGaussian())],
                gradients = (float[])backward.Clone();
            fixed (float* x = forward)
            fixed (float* g = backward)
            {
                Activations.Forward(activation, x, values.Length);
                Activations.Backward(activation, x, g, values.Length);
            }
            for (int i = 0; i < values.Length; i++)
            {
                float one = values[i],
                    gradient = gradients[i];
                Activations.Forward(activation, &one, 1);
                Activations.Backward(activation, &one, &gradient, 1);
                Assert.Equal(BitConverter.SingleToInt32Bits(one), BitConverter.SingleToInt32Bits(forward[i]));
                Assert.Equal(BitConverter.SingleToInt32Bits(gradient), BitConverter.SingleToInt32Bits(backward[i]));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(17)]
    [InlineData(64)]
    public void Sums_over_pixels_are_the_sums(int channels)
    {
        const int Rows = 5,
            Pixels = 13;
        int stride = Pixels * channels + 7;
        var random = new RandomStream(3, $"sums/{channels}");
        var x = new FloatBuffer(Rows * stride);
        foreach (ref float value in x.Span)
            value = (float)random.NextDouble();
        var sum = new FloatBuffer(channels);
        sum.Span.Fill(1);
        Sums.AddPixels(x.Pointer, Rows, stride, Pixels, channels, sum.Pointer);
        for (int c = 0; c < channels; c++)
        {
            double expected = 1;
            for (int row = 0; row < Rows; row++)
            for (int pixel = 0; pixel < Pixels; pixel++)
                expected += x.Span[row * stride + pixel * channels + c];
            Near(expected, sum.Span[c], 1e-6, c);
        }
    }

    private static void Near(double expected, double actual, double tolerance, double at) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"{actual} at {at}, not {expected}");
}
