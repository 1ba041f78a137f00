namespace Latent.Training;

/// <summary>
/// Writes a line per epoch to a CSV file, with Keras's columns: the epoch (from 0), then the names of the logs in alphabetical order as the
/// first epoch has them; NA where a number is missing later.
/// </summary>
/// <param name="FilePath">The file.</param>
public sealed class CSVLogger(string FilePath) : Callback
{
    /// <summary>The file.</summary>
    public string FilePath { get; } = FilePath;

    /// <summary>What stands between two columns.</summary>
    public string Separator { get; init; } = ",";

    /// <summary>Whether lines are added to a file that exists; the header is left out where the file has something in it.</summary>
    public bool Append { get; init; }
}
