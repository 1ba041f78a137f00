using System.Runtime.Intrinsics;
using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Networks;
using Latent.Tests.Probes;
using Latent.Tests.Shared;

namespace Latent.Tests.Plain;

/// <summary>The fast engine against the plain reference in double precision, over random layers and chains.</summary>
public sealed class FastAgainstPlainTests
{
    /// <summary>
    /// Of the largest sum of magnitudes in the tensor. A product left out or counted twice changes far more: a sum has at most some
    /// ten thousand of them.
    /// </summary>
    private const double Tolerance = 3e-6;

    /// <summary>Without vector registers the kernels are emulated, some hundred times slower.</summary>
    private static int CasesPerKind => Vector128.IsHardwareAccelerated ? 20 : 3;

    public static TheoryData<string> Kinds() => [.. RandomCase.Layers, .. RandomCase.Chains, .. RandomCase.Compared];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Outputs_and_gradients_agree(string kind)
    {
        foreach (int number in RandomCase.Numbers(kind, CasesPerKind))
        {
            var @case = RandomCase.Large(kind, number);
            var fast = LayerProbe.Run(@case.Network, @case.Weights, @case.X, @case.Dy);
            var plain = @case.Plain().Gradient(RandomCase.Doubles(@case.X), RandomCase.Doubles(@case.Dy));
            var magnitudes = @case.Magnitudes();
            Compare(plain.Y, fast.Y, magnitudes.Y, "y");
            Compare(plain.Dx, fast.Dx, magnitudes.Dx, "dx");
            Assert.Equal(@case.Weights.Layout.Length, fast.Gradients.Length);
            foreach (var parameter in @case.Weights.Layout.Parameters)
            {
                var range = parameter.Offset..(parameter.Offset + parameter.Count);
                Compare(plain.Gradients[range], fast.Gradients[range], magnitudes.Gradients[range], parameter.Name);
            }

            void Compare(double[] expected, float[] actual, double[] magnitude, string what) =>
                Near.Absolute(
                    expected,
                    Near.Doubles(actual),
                    Tolerance * Math.Max(Near.Largest(magnitude), Near.Largest(expected)),
                    $"{@case}, {what}"
                );
        }
    }

    public static TheoryData<string> Trained() => [.. RandomCase.Trained];

    /// <summary>In training: what is drawn, and statistics of batches that are no multiple of a chunk, with the ways that they move.</summary>
    [Theory]
    [MemberData(nameof(Trained))]
    public void In_training_they_agree_too(string kind)
    {
        foreach (int number in RandomCase.Numbers(kind, CasesPerKind))
        {
            var @case = RandomCase.Large(kind, number);
            var network = @case.Plain(training: true);
            var plain = network.Gradient(RandomCase.Doubles(@case.X), RandomCase.Doubles(@case.Dy));
            double[] moved = network.Moved(RandomCase.Doubles(@case.X));
            var fast = LayerProbe.Run(@case.Network, @case.Weights, @case.X, @case.Dy, training: number);
            Near.Relative(plain.Y, Near.Doubles(fast.Y), 2e-5, $"{@case}, y");
            Near.Relative(plain.Dx, Near.Doubles(fast.Dx), 2e-4, $"{@case}, dx");
            double largest = Near.Largest(plain.Gradients);
            foreach (var parameter in @case.Weights.Layout.Parameters)
            {
                var range = parameter.Offset..(parameter.Offset + parameter.Count);
                if (parameter.Weight.Trainable)
                    Near.Absolute(
                        plain.Gradients[range],
                        Near.Doubles(fast.Gradients[range]),
                        2e-5 * largest,
                        $"{@case}, {parameter.Name}"
                    );
                else
                    Near.Relative(moved[range], Near.Doubles(@case.Weights[parameter]), 2e-6, $"{@case}, {parameter.Name}");
            }
        }
    }

    /// <summary>Small whole numbers: most windows have several largest ones. Sums of small whole numbers are exact in any order.</summary>
    [Fact]
    public void Of_equal_numbers_in_a_window_the_first_takes_the_gradient()
    {
        var random = new RandomStream(6, "tests/ties");
        foreach (var padding in (Padding[])[Padding.Valid, Padding.Same])
        foreach (int pool in (int[])[2, 3])
        foreach (int stride in (int[])[1, 2, 3])
        foreach (int channels in (int[])[1, 8, 19])
        {
            var network = new Network("ties", new Shape(7, 6, channels), new MaxPooling2D(pool, stride, padding));
            var weights = new WeightStore(new ParameterLayout(network));
            float[] x = [.. Enumerable.Range(0, 3 * network.Input.Size).Select(_ => random.Next(3) - 2f)];
            float[] dy = [.. Enumerable.Range(0, 3 * network.Output.Size).Select(_ => random.Next(9) - 4f)];
            var plain = new PlainNetwork<float>(weights).Gradient(x, dy);
            var fast = LayerProbe.Run(network, weights, x, dy);
            Assert.Equal(plain.Y, fast.Y);
            Assert.Equal(plain.Dx, fast.Dx);
        }
    }
}
