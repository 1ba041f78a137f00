namespace Latent.Analysis;

/// <summary>Codes as rows of a flat array.</summary>
internal static class CodeRows
{
    /// <summary>How many codes there are.</summary>
    /// <exception cref="LatentException">There is no code, or the numbers are no whole number of codes.</exception>
    public static int Count(ReadOnlySpan<float> codes, int latentSize)
    {
        if (latentSize < 1 || codes.IsEmpty || codes.Length % latentSize != 0)
            throw new LatentException(
                "The codes do not fit the latent size.",
                latentSize < 1 ? "a latent size of at least 1" : $"a multiple of {latentSize} numbers, at least one code",
                latentSize < 1 ? $"{latentSize}" : $"{codes.Length} numbers"
            );
        return codes.Length / latentSize;
    }
}
