using Latent.Engine;

namespace Latent.Training;

/// <summary>Named sets of training options. Each is defined for any data and any network.</summary>
public static class Recipes
{
    /// <summary>The recipe that is used where none is named.</summary>
    public const string Default = "fast";

    /// <summary>Images per update of the article's training, which also validates on whole batches of so many.</summary>
    public const int ArticleBatchSize = 64;

    /// <summary>All names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["fast", "best", "article"];

    /// <summary>
    /// The article's own: batches of 64, partial ones dropped in training and validation, RMSprop (rate 3e-4; 1e-3 for codes of one or two
    /// numbers), mean squared error, up to 100 (50) epochs, stopped after 5 without improvement, the best weights kept. Not calibrated.
    /// </summary>
    /// <param name="latent">How many numbers a code has.</param>
    public static TrainingOptions Article(int latent) =>
        new()
        {
            RecipeName = "article",
            Optimizer = new RMSprop(latent > 2 ? 3e-4f : 1e-3f),
            BatchSize = ArticleBatchSize,
            Epochs = latent > 2 ? 100 : 50,
            DropRemainder = true,
            ValidationDropRemainder = true,
            KeepBest = true,
            Callbacks = [new EarlyStopping(Patience: 5)],
        };

    /// <summary>
    /// Reaches the article's quality far sooner: Muon and Adam in batches of 64, a rate that rises over 60 steps (a tenth of all where that
    /// is less), holds for 0.3 of the rest and falls linearly to 0; 3 epochs, 12 for codes of one or two numbers. The best weights are kept
    /// and calibrated.
    /// </summary>
    /// <param name="latent">How many numbers a code has.</param>
    public static TrainingOptions Fast(int latent) => Falling("fast", latent > 2 ? 3 : 12, hold: 0.3);

    /// <summary>As <see cref="Fast"/>, but over 20 epochs and with a rate that falls from the warm-up on: a lower loss, later.</summary>
    /// <param name="latent">How many numbers a code has; does not change this recipe.</param>
    public static TrainingOptions Best(int latent) => Falling("best", 20, hold: 0);

    /// <summary>The recipe of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="latent">How many numbers a code has.</param>
    /// <exception cref="LatentException">There is no such recipe.</exception>
    public static TrainingOptions ByName(string name, int latent) =>
        name switch
        {
            "article" => Article(latent),
            "fast" => Fast(latent),
            "best" => Best(latent),
            _ => throw new LatentException(
                $"There is no recipe '{name}'.",
                string.Join(", ", Names),
                $"'{name}'",
                Suggestion.Nearest(name, Names) is string nearest ? $"did you mean '{nearest}'?" : $"use '{Default}', or leave it out"
            ),
        };

    private static TrainingOptions Falling(string name, int epochs, double hold) =>
        new()
        {
            RecipeName = name,
            Optimizer = new Muon(),
            Schedule = new LinearSchedule(WarmUp: 60, Hold: hold) { WarmUpPart = 0.1 },
            BatchSize = 64,
            Epochs = epochs,
            KeepBest = true,
            Calibrate = true,
        };
}
