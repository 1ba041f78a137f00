using System.CommandLine;
using System.Globalization;
using Latent.Cli.Parsing;
using Latent.Training;
using Range = Latent.Cli.Parsing.Range;

namespace Latent.Cli.Train;

/// <summary>The recipe and each of its options by name: what is not given stays as the recipe has it.</summary>
internal sealed class RecipeOptions
{
    private readonly Option<string?> _recipe = Make.Choice(
        ["--recipe", "-r"],
        "A named set of the options below: fast; best, slower and better; article, the article's own",
        Recipes.Names,
        Recipes.Default
    );

    private readonly Option<int?> _epochs = Make.Whole(
        ["--epochs", "-e"],
        "How often all images are seen",
        1,
        "fast: 3, or 12 for z up to 2; best: 20; article: at most 100, or 50 for z up to 2"
    );
    private readonly Option<int?> _steps = Make.Whole(["--steps"], "So many updates in all, in place of --epochs", 1, "none");
    private readonly Option<int?> _batch = Make.Whole(["--batch", "-b"], "Images per update", 1, "64");
    private readonly Option<string?> _loss = Make.Choice(
        ["--loss"],
        "Mean squared or absolute error, binary cross-entropy, Huber or log-cosh",
        [.. Engine.Loss.All.Where(loss => loss is not Engine.CategoricalCrossentropy).Select(loss => loss.Name)], // images have no classes
        "mse"
    );
    private readonly Option<MetricList?> _metrics = Make.Of<MetricList>(
        ["--metrics"],
        $"Measure more than the loss in each validation: some of {string.Join(", ", ValidationMetrics.Names)}, with commas between them (default none)",
        "NAME,…",
        text =>
            text.Split(',') is var names && names.All(name => ValidationMetrics.Names.Contains(name, StringComparer.Ordinal))
                ? new([.. names.Distinct(StringComparer.Ordinal)])
                : null,
        $"some of {string.Join(", ", ValidationMetrics.Names)}, with commas between them"
    );
    private readonly Toggle _shuffle = new("shuffle", "Images in a new order each epoch", "yes");
    private readonly Toggle _dropRemainder = new(
        "drop-remainder",
        "Leave out the last images of an epoch that fill no batch",
        "no; article: yes"
    );
    private readonly Toggle _validationDropRemainder = new("validation-drop-remainder", "The same in the validation", "no; article: yes");
    private readonly Option<string?> _patience = Make.Of(
        ["--patience"],
        $"Stop after so many epochs without a lower val_loss (at least 0, or off; default off; article: 5)",
        "N|off",
        text => text == "off" || (int.TryParse(text, out int n) && n >= 0) ? text : null,
        "a whole number of at least 0, or off"
    );
    private readonly Option<double?> _minDelta = Make.Real(["--min-delta"], "By how much val_loss must fall to count", new Range(0), "0");
    private readonly Option<string?> _plateau = Make.Of(
        ["--reduce-on-plateau"],
        "Lower the learning rate after so many epochs without a lower val_loss (at least 0, or off; default off)",
        "N|off",
        text => text == "off" || (int.TryParse(text, out int n) && n >= 0) ? text : null,
        "a whole number of at least 0, or off"
    );
    private readonly Option<double?> _plateauFactor = Make.Real(
        ["--plateau-factor"],
        "What the rate is then multiplied with",
        Range.Decay,
        "0.1"
    );
    private readonly Toggle _keepBest = new("keep-best", "End with the weights of the best epoch, not the last", "yes");
    private readonly Toggle _calibrate = new(
        "calibrate",
        "Shift and scale the code until most of it lies within ±4; the same function",
        "yes; article: no"
    );

    private readonly OptimizerOptions _optimizer = new();
    private readonly ScheduleOptions _schedule = new();

    /// <summary>Whether --epochs or --steps is given.</summary>
    public bool SaysLength(ParseResult parsed) => parsed.GetValue(_epochs) is not null || parsed.GetValue(_steps) is not null;

    public IReadOnlyList<Option> Main => [_recipe, _epochs, _steps, _batch, _loss, _metrics];

    public IReadOnlyList<Option> Order => [_shuffle, _dropRemainder, _validationDropRemainder];

    public IReadOnlyList<Option> End => [_patience, _minDelta, _plateau, _plateauFactor, _keepBest, _calibrate];

    public IReadOnlyList<Option> Optimizer => _optimizer.All;

    public IReadOnlyList<Option> Schedule => _schedule.All;

    /// <summary>The training options of the recipe with what was given in place of its own.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="latent">The size of the code.</param>
    /// <param name="saved">The options of a run that goes on, in place of the default recipe; null for none.</param>
    /// <param name="problems">Receives what cannot be meant.</param>
    public TrainingOptions In(ParseResult parsed, int latent, TrainingOptions? saved, ICollection<string> problems)
    {
        string? name = parsed.GetValue(_recipe);
        var recipe = name is null && saved is not null ? saved : Recipes.ByName(name ?? Recipes.Default, latent);
        if (parsed.GetValue(_epochs) is not null && parsed.GetValue(_steps) is not null)
            problems.Add("--epochs and --steps exclude each other");
        var optimizer = _optimizer.In(parsed, recipe.Optimizer, problems);
        // 0.001, not the nearest number of single precision
        double own = double.Parse(optimizer.LearningRate.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return recipe with
        {
            Epochs = parsed.GetValue(_epochs) ?? recipe.Epochs,
            Steps = parsed.GetValue(_steps) ?? (parsed.GetValue(_epochs) is null ? recipe.Steps : null),
            BatchSize = parsed.GetValue(_batch) ?? recipe.BatchSize,
            Loss = Engine.Loss.All.FirstOrDefault(loss => loss.Name == parsed.GetValue(_loss)) ?? recipe.Loss,
            Metrics = parsed.GetValue(_metrics)?.Names ?? recipe.Metrics,
            Shuffle = _shuffle.In(parsed) ?? recipe.Shuffle,
            DropRemainder = _dropRemainder.In(parsed) ?? recipe.DropRemainder,
            ValidationDropRemainder = _validationDropRemainder.In(parsed) ?? recipe.ValidationDropRemainder,
            KeepBest = _keepBest.In(parsed) ?? recipe.KeepBest,
            Calibrate = _calibrate.In(parsed) ?? recipe.Calibrate,
            Optimizer = optimizer,
            Schedule = _schedule.In(parsed, recipe.Schedule, _optimizer.GivesRate(parsed) ? own : null, own, problems),
            Callbacks = Callbacks(parsed, recipe.Callbacks, isSaved: ReferenceEquals(recipe, saved), problems),
        };
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="recipe">The recipe's callbacks, or those of a run that goes on.</param>
    /// <param name="isSaved">Whether they are those of a run: what is not asked for stays as it is, also in its order.</param>
    /// <param name="problems">Receives what cannot be meant.</param>
    private IReadOnlyList<Callback> Callbacks(
        ParseResult parsed,
        IReadOnlyList<Callback> recipe,
        bool isSaved,
        ICollection<string> problems
    )
    {
        var own = recipe.OfType<EarlyStopping>().FirstOrDefault();
        string? asked = parsed.GetValue(_patience);
        double? minDelta = parsed.GetValue(_minDelta);
        bool plateauAsked = parsed.GetValue(_plateau) is not null || parsed.GetValue(_plateauFactor) is not null;
        if (isSaved && asked is null && minDelta is null && !plateauAsked && !_optimizer.GivesAverages(parsed))
            return recipe;
        int? patience =
            asked is null ? own?.Patience
            : asked == "off" ? null
            : int.Parse(asked);
        if (minDelta is not null && patience is null)
            problems.Add("--min-delta needs --patience: this training does not stop early");
        var stopping = patience is { } epochs
            ? new EarlyStopping(epochs)
            {
                Monitor = own?.Monitor ?? "val_loss",
                Mode = own?.Mode ?? MonitorMode.Auto,
                MinDelta = minDelta ?? own?.MinDelta ?? 0,
                Baseline = own?.Baseline,
                RestoreBestWeights = own?.RestoreBestWeights ?? false,
                StartFromEpoch = own?.StartFromEpoch ?? 0,
            }
            : null;
        if (isSaved && own is not null && stopping is not null && !plateauAsked)
            return [.. recipe.Select(callback => callback == own ? stopping : callback)];
        // a loss that is no number never becomes one again
        List<Callback> callbacks =
        [
            .. _optimizer.GivesAverages(parsed) && !recipe.Any(c => c is SwapEMAWeights) ? [new SwapEMAWeights()] : (Callback[])[],
            .. recipe.Where(callback => callback is not (EarlyStopping or TerminateOnNaN or ReduceLROnPlateau)),
            .. Plateau(parsed, recipe.OfType<ReduceLROnPlateau>().FirstOrDefault(), problems) is { } plateau ? [plateau] : (Callback[])[],
            new TerminateOnNaN(),
        ];
        if (stopping is not null)
            callbacks.Add(stopping);
        return callbacks;
    }

    private ReduceLROnPlateau? Plateau(ParseResult parsed, ReduceLROnPlateau? own, ICollection<string> problems)
    {
        string? asked = parsed.GetValue(_plateau);
        double? factor = parsed.GetValue(_plateauFactor);
        int? patience =
            asked is null ? own?.Patience
            : asked == "off" ? null
            : int.Parse(asked);
        if (factor is not null && patience is null)
            problems.Add("--plateau-factor needs --reduce-on-plateau: this training does not lower its rate");
        if (patience is not { } epochs)
            return null;
        return new(factor ?? own?.Factor ?? 0.1, epochs)
        {
            Monitor = own?.Monitor ?? "val_loss",
            Mode = own?.Mode ?? MonitorMode.Auto,
            MinDelta = own?.MinDelta ?? 1e-4,
            Cooldown = own?.Cooldown ?? 0,
            MinLearningRate = own?.MinLearningRate ?? 0,
        };
    }

    /// <summary>Names of one option; an option of a list type would take several arguments.</summary>
    private sealed record MetricList(string[] Names);
}
