namespace Latent.Tests.Shared;

/// <summary>The clone that the tests were built in, so that they can read its pages, samples and data.</summary>
internal static class Repository
{
    /// <summary>The file that marks the top of a clone: no other folder between here and the test program holds one of this name.</summary>
    private const string Landmark = "Latent.slnx";

    /// <summary>The top of the clone.</summary>
    public static string Root { get; } =
        Upwards(AppContext.BaseDirectory).FirstOrDefault(place => Path.Exists(Path.Combine(place, Landmark)))
        ?? throw new InvalidOperationException(
            $"The tests run in {AppContext.BaseDirectory}, which is not inside a clone: no {Landmark} above it."
        );

    /// <summary>MNIST as it lies in the repository.</summary>
    public static string Mnist => Path.Combine(Root, "data", "mnist");

    private static IEnumerable<string> Upwards(string start)
    {
        for (string? place = Path.TrimEndingDirectorySeparator(start); place is not null; place = Path.GetDirectoryName(place))
            yield return place;
    }
}
