using Latent.Training;

namespace Latent.Cli.Train;

/// <summary>Shows a training as it goes.</summary>
internal interface IProgressView
{
    /// <summary>Runs a training and shows what it reports.</summary>
    T Watch<T>(Func<IProgress<TrainingProgress>, T> train);

    /// <summary>Says a sentence without disturbing what is shown; may be called within <see cref="Watch"/>.</summary>
    void Say(string message);
}
