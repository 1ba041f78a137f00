namespace Latent.Training;

/// <summary>The memory of <see cref="EarlyStopping"/>, without a model: it can be driven by a plain curve.</summary>
internal sealed class EarlyStoppingRule
{
    public int StoppedEpoch { get; private set; }

    public int BestEpoch { get; private set; }
}
