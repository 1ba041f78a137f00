using Latent.Cli.Describe;
using Latent.Training;

namespace Latent.Cli.Train;

/// <summary>What a command line of latent train asks for.</summary>
/// <param name="Data">A data set's name or a folder.</param>
/// <param name="Network">The network.</param>
/// <param name="OptionsFor">The training options for a size of the code, which a file of <paramref name="Init"/> may say.</param>
/// <param name="Init">A model to start from; null for drawn weights.</param>
/// <param name="Out">The run folder; null for a new one below runs.</param>
/// <param name="Overwrite">Whether a run in that folder is replaced.</param>
/// <param name="Figures">Whether pictures and report are drawn.</param>
/// <param name="AsJson">Whether the result is a JSON document.</param>
internal sealed record TrainRequest(
    string Data,
    NetworkChoice Network,
    Func<int, TrainingOptions> OptionsFor,
    string? Init,
    string? Out,
    bool Overwrite,
    bool Figures,
    bool AsJson
);
