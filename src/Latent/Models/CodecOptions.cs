using System.Diagnostics;

namespace Latent.Models;

/// <summary>Something that a codec tells its host.</summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Text">One sentence.</param>
public readonly record struct CodecMessage(TraceLevel Level, string Text);

/// <summary>How a codec is opened.</summary>
public sealed record CodecOptions
{
    /// <summary>What it is called in metrics, traces and messages; null for the name of its folder or file.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Receives what is worth a log: that a model was opened, and once, as a warning, that the program was compiled so that it is slow. The package
    /// Latent.Hosting writes it to an ILogger.
    /// </summary>
    public Action<CodecMessage>? OnMessage { get; init; }
}
