using System.Text.Json;
using Latent.Engine;
using Latent.Tests.Shared;

namespace Latent.Tests.Parity;

/// <summary>Learning rates as real Keras computes them: every entry of schedules.json, step by step.</summary>
public sealed class ScheduleParityTests
{
    private const double Tolerance = 1e-6;

    public static IEnumerable<TheoryDataRow<int, string>> Cases() =>
        GoldenFolder.Entries("schedules.json").Select((e, i) => new TheoryDataRow<int, string>(i, e.GetProperty("schedule").GetString()!));

    [GoldenTheory]
    [MemberData(nameof(Cases))]
    public void Schedule_agrees_with_Keras(int index, string name)
    {
        var entry = GoldenFolder.Entries("schedules.json")[index];
        var schedule = Read(name, entry.GetProperty("config"));
        double[] expected = GoldenFolder.Numbers(entry.GetProperty("rate"));
        Assert.NotEmpty(expected);
        double[] actual = [.. Enumerable.Range(0, expected.Length).Select(step => schedule.Rate(step))];
        Errors.Note("schedules", name, $"case {index}", Near.LargestDifference(expected, actual) / Near.Largest(expected));
        Near.Relative(expected, actual, Tolerance, name);
        // what reaches the optimizer is this rate, whatever its own is
        double own = 3e-4;
        double[] reached = [.. expected.Select((_, step) => own * schedule.Factor(step, 1000, own))];
        Near.Relative(expected, reached, Tolerance, name);
    }

    private static LearningRateSchedule Read(string name, JsonElement config)
    {
        return name switch
        {
            "ExponentialDecay" => new ExponentialDecay(Initial(), Whole("decay_steps"), Number("decay_rate"), Flag("staircase")),
            "InverseTimeDecay" => new InverseTimeDecay(Initial(), Whole("decay_steps"), Number("decay_rate"), Flag("staircase")),
            "PiecewiseConstantDecay" => new PiecewiseConstantDecay(
                [.. GoldenFolder.Numbers(config.GetProperty("boundaries")).Select(boundary => (long)boundary)],
                [.. GoldenFolder.Numbers(config.GetProperty("values"))]
            ),
            "PolynomialDecay" => new PolynomialDecay(
                Initial(),
                Whole("decay_steps"),
                Number("end_learning_rate"),
                Number("power"),
                Flag("cycle")
            ),
            "CosineDecay" => new CosineDecay(
                Initial(),
                Whole("decay_steps"),
                Number("alpha"),
                config.GetProperty("warmup_target") is { ValueKind: JsonValueKind.Number } target ? target.GetDouble() : null,
                Whole("warmup_steps")
            ),
            "CosineDecayRestarts" => new CosineDecayRestarts(
                Initial(),
                Whole("first_decay_steps"),
                Number("t_mul"),
                Number("m_mul"),
                Number("alpha")
            ),
            _ => throw new InvalidOperationException($"There is no schedule '{name}'."),
        };

        double Initial() => Number("initial_learning_rate");

        double Number(string option) => config.GetProperty(option).GetDouble();

        int Whole(string option) => checked((int)Number(option));

        bool Flag(string option) => config.GetProperty(option).GetBoolean();
    }
}
