using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Networks;
using Latent.Tests.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Plain;

/// <summary>The plain reference's gradients against central differences, in double precision.</summary>
public sealed class FiniteDifferenceTests
{
    private const double Step = 1e-5,
        Tolerance = 1e-6;
    private const int CasesPerKind = 12,
        NumbersPerCase = 60;

    public static TheoryData<string> Kinds() => [.. RandomCase.Layers, .. RandomCase.Chains, .. RandomCase.Trained];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_are_the_limits_of_differences(string kind)
    {
        foreach (int number in RandomCase.Numbers(kind, CasesPerKind))
        {
            var @case = RandomCase.Small(kind, number);
            var network = @case.Plain(RandomCase.Trained.Contains(kind));
            double[] x = RandomCase.Doubles(@case.X),
                dy = RandomCase.Doubles(@case.Dy);
            var (_, dx, gradients) = network.Gradient(x, dy);
            var random = new RandomStream(number, "tests/finite differences");

            Compare(x, dx, Enumerable.Range(0, x.Length), "the inputs");
            foreach (var parameter in @case.Weights.Layout.Parameters.Where(p => p.Weight.Trainable))
                Compare(network.Weights, gradients, Enumerable.Range(parameter.Offset, parameter.Count), parameter.Name);

            void Compare(double[] values, double[] gradient, IEnumerable<int> range, string what)
            {
                int[] indices = [.. range];
                double largest = indices.Max(i => Math.Abs(gradient[i]));
                random.Shuffle<int>(indices);
                foreach (int i in indices.Take(NumbersPerCase))
                {
                    double value = values[i];
                    values[i] = value + Step;
                    double above = Sum();
                    values[i] = value - Step;
                    double below = Sum();
                    values[i] = value;
                    double difference = (above - below) / (2 * Step);
                    Assert.True(
                        Math.Abs(difference - gradient[i]) <= Tolerance * Math.Max(largest, 1e-3),
                        $"{@case}, {what}, number {i}: {gradient[i]:g9}, by differences {difference:g9}"
                    );
                }
            }

            double Sum() => network.Forward(x).Zip(dy, (a, b) => a * b).Sum();
        }
    }

    [Fact]
    public void Every_layer_is_in_a_random_case()
    {
        string[] kinds = [.. Kinds().Select(row => row.Data), "penalties"];
        var drawn = kinds
            .SelectMany(kind => Enumerable.Range(0, 12).SelectMany(number => RandomCase.Small(kind, number).Network.Layers))
            .Select(layer => layer.GetType())
            .ToHashSet();
        Assert.Empty(EveryPart.Classes<Layer>().Except(drawn));
    }

    [Fact]
    public void Of_equal_numbers_in_a_window_the_first_takes_the_gradient()
    {
        var network = new Network("ties", new Shape(3, 3, 1), new MaxPooling2D(2, 1, Padding.Same));
        var plain = new PlainNetwork<double>(new WeightStore(new ParameterLayout(network)));
        // All equal and below the zeros of the padding, which must not win.
        double[] x = [.. Enumerable.Repeat(-1.0, 9)];
        var (y, dx, _) = plain.Gradient(x, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Assert.Equal(x, y);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], dx);
    }
}
