using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Networks;
using Latent.Tests.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Plain;

/// <summary>The optimizers on a real layout against their plain reference in double precision, with a schedule's factor.</summary>
public sealed class OptimizersAgainstPlainTests
{
    private const int Steps = 7;

    /// <summary>Wide, tall and square kernels, transposed ones, single rows and columns, lengths that fill no vector.</summary>
    private static readonly ParameterLayout Layout = new(
        new Network(
            "encoder",
            new Shape(5, 7, 3),
            new Conv2D(19, 3, Padding: Padding.Same),
            new Conv2D(1, 1),
            new Conv2D(4, (1, 3)),
            new Flatten(),
            new Dense(5)
        ),
        new Network(
            "decoder",
            Shape.Vector(5),
            new Dense(36),
            new Reshape(new Shape(2, 2, 9)),
            new Conv2DTranspose(9, 1),
            new Conv2DTranspose(6, 3, 2, Padding.Same, UseBias: false),
            new Conv2D(2, 3, Padding: Padding.Same)
        )
    );

    private static readonly Dictionary<string, Optimizer> s_optimizers = new(StringComparer.Ordinal)
    {
        ["sgd"] = new SGD(),
        ["sgd momentum"] = new SGD(3e-3f, 0.9f),
        ["sgd nesterov, decay"] = new SGD(3e-3f, 0.9f, Nesterov: true) { WeightDecay = 0.1f },
        ["rmsprop"] = new RMSprop(),
        ["rmsprop momentum, decay"] = new RMSprop(3e-3f, 0.8f, 0.7f) { WeightDecay = 0.1f },
        ["rmsprop centered"] = new RMSprop(Centered: true, Momentum: 0.5f),
        ["rmsprop only centered, average"] = new RMSprop(Centered: true) { UseEma = true },
        ["adam"] = new Adam(2e-3f, 0.8f, 0.95f),
        ["adam amsgrad"] = new Adam(2e-3f, 0.8f, 0.6f, AmsGrad: true),
        ["adam norm"] = new Adam { ClipNorm = 0.05f },
        ["adam global norm"] = new Adam { GlobalClipNorm = 0.1f },
        ["adam value, average"] = new Adam
        {
            ClipValue = 5e-3f,
            UseEma = true,
            EmaMomentum = 0.7f,
            EmaOverwriteFrequency = 3,
        },
        ["adamw"] = new AdamW(WeightDecay: 0.05f, AmsGrad: true),
        ["nadam"] = new Nadam(),
        ["nadam decay"] = new Nadam(2e-3f, 0.8f, 0.95f)
        {
            WeightDecay = 0.1f,
            UseEma = true,
            EmaMomentum = 0,
        },
        ["lion"] = new Lion(),
        ["lion decay, global norm"] = new Lion(3e-4f, 0.8f, 0.95f) { WeightDecay = 0.1f, GlobalClipNorm = 0.1f },
        ["muon"] = new Muon(),
        ["muon norm, decay, average"] = new Muon
        {
            ClipNorm = 0.05f,
            WeightDecay = 0.1f,
            UseEma = true,
            EmaOverwriteFrequency = 2,
        },
    };

    public static TheoryData<string> Names() => [.. s_optimizers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Optimizer_agrees_with_its_reference(string name)
    {
        var weights = new WeightStore(Layout);
        weights.Initialize(3);
        var start = Near.Doubles(weights.Values);
        var expected = Near.Doubles(weights.Values);
        var state = new OptimizerState(s_optimizers[name], Layout);
        var plain = new PlainOptimizer<double>(s_optimizers[name], Layout);
        foreach (var (step, gradients) in Gradients().Index())
        {
            double factor = 1 / (1 + 0.3 * step);
            int version = weights.Version;
            state.Apply(weights, gradients, factor);
            plain.Apply(expected, Near.Doubles(gradients), factor);
            Assert.True(weights.Version > version, "a step must say that the weights changed");
            Assert.Equal(step + 1, state.Steps);
            foreach (var parameter in Layout.Parameters)
            {
                var range = parameter.Offset..(parameter.Offset + parameter.Count);
                double moved = Near.Largest([.. expected[range].Zip(start[range], (a, b) => a - b)]);
                double tolerance = 1e-4 * moved + 2e-7 * Near.Largest(expected.AsSpan(range));
                Near.Absolute(expected[range], Near.Doubles(weights[parameter]), tolerance, $"{parameter.Name} after step {step + 1}");
                if (state.Optimizer.UseEma)
                    Near.Absolute(plain.Averages[range], Near.Doubles(state.Averages[range]), tolerance, $"{parameter.Name}'s average");
            }
            Gaps_stay_zero(weights);
        }
    }

    [Fact]
    public void Every_optimizer_is_among_them() =>
        Assert.Empty(EveryPart.Classes<Optimizer>().Except(s_optimizers.Values.Select(optimizer => optimizer.GetType())));

    /// <summary>A gradient that is no number must be seen in the weights, whatever is done with it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_NaN_stays_one(string name)
    {
        var weights = new WeightStore(Layout);
        weights.Initialize(3);
        var gradients = Gradients().First();
        gradients[Layout.Parameters[0].Offset + 5] = float.NaN;
        var state = new OptimizerState(s_optimizers[name], Layout);
        state.Apply(weights, gradients);
        Assert.Contains(float.NaN, weights[Layout.Parameters[0]].ToArray());
    }

    [Fact]
    public void Plain_Muon_moves_a_matrix_by_one_of_equal_singular_values()
    {
        var layout = new ParameterLayout(new Network("one", Shape.Vector(4), new Dense(24, UseBias: false), new Dense(1, UseBias: false)));
        var random = new RandomStream(5, "tests/muon");
        var gradients = new double[layout.Length];
        var parameter = layout.Parameters[0];
        for (int i = 0; i < parameter.Count; i++)
            gradients[i] = random.NextGaussian();
        var weights = new double[layout.Length];
        new PlainOptimizer<double>(new Muon(LearningRate: 1), layout).Apply(weights, gradients);

        // The step's Gram matrix is κ² times nearly the identity; the polynomial leaves singular values between about 0.7 and 1.2.
        double scale = 2.0 / (4 + 24) * 24;
        for (int r = 0; r < 4; r++)
        for (int s = 0; s < 4; s++)
        {
            double product = Enumerable.Range(0, 24).Sum(c => weights[r * 24 + c] * weights[s * 24 + c]) / scale;
            Assert.InRange(product, r == s ? 0.45 : -0.4, r == s ? 1.5 : 0.4);
        }
        // It points along the gradient: Σ step · gradient is the sum of singular values, about that much.
        Assert.True(Enumerable.Range(0, parameter.Count).Sum(i => -weights[i] * gradients[i]) > 0.5 * Math.Sqrt(scale) * Math.Sqrt(4 * 24));
    }

    [Fact]
    public void Muon_leaves_the_last_layer_and_single_rows_and_columns_to_Adam()
    {
        string[] taken = [.. Layout.Parameters.Where(p => PlainMuon.Takes(p, Layout)).Select(p => p.Name)];
        Assert.Equal(
            [
                "encoder/conv2d/kernel",
                "encoder/conv2d_2/kernel",
                "encoder/dense/kernel",
                "decoder/dense_1/kernel",
                "decoder/conv2d_transpose/kernel",
                "decoder/conv2d_transpose_1/kernel",
            ],
            taken
        );
    }

    private static IEnumerable<float[]> Gradients()
    {
        var random = new RandomStream(4, "tests/optimizers");
        for (int step = 0; step < Steps; step++)
        {
            var gradients = new float[Layout.Length];
            foreach (var parameter in Layout.Parameters)
            foreach (ref float g in gradients.AsSpan(parameter.Offset, parameter.Count))
                g = (float)(random.NextGaussian() * 1e-2);
            yield return gradients;
        }
    }

    private static void Gaps_stay_zero(WeightStore weights)
    {
        var taken = new bool[Layout.Length];
        foreach (var parameter in Layout.Parameters)
            taken.AsSpan(parameter.Offset, parameter.Count).Fill(true);
        for (int i = 0; i < taken.Length; i++)
            Assert.True(taken[i] || weights.Values[i] == 0, $"the gap at {i} is no longer zero");
    }
}
