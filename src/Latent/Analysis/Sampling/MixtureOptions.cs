namespace Latent.Analysis;

/// <summary>How codes are measured to be drawn again.</summary>
public sealed record MixtureOptions
{
    /// <summary>Components of the mixture, 1 to 100; 0 to take of 1, 2, 5, 10, 20 and 30 those under which codes that were held out are the likeliest.</summary>
    public int Components { get; init; } = 10;

    /// <summary>The most rounds of expectation and maximization, at least 1; it ends before where nothing changes any more.</summary>
    public int Rounds { get; init; } = 25;

    /// <summary>The same seed gives the same bits.</summary>
    public long Seed { get; init; }

    /// <summary>Threads to use, 0 for one per core. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <exception cref="LatentException">An option is out of range.</exception>
    internal void Check()
    {
        if (Components is < 0 or > 100 || Rounds < 1 || Threads < 0)
            throw new LatentException(
                "The options of the mixture are out of range.",
                "0 to 100 components, at least one round, threads of at least 0",
                $"{Components}, {Rounds}, {Threads}"
            );
    }
}
