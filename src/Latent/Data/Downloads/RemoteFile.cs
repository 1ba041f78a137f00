namespace Latent.Data.Downloads;

/// <summary>A file that is known before it is fetched.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">Its SHA-256, in lower-case hex.</param>
internal sealed record RemoteFile(string Name, long Size, string Sha256);
