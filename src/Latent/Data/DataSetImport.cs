namespace Latent.Data;

/// <summary>A data set that was copied into the cache.</summary>
/// <param name="Data">What was read.</param>
/// <param name="Folder">The folder in the cache.</param>
/// <param name="IsPublished">
/// Whether the files are known to be the published ones, by SHA-256. Files that someone packed anew can be as good.
/// </param>
public sealed record DataSetImport(DataSet Data, string Folder, bool IsPublished);
