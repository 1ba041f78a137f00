namespace Latent.Data;

/// <summary>The folders of this machine in which data sets lie by name, and where others are fetched from.</summary>
internal sealed record DataSetPlaces
{
    public const string DataVariable = "LATENT_DATA",
        MirrorVariable = "LATENT_MIRROR";

    /// <summary>The user's own folder (LATENT_DATA), or null.</summary>
    public string? Data { get; init; }

    /// <summary>What travels with the program.</summary>
    public required string Program { get; init; }

    /// <summary>The user's cache.</summary>
    public required string Cache { get; init; }

    /// <summary>Where packages of the system put data sets.</summary>
    public required string System { get; init; }

    /// <summary>An address to try before the public ones (LATENT_MIRROR), or null.</summary>
    public string? Mirror { get; init; }

    public static DataSetPlaces OfTheEnvironment()
    {
        string cache =
            Variable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return new()
        {
            Data = Variable(DataVariable),
            Program = Path.Combine(AppContext.BaseDirectory, "data"),
            Cache = Path.Combine(cache, "latent"),
            System = "/usr/share/datasets", // Debian's dataset-fashion-mnist
            Mirror = Variable(MirrorVariable),
        };
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
