namespace Latent.Formats;

/// <summary>What a reader finds wrong inside a file, one sentence; whoever opened the file makes the message for the user of it.</summary>
internal sealed class BrokenFileException(string what, Exception? inner = null) : Exception(what, inner);
