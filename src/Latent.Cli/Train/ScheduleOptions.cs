using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Engine;
using Range = Latent.Cli.Parsing.Range;

namespace Latent.Cli.Train;

/// <summary>The learning rate over the steps. A number that the schedule does not have is refused.</summary>
internal sealed class ScheduleOptions
{
    private static readonly WarmUpSchedule[] s_schedules =
    [
        new ConstantSchedule(),
        new CosineSchedule(),
        new OneCycleSchedule(),
        new LinearSchedule(),
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

    public IReadOnlyList<Option> All => [_schedule, _warmUp, _hold, _floor, _rise, _start];

    /// <summary>The schedule that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="recipe">The recipe's schedule; its warm-up stays where another schedule is chosen.</param>
    /// <param name="problems">Receives the numbers that it does not have.</param>
    public Schedule In(ParseResult parsed, Schedule recipe, ICollection<string> problems)
    {
        string name = parsed.GetValue(_schedule) ?? recipe.Name;
        Schedule start =
            name == recipe.Name
                ? recipe
                : s_schedules.Single(s => s.Name == name) with
                {
                    WarmUp = (recipe as WarmUpSchedule)?.WarmUp ?? 0,
                    WarmUpPart = (recipe as WarmUpSchedule)?.WarmUpPart ?? 1,
                };
        if (parsed.GetValue(_warmUp) is { } steps)
            start = start is WarmUpSchedule s ? s with { WarmUp = steps, WarmUpPart = 1 } : start;
        var used = new HashSet<Option> { _warmUp };
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
                _ => schedule,
            };

        double Of(Option<double?> option, double fallback)
        {
            used.Add(option);
            return parsed.GetValue(option) ?? fallback;
        }
    }
}
