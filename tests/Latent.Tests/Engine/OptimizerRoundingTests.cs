using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Engine;

/// <summary>Where single precision rounds shows in the weights when rates are large or averages long: it is to be where Keras rounds.</summary>
public sealed class OptimizerRoundingTests
{
    // What Keras's operations give in single precision, one after the other, for a weight of 0.5 and these gradients.
    private static readonly float[] s_gradients = [1, -0.5f, 0.25f, 2];

    private static readonly Dictionary<string, (Optimizer Optimizer, float[] Weights)> s_cases = new(StringComparer.Ordinal)
    {
        // in double precision 0.4000010, 0.3733711, 0.3393395, 0.2750265: at the first step 1 − 0.9999 has four digits
        ["adam"] = (new Adam(0.1f, Beta2: 0.9999f), [0.39999273f, 0.37336f, 0.33932722f, 0.27500892f]),
        // in double precision 0.3937212, 0.4329754, 0.4066501, 0.3055477
        ["nadam"] = (new Nadam(0.1f, Beta2: 0.9999f), [0.39372122f, 0.43297642f, 0.4066524f, 0.30554992f]),
        ["sgd"] = (new SGD(0.3f, 0.9f, Nesterov: true), [-0.07000005f, -0.02800005f, -0.26770005f, -1.5559301f]),
        ["rmsprop"] = (new RMSprop(0.3f, 0.95f, 0.5f, 1e-3f, Centered: true), [-0.86222994f, -0.9334766f, -1.2753437f, -2.669375f]),
    };

    public static TheoryData<string> Names() => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Single_precision_rounds_where_Keras_does(string name)
    {
        var (optimizer, expected) = s_cases[name];
        var layout = new ParameterLayout(new Network("one", Shape.Vector(1), new Dense(1, UseBias: false)));
        var weights = new WeightStore(layout);
        weights.Values[0] = 0.5f;
        float[] plainWeights = weights.Values.ToArray();
        var state = new OptimizerState(optimizer, layout);
        var plain = new PlainOptimizer<float>(optimizer, layout);
        for (int step = 0; step < s_gradients.Length; step++)
        {
            var gradients = new float[layout.Length];
            gradients[0] = s_gradients[step];
            state.Apply(weights, gradients);
            plain.Apply(plainWeights, gradients);
            Near.Absolute([expected[step]], [weights.Values[0]], 1.5e-7 * Math.Max(1, Math.Abs(expected[step])), $"step {step + 1}");
            Near.Absolute([expected[step]], [plainWeights[0]], 4e-7 * Math.Max(1, Math.Abs(expected[step])), $"plain, step {step + 1}");
        }
    }

    /// <summary>1 − decay · rate has a few digits of so small a decay; over many weights the mean must still be what was asked for.</summary>
    [Fact]
    public void A_small_decay_is_not_another_one()
    {
        const int Count = 1 << 14;
        const double Decay = 1e-6;
        var layout = new ParameterLayout(new Network("many", Shape.Vector(Count), new Dense(1, UseBias: false)));
        foreach (var optimizer in (Optimizer[])[new SGD(), new RMSprop(), new Adam(), new AdamW(), new Nadam(), new Lion(), new Muon()])
        {
            var weights = new WeightStore(layout);
            var random = new RandomStream(1, "decay");
            foreach (ref float weight in weights.Values[..Count])
                weight = 1 + (float)random.NextDouble();
            float[] start = weights.Values.ToArray();
            var gradients = new float[layout.Length];
            new OptimizerState(optimizer with { LearningRate = 1e-3f, WeightDecay = 1e-3f }, layout).Apply(weights, gradients);
            double decayed = 0;
            for (int i = 0; i < Count; i++)
                decayed += (start[i] - (double)weights.Values[i]) / start[i] / Count;
            Assert.Equal(Decay, decayed, Decay * 0.004);
        }
    }
}
