namespace Latent.Training;

/// <summary>Saves the model after each epoch, or after those that are the best so far, with Keras's rules.</summary>
/// <param name="FilePath">
/// The file, ending in .safetensors. {epoch} (from 1) and the numbers of the logs may stand in it, with Python's formats:
/// "z10-{epoch:02d}-{val_loss:.4f}.safetensors". Folders are made.
/// </param>
public sealed class ModelCheckpoint(string FilePath) : Callback
{
    /// <summary>The file, with its placeholders.</summary>
    public string FilePath { get; } = FilePath;

    /// <summary>The number of the logs that says what is best.</summary>
    public string Monitor { get; init; } = "val_loss";

    /// <summary>Whether lower or higher is better.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>Whether only models that are better than all before are saved.</summary>
    public bool SaveBestOnly { get; init; }

    /// <summary>Whether the file has the weights alone, without the description of the networks.</summary>
    public bool SaveWeightsOnly { get; init; }

    /// <summary>What a model must beat to be the best; null for nothing.</summary>
    public double? InitialValueThreshold { get; init; }
}

/// <summary>Ends the training when a step's loss is not a number or infinite.</summary>
public sealed class TerminateOnNaN : Callback;
