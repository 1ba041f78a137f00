using System.Runtime.Intrinsics;
using Latent.Engine;
using Latent.Engine.Plain;
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

    public static TheoryData<string> Kinds() => [.. RandomCase.Layers, .. RandomCase.Chains];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Outputs_and_gradients_agree(string kind)
    {
        for (int number = 0; number < CasesPerKind; number++)
        {
            var @case = RandomCase.Large(kind, number);
            var fast = LayerProbe.Run(@case.Network, @case.Weights, @case.X, @case.Dy);
            var plain = new PlainNetwork<double>(@case.Weights).Gradient(RandomCase.Doubles(@case.X), RandomCase.Doubles(@case.Dy));
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
                Near.Absolute(expected, Near.Doubles(actual), Tolerance * Math.Max(Near.Largest(magnitude), 1e-3), $"{@case}, {what}");
        }
    }
}
