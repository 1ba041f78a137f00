namespace Latent.Training;

/// <summary>
/// Keeps a run folder up to date as the training goes: after each epoch the history, the state and, where it is the best so far, the model.
/// Whatever ends the process, the folder has a usable model from the first epoch on. Called after all other callbacks.
/// </summary>
/// <param name="run">The folder.</param>
/// <param name="data">What run.json says of the data.</param>
public sealed class RunRecorder(RunFolder run, RunData? data = null) : Callback
{
    /// <summary>The folder.</summary>
    public RunFolder Run { get; } = run;

    /// <summary>What run.json says of the data.</summary>
    public RunData? Data { get; } = data;
}
