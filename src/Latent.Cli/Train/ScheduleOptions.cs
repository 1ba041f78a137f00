using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Engine;
using Range = Latent.Cli.Parsing.Range;

namespace Latent.Cli.Train;

/// <summary>The learning rate over the steps. A number that the schedule does not have is refused.</summary>
internal sealed class ScheduleOptions
{
    // Keras's own last; their missing numbers are asked for
    private static readonly Schedule[] s_schedules =
    [
        new ConstantSchedule(),
        new CosineSchedule(),
        new OneCycleSchedule(),
        new LinearSchedule(),
        new ExponentialDecay(0, 0, 0),
        new InverseTimeDecay(0, 0, 0),
        new PiecewiseConstantDecay([], []),
        new PolynomialDecay(0, 0),
        new CosineDecay(0, 0),
        new CosineDecayRestarts(0, 0),
    ];

    private readonly Option<string?> _schedule = Make.Choice(
        ["--schedule"],
        "The learning rate over all steps",
        [.. s_schedules.Select(s => s.Name)],
        "linear; article: constant"
    );
    private readonly Option<int?> _warmUp = Make.Whole(
        ["--warm-up"],
        "Steps at the start in which the rate rises",
        0,
        "60, at most a tenth of all steps; article: 0"
    );
    private readonly Option<double?> _hold = Make.Real(
        ["--hold"],
        "linear: the part of the steps before the fall",
        Range.Decay,
        "fast: 0.3; others: 0"
    );
    private readonly Option<double?> _floor = Make.Real(
        ["--floor"],
        "cosine, one-cycle: the part of the rate at the end",
        Range.Part,
        "cosine: 0; one-cycle: 4e-6"
    );
    private readonly Option<double?> _rise = Make.Real(
        ["--rise"],
        "one-cycle: the part of the steps that rises",
        new Range(0, 1, AboveMinimum: true, BelowMaximum: true),
        "0.3"
    );
    private readonly Option<double?> _start = Make.Real(["--start"], "one-cycle: the part of the rate at the start", Range.Part, "0.04");

    private readonly Option<int?> _decaySteps = Make.Whole(
        ["--decay-steps"],
        "exponential, inverse-time, polynomial, cosine-decay, cosine-restarts: the steps of one fall",
        1,
        "none: to be given"
    );
    private readonly Option<double?> _decayRate = Make.Real(
        ["--decay-rate"],
        "exponential: the factor per so many steps; inverse-time: by how much the divisor grows",
        Range.Positive,
        "none: to be given"
    );
    private readonly Toggle _staircase = new("staircase", "exponential, inverse-time: fall in steps", "no");
    private readonly Option<NumberList?> _boundaries = Numbers(
        "--boundaries",
        "piecewise-constant: the last step of each rate but the last"
    );
    private readonly Option<NumberList?> _rates = Numbers("--rates", "piecewise-constant: the rates, one more than boundaries");
    private readonly Option<double?> _endRate = Make.Real(["--end-rate"], "polynomial: the rate at the end", new Range(0), "0.0001");
    private readonly Option<double?> _power = Make.Real(["--power"], "polynomial: the exponent", Range.Positive, "1");
    private readonly Toggle _cycle = new("cycle", "polynomial: begin anew after the end", "no");
    private readonly Option<double?> _alpha = Make.Real(
        ["--alpha"],
        "cosine-decay, cosine-restarts: the part of the rate that is left at the end",
        Range.Part,
        "0"
    );
    private readonly Option<double?> _timesLonger = Make.Real(
        ["--t-mul"],
        "cosine-restarts: how many times longer each fall is",
        new Range(1),
        "2"
    );
    private readonly Option<double?> _timesHigher = Make.Real(
        ["--m-mul"],
        "cosine-restarts: how many times higher each fall begins",
        Range.Positive,
        "1"
    );

    public IReadOnlyList<Option> All =>
        [
            _schedule,
            _warmUp,
            _hold,
            _floor,
            _rise,
            _start,
            _decaySteps,
            _decayRate,
            _staircase,
            _boundaries,
            _rates,
            _endRate,
            _power,
            _cycle,
            _alpha,
            _timesLonger,
            _timesHigher,
        ];

    /// <summary>The schedule that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="recipe">The recipe's schedule; its warm-up stays where another schedule is chosen.</param>
    /// <param name="rate">The learning rate, which Keras's schedules begin with; null where they keep the one they have.</param>
    /// <param name="own">The optimizer's own rate, for a schedule that has none yet.</param>
    /// <param name="problems">Receives the numbers that it does not have, and those that are missing.</param>
    public Schedule In(ParseResult parsed, Schedule recipe, double? rate, double own, ICollection<string> problems)
    {
        string name = parsed.GetValue(_schedule) ?? recipe.Name;
        var start = name == recipe.Name ? recipe : s_schedules.Single(s => s.Name == name);
        if (start is LearningRateSchedule && name != recipe.Name)
            rate ??= own;
        var used = new HashSet<Option>();
        if (start is WarmUpSchedule shaped)
        {
            used.Add(_warmUp);
            if (name != recipe.Name && recipe is WarmUpSchedule other)
                shaped = shaped with { WarmUp = other.WarmUp, WarmUpPart = other.WarmUpPart };
            start = parsed.GetValue(_warmUp) is { } steps ? shaped with { WarmUp = steps, WarmUpPart = 1 } : shaped;
        }
        var result = Fill(start);
        foreach (var option in All.Skip(1).Where(o => !used.Contains(o) && parsed.GetResult(o) is { Implicit: false }))
            problems.Add($"{option.Name} is not a number of the schedule {name}");
        return result;

        Schedule Fill(Schedule schedule) =>
            schedule switch
            {
                CosineSchedule s => s with { Floor = Of(_floor, s.Floor) },
                LinearSchedule s => s with { Hold = Of(_hold, s.Hold) },
                OneCycleSchedule s => s with { Rise = Of(_rise, s.Rise), Start = Of(_start, s.Start), Floor = Of(_floor, s.Floor) },
                ExponentialDecay s => s with
                {
                    InitialLearningRate = rate ?? s.InitialLearningRate,
                    DecaySteps = Steps(s.DecaySteps),
                    DecayRate = Needed(_decayRate, s.DecayRate),
                    Staircase = Flag(_staircase, s.Staircase),
                },
                InverseTimeDecay s => s with
                {
                    InitialLearningRate = rate ?? s.InitialLearningRate,
                    DecaySteps = Steps(s.DecaySteps),
                    DecayRate = Needed(_decayRate, s.DecayRate),
                    Staircase = Flag(_staircase, s.Staircase),
                },
                PiecewiseConstantDecay s => Piecewise(s),
                PolynomialDecay s => s with
                {
                    InitialLearningRate = rate ?? s.InitialLearningRate,
                    DecaySteps = Steps(s.DecaySteps),
                    EndLearningRate = Of(_endRate, s.EndLearningRate),
                    Power = Of(_power, s.Power),
                    Cycle = Flag(_cycle, s.Cycle),
                },
                CosineDecay s => Cosine(s),
                CosineDecayRestarts s => s with
                {
                    InitialLearningRate = rate ?? s.InitialLearningRate,
                    FirstDecaySteps = Steps(s.FirstDecaySteps),
                    TMul = Of(_timesLonger, s.TMul),
                    MMul = Of(_timesHigher, s.MMul),
                    Alpha = Of(_alpha, s.Alpha),
                },
                _ => schedule,
            };

        // with a warm-up it rises from 0 to the learning rate
        CosineDecay Cosine(CosineDecay s)
        {
            used.Add(_warmUp);
            int warmUp = parsed.GetValue(_warmUp) ?? s.WarmUpSteps;
            double top = rate ?? s.WarmUpTarget ?? s.InitialLearningRate;
            bool rises = parsed.GetValue(_warmUp) is { } given ? given > 0 : s.WarmUpTarget is not null;
            return s with
            {
                InitialLearningRate =
                    !rises ? top
                    : s.WarmUpTarget is null ? 0
                    : s.InitialLearningRate,
                WarmUpTarget = rises ? top : null,
                WarmUpSteps = rises ? warmUp : 0,
                DecaySteps = Steps(s.DecaySteps),
                Alpha = Of(_alpha, s.Alpha),
            };
        }

        PiecewiseConstantDecay Piecewise(PiecewiseConstantDecay s)
        {
            used.UnionWith([_boundaries, _rates]);
            double[] boundaries = parsed.GetValue(_boundaries)?.Numbers ?? [.. s.Boundaries.Select(step => (double)step)],
                rates = parsed.GetValue(_rates)?.Numbers ?? [.. s.Values];
            if (boundaries.Length == 0 || rates.Length != boundaries.Length + 1)
                problems.Add($"the schedule {name} needs --boundaries and --rates, which are one more");
            return new([.. boundaries.Select(step => (long)step)], [.. rates]);
        }

        int Steps(int fallback)
        {
            used.Add(_decaySteps);
            int steps = parsed.GetValue(_decaySteps) ?? fallback;
            if (steps == 0)
                problems.Add($"the schedule {name} needs {_decaySteps.Name}");
            return steps;
        }

        double Needed(Option<double?> option, double fallback)
        {
            double value = Of(option, fallback);
            if (value == 0)
                problems.Add($"the schedule {name} needs {option.Name}");
            return value;
        }

        bool Flag(Toggle option, bool fallback)
        {
            used.Add(option);
            return option.In(parsed) ?? fallback;
        }

        double Of(Option<double?> option, double fallback)
        {
            used.Add(option);
            return parsed.GetValue(option) ?? fallback;
        }
    }

    private static Option<NumberList?> Numbers(string name, string help) =>
        Make.Of<NumberList>(
            [name],
            $"{help} (numbers of at least 0 with commas between them)",
            "X,X,…",
            text =>
            {
                double?[] numbers = [.. text.Split(',').Select(part => Make.ParseReal(part))];
                return numbers.All(number => number >= 0 && double.IsFinite(number.Value)) ? new([.. numbers.Select(n => n!.Value)]) : null;
            },
            "numbers of at least 0 with commas between them"
        );

    /// <summary>Numbers of one option; an option of a list type would take several arguments.</summary>
    private sealed record NumberList(double[] Numbers);
}
