namespace Latent.Engine;

/// <summary>
/// Keras's CosineDecayRestarts (Loshchilov and Hutter, 2016): half a cosine from the initial rate to <paramref name="Alpha"/> times it, again and
/// again, each time longer and from another height.
/// </summary>
/// <param name="InitialLearningRate">The rate at step 0, at least 0.</param>
/// <param name="FirstDecaySteps">The steps of the first fall, at least 1.</param>
/// <param name="TMul">How many times longer each fall is than the one before, at least 1.</param>
/// <param name="MMul">How many times higher each fall begins than the one before, above 0.</param>
/// <param name="Alpha">The part of the initial rate that is left at the end of each fall, 0 to 1.</param>
public sealed record CosineDecayRestarts(
    double InitialLearningRate,
    int FirstDecaySteps,
    double TMul = 2,
    double MMul = 1,
    double Alpha = 0
) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "cosine-restarts";

    /// <inheritdoc/>
    public override double Rate(long iteration)
    {
        float longer = (float)TMul,
            alpha = (float)Alpha,
            done = (float)iteration / FirstDecaySteps,
            restarts;
        if (longer == 1)
        {
            restarts = MathF.Floor(done);
            done -= restarts;
        }
        else
        {
            // the falls have the lengths 1, t, t², …: n of them are over after (1 − tⁿ) / (1 − t)
            restarts = MathF.Floor(MathF.Log(1 - done * (1 - longer)) / MathF.Log(longer));
            float length = MathF.Pow(longer, restarts);
            done = (done - (1 - length) / (1 - longer)) / length;
        }
        float cosine = 0.5f * MathF.Pow((float)MMul, restarts) * (1 + MathF.Cos(MathF.PI * done));
        return (float)InitialLearningRate * ((1 - alpha) * cosine + alpha);
    }

    internal override void Check(OptionChecks checks)
    {
        checks.NotNegative(nameof(InitialLearningRate), InitialLearningRate);
        checks.AtLeast(nameof(FirstDecaySteps), FirstDecaySteps, 1);
        if (!(TMul >= 1) || !double.IsFinite(TMul))
            checks.Add(nameof(TMul), $"must be a number of at least 1; it is {TMul}.");
        checks.Positive(nameof(MMul), MMul);
        checks.Inside(nameof(Alpha), Alpha);
    }
}
