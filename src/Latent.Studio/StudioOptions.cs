namespace Latent.Studio;

/// <summary>How the studio is started: which runs it shows and where it listens. Immutable.</summary>
public sealed record StudioOptions
{
    /// <summary>Run folders and model files to show beside those of <see cref="RunsFolder"/>; the first is the one that opens.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>The folder whose runs are listed, and into which trainings of the studio write. It may not exist yet.</summary>
    public string RunsFolder { get; init; } = "runs";

    /// <summary>
    /// Where to listen: addresses such as http://0.0.0.0:8080, several with a semicolon between them, 0 as a port for any free one. Null for
    /// http://127.0.0.1:5280, or the next free port. An address that other machines can reach makes a token of the address necessary.
    /// </summary>
    public string? Urls { get; init; }

    /// <summary>Receives what a person in front of the terminal should read, a line a call.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>Called once, when the studio answers: the address to open, with the token where one is needed.</summary>
    public Action<Uri> OnReady { get; init; } = _ => { };

    /// <summary>Receives what went wrong inside the studio, for whoever looks for the cause; null for nobody.</summary>
    public Action<string>? OnFault { get; init; }
}
