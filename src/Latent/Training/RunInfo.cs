using System.Text.Json.Nodes;

namespace Latent.Training;

/// <summary>The data of a run, as run.json names it.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Source">What to give to open it again: a name or a folder.</param>
/// <param name="Checksum">SHA-256 over shapes, pixels and labels, in hexadecimal.</param>
/// <param name="TrainImages">How many training images.</param>
/// <param name="TestImages">How many test images.</param>
public sealed record RunData(string Name, string Source, string Checksum, int TrainImages, int TestImages)
{
    /// <summary>How many images each epoch was judged by, where they are others than the test images; 0 where they are these.</summary>
    public int ValidationImages { get; init; }

    /// <summary>How the folder of <see cref="Source"/> was read; null where it is no folder of image files.</summary>
    public FolderReading? Folder { get; init; }
}

/// <summary>What run.json says.</summary>
public sealed record RunInfo
{
    /// <summary>The version of the file's format.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>The version of Latent that wrote it.</summary>
    public string LatentVersion { get; init; } = "";

    /// <summary>The .NET version it ran on.</summary>
    public string DotnetVersion { get; init; } = "";

    /// <summary>The process that trains; null once it has ended by itself.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The data; null where the caller did not say.</summary>
    public RunData? Data { get; init; }

    /// <summary>The recipe's name; null for options of one's own.</summary>
    public string? Recipe { get; init; }

    /// <summary>Height, width and channels of an image.</summary>
    public IReadOnlyList<int> ImageShape { get; init; } = [];

    /// <summary>How many numbers a code has.</summary>
    public int LatentSize { get; init; }

    /// <summary>The numbers in the encoder's weights.</summary>
    public int EncoderParameters { get; init; }

    /// <summary>The numbers in the decoder's weights.</summary>
    public int DecoderParameters { get; init; }

    /// <summary>The seed of the weights' start and of the order of the images.</summary>
    public long Seed { get; init; }

    /// <summary>Threads in use, at least 1; the results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>All options, by name.</summary>
    public JsonObject Options { get; init; } = [];

    /// <summary>"running", or how it ended: "finished", "early", "cancelled", "diverged"; see <see cref="StopReasons"/>.</summary>
    public string Status { get; init; } = "running";

    /// <summary>Finished epochs.</summary>
    public int Epochs { get; init; }

    /// <summary>Updates done.</summary>
    public long Steps { get; init; }

    /// <summary>The epoch of the model, from 1; 0 before the first has ended.</summary>
    public int BestEpoch { get; init; }

    /// <summary>The lowest validation loss; null where there is none.</summary>
    public double? BestValLoss { get; init; }

    /// <summary>Whether the model was calibrated.</summary>
    public bool Calibrated { get; init; }

    /// <summary>Seconds so far.</summary>
    public double Seconds { get; init; }
}
