namespace Latent.Data;

/// <summary>A data set that was copied into the cache.</summary>
/// <param name="Data">What was read.</param>
/// <param name="Folder">The folder in the cache.</param>
/// <param name="IsPublished">
/// Whether the files are known to be the published ones, by SHA-256. Others were taken for what they are said to be, once they were seen to
/// have the shape and the classes.
/// </param>
public sealed record DataSetImport(DataSet Data, string Folder, bool IsPublished);
