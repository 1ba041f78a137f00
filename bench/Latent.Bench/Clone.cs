namespace Latent.Bench;

/// <summary>The clone that the bench was built in: peers, results and the program are found from here.</summary>
internal static class Clone
{
    private const string Landmark = "Latent.slnx";

    public static string Root { get; } = Find();

    private static string Find()
    {
        for (string? place = AppContext.BaseDirectory; place is not null; place = Path.GetDirectoryName(place))
        {
            if (File.Exists(Path.Combine(place, Landmark)))
                return place;
        }
        throw new LatentException(
            "The bench is not inside a clone of the repository.",
            $"a folder with {Landmark} above it",
            AppContext.BaseDirectory,
            "run it with: dotnet run -c Release --project bench/Latent.Bench"
        );
    }
}
