using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Networks;
using Latent.Tests.Probes;

namespace Latent.Tests.Plain;

/// <summary>Activations where random numbers seldom fall: on a threshold itself, and far from zero.</summary>
public sealed class ActivationEdgeTests
{
    /// <summary>Keras multiplies by x &gt; threshold and clips after that; what is below comes from the ReLU of threshold − x.</summary>
    [Theory]
    [InlineData(0.75f, 1f, 0.25f, 2f, -0.0625f, 0.25f)] // below the threshold
    [InlineData(1f, 1f, 0.25f, 2f, 0f, 0f)] // on it
    [InlineData(1.5f, 1f, 0.25f, 2f, 1.5f, 1f)]
    [InlineData(3f, 1f, 0.25f, 2f, 2f, 0f)]
    [InlineData(0.75f, 1f, 0.25f, 0.5f, -0.0625f, 0.25f)] // above a maximum that is below the threshold
    [InlineData(1.5f, 1f, 0.25f, 0.5f, 0.5f, 0f)]
    [InlineData(0f, 0f, 0f, 6f, 0f, 0f)]
    public void ReLU_is_Keras_on_its_threshold_too(float x, float threshold, float slope, float maximum, float y, float dx)
    {
        var network = new Network("one", Shape.Vector(1), new ReLU(maximum, slope, threshold));
        var weights = new WeightStore(new ParameterLayout(network));
        var plain = new PlainNetwork<double>(weights).Gradient([x], [1]);
        var fast = LayerProbe.Run(network, weights, [x], [1]);
        Assert.Equal((y, dx), (plain.Y[0], plain.Dx[0]));
        Assert.Equal((y, dx), (fast.Y[0], fast.Dx[0]));
    }

    [Theory]
    [InlineData(9.5)]
    [InlineData(11)]
    [InlineData(20)]
    [InlineData(300)]
    public void Gelu_far_from_zero_is_x_or_nothing(double x)
    {
        var network = new Network("two", Shape.Vector(2), new ActivationLayer(Activation.Gelu));
        var weights = new WeightStore(new ParameterLayout(network));
        var plain = new PlainNetwork<double>(weights).Gradient([x, -x], [1, 1]);
        var single = new PlainNetwork<float>(weights).Gradient([(float)x, -(float)x], [1, 1]);
        var fast = LayerProbe.Run(network, weights, [(float)x, -(float)x], [1, 1]);
        foreach (
            var (y, dx) in (((double, double) Y, (double, double) Dx)[])
                [
                    ((plain.Y[0], plain.Y[1]), (plain.Dx[0], plain.Dx[1])),
                    ((single.Y[0], single.Y[1]), (single.Dx[0], single.Dx[1])),
                    ((fast.Y[0], fast.Y[1]), (fast.Dx[0], fast.Dx[1])),
                ]
        )
        {
            Assert.Equal(x, y.Item1, 1e-6 * x);
            Assert.Equal(0, y.Item2, 1e-6 * x);
            Assert.Equal((1, 0), (Math.Round(dx.Item1, 5), Math.Round(dx.Item2, 5)));
        }
    }
}
