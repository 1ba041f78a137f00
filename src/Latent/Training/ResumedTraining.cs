using Latent.Models;

namespace Latent.Training;

/// <summary>What <see cref="Trainer.Resume"/> gives.</summary>
/// <param name="Model">The trained model.</param>
/// <param name="Result">What the whole training came to, its part before the interruption included.</param>
public sealed record ResumedTraining(Autoencoder Model, TrainingResult Result);
