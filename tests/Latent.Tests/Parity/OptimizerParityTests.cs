using System.Numerics;
using System.Text.Json;
using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Parity;

public sealed class OptimizerParityTests
{
    private const double Tolerance = 1e-6;

    /// <summary>
    /// What Keras itself is off by: where 1 − βᵗ is small, the rounding of βᵗ shows in the rate, 2e-4 of it at the first steps of β = 0.9999.
    /// </summary>
    private const double OfDoublePrecision = 1e-4;

    public static IEnumerable<TheoryDataRow<int, string>> Cases() =>
        GoldenFolder.Entries("optimizers.json").Select((e, i) => new TheoryDataRow<int, string>(i, e.GetProperty("name").GetString()!));

    [GoldenTheory]
    [MemberData(nameof(Cases))]
    public void Optimizer_agrees_with_Keras(int index, string name)
    {
        var entry = GoldenFolder.Entries("optimizers.json")[index];
        var config = entry.GetProperty("config");
        var optimizer = Read(config);
        float[] start = Floats(entry.GetProperty("weights"));
        // A network whose one weight is as long as the given ones.
        var layout = new ParameterLayout(new Network("given", Shape.Vector(start.Length), new Dense(1, UseBias: false)));
        var weights = new WeightStore(layout);
        start.CopyTo(weights.Values);
        weights.Touch();
        var steps = entry
            .GetProperty("gradients")
            .EnumerateArray()
            .Zip(entry.GetProperty("after_each_step").EnumerateArray(), (gradient, after) => (Padded(gradient), Floats(after)))
            .ToArray();
        Assert.NotEmpty(steps);

        var plainWeights = weights.Values.ToArray();
        var plain = new PlainOptimizer<float>(optimizer, layout);
        Hold("plain", plainWeights, gradients => plain.Apply(plainWeights, gradients), Tolerance);
        End("plain", plainWeights, plain.Averages, Tolerance);

        var exactWeights = Near.Doubles(weights.Values);
        var exact = new PlainOptimizer<double>(optimizer, layout);
        Hold("exact", exactWeights, gradients => exact.Apply(exactWeights, Near.Doubles(gradients)), OfDoublePrecision);
        End("exact", exactWeights, exact.Averages, OfDoublePrecision);

        var state = new OptimizerState(optimizer, layout);
        var fastWeights = new float[layout.Length];
        Hold(
            "fast",
            fastWeights,
            gradients =>
            {
                state.Apply(weights, gradients);
                weights.Values.CopyTo(fastWeights);
            },
            Tolerance
        );
        End("fast", fastWeights, optimizer.UseEma ? state.Averages.ToArray() : [], Tolerance);

        // At the end of a training the averages take the weights' place.
        void End<T>(string what, T[] values, T[] averages, double tolerance)
            where T : INumber<T>
        {
            var actual = (optimizer.UseEma ? averages : values).Take(start.Length).Select(double.CreateChecked).ToArray();
            Near.Relative(Near.Doubles(Floats(entry.GetProperty("final"))), actual, tolerance, $"{what} weights at the end");
        }

        void Hold<T>(string what, T[] values, Action<float[]> apply, double tolerance)
            where T : INumber<T>
        {
            double largest = 0;
            foreach (var (step, (gradients, expected)) in steps.Index())
            {
                apply(gradients);
                var actual = values.Take(start.Length).Select(double.CreateChecked).ToArray();
                double error = Near.LargestDifference(Near.Doubles(expected), actual) / Near.Largest(Near.Doubles(expected));
                largest = Math.Max(largest, error);
                Near.Relative(Near.Doubles(expected), actual, tolerance, $"{what} weights after step {step + 1}");
            }
            Errors.Note("optimizers", $"{name}, {what}", largest);
        }

        float[] Padded(JsonElement array)
        {
            var padded = new float[layout.Length];
            Floats(array).CopyTo(padded, 0);
            return padded;
        }
    }

    private static Optimizer Read(JsonElement config)
    {
        foreach (string option in (string[])["gradient_accumulation_steps", "loss_scale_factor"])
            Assert.True(Number(option) is null, $"There is no {option}.");
        float rate = Number("learning_rate")!.Value;
        Optimizer optimizer = Class(config) switch
        {
            "sgd" => new SGD(rate, Of("momentum"), Flag("nesterov")),
            "rmsprop" => new RMSprop(rate, Of("rho"), Of("momentum"), Of("epsilon"), Flag("centered")),
            "adam" => new Adam(rate, Of("beta_1"), Of("beta_2"), Of("epsilon"), Flag("amsgrad")),
            "adamw" => new AdamW(rate, Of("weight_decay"), Of("beta_1"), Of("beta_2"), Of("epsilon"), Flag("amsgrad")),
            "nadam" => new Nadam(rate, Of("beta_1"), Of("beta_2"), Of("epsilon")),
            "lion" => new Lion(rate, Of("beta_1"), Of("beta_2")),
            var name => throw new InvalidOperationException($"There is no optimizer '{name}'."),
        };
        return optimizer with
        {
            WeightDecay = Number("weight_decay") ?? 0,
            ClipNorm = Number("clipnorm"),
            GlobalClipNorm = Number("global_clipnorm"),
            ClipValue = Number("clipvalue"),
            UseEma = Flag("use_ema"),
            EmaMomentum = Number("ema_momentum") ?? 0.99f,
            EmaOverwriteFrequency = (int?)Number("ema_overwrite_frequency"),
        };

        float Of(string option) => Number(option) ?? throw new InvalidOperationException($"The case has no {option}.");

        float? Number(string option) =>
            config.TryGetProperty(option, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetSingle() : null;

        bool Flag(string option) => config.TryGetProperty(option, out var value) && value.ValueKind == JsonValueKind.True;
    }

    /// <summary>
    /// Keras names an optimizer by its class and counts: "rm_sprop_1" is the second RMSprop. Where it does not, it has the class's own default,
    /// "rmsprop" or "SGD".
    /// </summary>
    private static string Class(JsonElement config)
    {
        string name = config.GetProperty("name").GetString()!;
        return name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
    }

    private static float[] Floats(JsonElement array) => Array.ConvertAll(GoldenFolder.Numbers(array), number => (float)number);
}
