using Latent.Training;

namespace Latent.Studio.Training;

/// <summary>A training's history to draw.</summary>
/// <param name="Name">What the curve is called; not shown where it is the only one.</param>
/// <param name="History">The finished epochs.</param>
/// <param name="BestEpoch">The epoch with the lowest validation loss; 0 for none.</param>
/// <param name="Steps">The loss within the epochs; null for none. Drawn only where the curve is the only one.</param>
public sealed record NamedHistory(string Name, IReadOnlyList<EpochResult> History, int BestEpoch = 0, StepCurve? Steps = null);
