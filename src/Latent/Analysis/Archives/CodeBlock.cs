namespace Latent.Analysis;

/// <summary>Some images of a <see cref="CodeArchive"/>.</summary>
/// <param name="Names">Relative paths, with / between their parts.</param>
/// <param name="Codes">As the archive has them: n × latent numbers.</param>
public sealed record CodeBlock(IReadOnlyList<string> Names, float[] Codes);
