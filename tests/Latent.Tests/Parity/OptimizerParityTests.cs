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

    public static IEnumerable<TheoryDataRow<int, string>> Cases() =>
        GoldenFolder.Entries("optimizers.json").Select((e, i) => new TheoryDataRow<int, string>(i, e.GetProperty("name").GetString()!));

    [GoldenTheory]
    [MemberData(nameof(Cases))]
    public void Optimizer_agrees_with_Keras(int index, string name)
    {
        var entry = GoldenFolder.Entries("optimizers.json")[index];
        var config = entry.GetProperty("config");
        var missing = Missing(config);
        Assert.SkipWhen(missing is not null, $"{name}: there is no {missing} yet");
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
        Hold("plain", plainWeights, gradients => plain.Apply(plainWeights, gradients));

        var exactWeights = Near.Doubles(weights.Values);
        var exact = new PlainOptimizer<double>(optimizer, layout);
        Hold("exact", exactWeights, gradients => exact.Apply(exactWeights, Near.Doubles(gradients)));

        var state = new OptimizerState(optimizer, layout);
        var fastWeights = new float[layout.Length];
        Hold(
            "fast",
            fastWeights,
            gradients =>
            {
                state.Apply(weights, gradients);
                weights.Values.CopyTo(fastWeights);
            }
        );

        void Hold<T>(string what, T[] values, Action<float[]> apply)
            where T : INumber<T>
        {
            foreach (var (step, (gradients, expected)) in steps.Index())
            {
                apply(gradients);
                var actual = values.Take(start.Length).Select(double.CreateChecked).ToArray();
                Near.Relative(Near.Doubles(expected), actual, Tolerance, $"{what} weights after step {step + 1}");
            }
        }

        float[] Padded(JsonElement array)
        {
            var padded = new float[layout.Length];
            Floats(array).CopyTo(padded, 0);
            return padded;
        }
    }

    /// <summary>What the case needs and Latent does not have, or null.</summary>
    private static string? Missing(JsonElement config)
    {
        string @class = Class(config);
        if (@class is not ("rm_sprop" or "adam" or "adam_w"))
            return $"optimizer '{@class}'";
        foreach (
            string option in (string[])
                ["clipnorm", "global_clipnorm", "clipvalue", "ema_overwrite_frequency", "gradient_accumulation_steps"]
        )
            if (config.TryGetProperty(option, out var value) && value.ValueKind != JsonValueKind.Null)
                return option;
        foreach (string option in (string[])["use_ema", "amsgrad"])
            if (config.TryGetProperty(option, out var value) && value.ValueKind == JsonValueKind.True)
                return option;
        return @class != "adam_w" && config.GetProperty("weight_decay").ValueKind == JsonValueKind.Number
            ? $"weight_decay of {@class}"
            : null;
    }

    private static Optimizer Read(JsonElement config)
    {
        float rate = Number("learning_rate");
        return Class(config) switch
        {
            "rm_sprop" => new RMSprop(
                rate,
                Number("rho"),
                Number("momentum"),
                Number("epsilon"),
                config.GetProperty("centered").GetBoolean()
            ),
            "adam" => new Adam(rate, Number("beta_1"), Number("beta_2"), Number("epsilon")),
            _ => new AdamW(rate, Number("weight_decay"), Number("beta_1"), Number("beta_2"), Number("epsilon")),
        };

        float Number(string name) => config.GetProperty(name).GetSingle();
    }

    /// <summary>Keras names an optimizer by its class and counts: "rm_sprop_1" is the second RMSprop.</summary>
    private static string Class(JsonElement config)
    {
        string name = config.GetProperty("name").GetString()!;
        return name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').TrimEnd('_');
    }

    private static float[] Floats(JsonElement array) => Array.ConvertAll(GoldenFolder.Numbers(array), number => (float)number);
}
