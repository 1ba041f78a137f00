namespace Latent.Engine;

/// <summary>
/// How gradients change weights. What all have in common is as in Keras: the gradients are clipped, then the weights decay, then the
/// optimizer's own step is made, then the averages follow. Rates are multiplied by the schedule's factor at each step.
/// </summary>
/// <param name="LearningRate">The step's size, above 0.</param>
/// <param name="WeightDecay">w ← w − w · decay · rate before each step, for every weight that is trained; 0 for none.</param>
public abstract record Optimizer(float LearningRate, float WeightDecay = 0)
{
    /// <summary>The short name: "rmsprop", "adam", "muon".</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The largest L2 norm of one weight's gradient, above 0: a longer one is shortened to it. Null for none; at most one of the three ways of
    /// clipping may be set.
    /// </summary>
    public float? ClipNorm { get; init; }

    /// <summary>The largest L2 norm of all gradients together, above 0: longer ones are all shortened by the same factor; null for none.</summary>
    public float? GlobalClipNorm { get; init; }

    /// <summary>The largest magnitude of each number of a gradient, above 0; null for none.</summary>
    public float? ClipValue { get; init; }

    /// <summary>
    /// Whether an exponential moving average of the weights is kept (Polyak averaging): a ← momentum · a + (1 − momentum) · w after each step,
    /// from the weights after the first one. At the end of the training it takes the weights' place; <c>SwapEMAWeights</c>
    /// validates with it too.
    /// </summary>
    public bool UseEma { get; init; }

    /// <summary>The momentum of the average, from 0 to 1.</summary>
    public float EmaMomentum { get; init; } = 0.99f;

    /// <summary>Each so many steps the average takes the place of the weights, and the training goes on from it; null for never.</summary>
    public int? EmaOverwriteFrequency { get; init; }

    /// <summary>Finds what is wrong with the options.</summary>
    internal virtual void Check(OptionChecks checks)
    {
        checks.Positive(nameof(LearningRate), LearningRate);
        checks.NotNegative(nameof(WeightDecay), WeightDecay);
        (string Name, float? Limit)[] clips =
        [
            (nameof(ClipNorm), ClipNorm),
            (nameof(GlobalClipNorm), GlobalClipNorm),
            (nameof(ClipValue), ClipValue),
        ];
        foreach (var (name, limit) in clips)
            if (limit is float number)
                checks.Positive(name, number);
        string[] set = [.. clips.Where(clip => clip.Limit is not null).Select(clip => clip.Name)];
        if (set.Length > 1)
            checks.Add(
                set[0],
                $"must be the only way of clipping; {string.Join(" and ", set[1..])} {(set.Length > 2 ? "are" : "is")} set too."
            );
        checks.Inside(nameof(EmaMomentum), EmaMomentum);
        if (EmaOverwriteFrequency is int steps)
        {
            checks.AtLeast(nameof(EmaOverwriteFrequency), steps, 1);
            if (!UseEma)
                checks.Add(nameof(EmaOverwriteFrequency), "must not be set where UseEma is not.");
        }
    }
}
