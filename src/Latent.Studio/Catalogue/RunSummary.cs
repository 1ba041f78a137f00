namespace Latent.Studio.Catalogue;

/// <summary>A line of the table of runs. Immutable.</summary>
/// <param name="Id">What addresses in the studio call it: the name of its folder, with a number behind it where two have one name.</param>
/// <param name="Path">The folder, or the model file.</param>
/// <param name="Status">How it stands with it.</param>
/// <param name="Changed">When it last was written to.</param>
public sealed record RunSummary(string Id, string Path, RunStatus Status, DateTime Changed)
{
    /// <summary>What is wrong with it; null where nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>The data set's name; null where it is not known.</summary>
    public string? Data { get; init; }

    /// <summary>How many numbers a code has; null where it is not known.</summary>
    public int? Latent { get; init; }

    /// <summary>The recipe's name; null for options of one's own.</summary>
    public string? Recipe { get; init; }

    /// <summary>The lowest validation loss; null where there is none.</summary>
    public double? ValLoss { get; init; }

    /// <summary>Finished epochs.</summary>
    public int Epochs { get; init; }

    /// <summary>Seconds of training; null where it is not known.</summary>
    public double? Seconds { get; init; }

    /// <summary>Bytes on the disk.</summary>
    public long Size { get; init; }

    /// <summary>Whether there is a model to look into.</summary>
    public bool HasModel { get; init; }

    /// <summary>Whether there is a history of losses.</summary>
    public bool HasHistory { get; init; }

    /// <summary>Whether there is a report.</summary>
    public bool HasReport { get; init; }

    /// <summary>Whether the studio may delete it: a run in the folder of runs.</summary>
    public bool CanDelete { get; init; }
}
