using Latent.Cli.Describe;
using Latent.Training;

namespace Latent.Cli.Train;

/// <summary>What a command line of latent train asks for.</summary>
/// <param name="Data">A data set's name or a folder; null for that of the run that goes on.</param>
/// <param name="Resume">The run folder of a training that goes on; null for a new training.</param>
/// <param name="Folder">How a folder of image files is read.</param>
/// <param name="Network">The network.</param>
/// <param name="OptionsFor">
/// The training options for a size of the code, which a file of <paramref name="Init"/> may say, or over those of a run that goes on.
/// </param>
/// <param name="LengthGiven">Whether the command line says how long: by epochs or steps.</param>
/// <param name="Init">A model to start from; null for drawn weights.</param>
/// <param name="InitOptimizer">Whether the optimizer in that file, and its memory, go on too.</param>
/// <param name="KeepSchedule">Whether a schedule was asked for, which shapes the rate of that optimizer.</param>
/// <param name="Out">The run folder; null for a new one below runs.</param>
/// <param name="Overwrite">Whether a run in that folder is replaced.</param>
/// <param name="SaveEvery">How often the state is saved within an epoch; null for the default.</param>
/// <param name="Figures">Whether pictures and report are drawn.</param>
/// <param name="Snapshots">Whether snapshots are kept.</param>
/// <param name="AsJson">Whether the result is a JSON document.</param>
internal sealed record TrainRequest(
    string? Data,
    string? Resume,
    FolderOptions.FolderChoice Folder,
    NetworkChoice Network,
    Func<int, TrainingOptions?, TrainingOptions> OptionsFor,
    bool LengthGiven,
    string? Init,
    bool InitOptimizer,
    bool KeepSchedule,
    string? Out,
    bool Overwrite,
    SaveEvery? SaveEvery,
    bool Figures,
    bool Snapshots,
    bool AsJson
);
