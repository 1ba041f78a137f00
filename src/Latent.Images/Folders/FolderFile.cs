namespace Latent.Images;

/// <summary>An image file of a folder.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its path within the folder, with / between the parts.</param>
/// <param name="Label">The name of the subfolder that it lies in, however deep; null for a file of the folder itself.</param>
public sealed record FolderFile(string Path, string Name, string? Label);

/// <summary>The parts of a folder.</summary>
public enum FolderPart
{
    /// <summary>What is learned from.</summary>
    Train,

    /// <summary>What epochs, early stopping and thresholds are judged by.</summary>
    Validation,

    /// <summary>What nothing sees before the report.</summary>
    Test,
}

/// <summary>A file that was left out.</summary>
/// <param name="Name">Its path within the folder, with / between the parts.</param>
/// <param name="Reason">Why, in one line.</param>
public sealed record SkippedFile(string Name, string Reason)
{
    /// <summary>Name and reason in one line, with control characters written out, as in all messages.</summary>
    public override string ToString() => new LatentException($"{Name}: {Reason}".ReplaceLineEndings(" ")).Message;
}
