using System.Globalization;

namespace Latent.Tests.Shared;

/// <summary>The largest error of each case against Keras, for the tables of errors: LATENT_ERRORS names a file to add lines to.</summary>
internal static class Errors
{
    private static readonly string? s_file = Environment.GetEnvironmentVariable("LATENT_ERRORS");
    private static readonly Lock s_lock = new();

    /// <param name="kind">"layers", "losses", …</param>
    /// <param name="part">The class, or the function's name.</param>
    /// <param name="what">The case.</param>
    /// <param name="error">In what the tolerance is in: as a rule a part of the largest number expected.</param>
    public static void Note(string kind, string part, string what, double error)
    {
        if (string.IsNullOrEmpty(s_file))
            return;
        lock (s_lock)
            File.AppendAllText(s_file, string.Create(CultureInfo.InvariantCulture, $"{kind}\t{part}\t{what}\t{error:g3}\n"));
    }

    /// <summary>The largest difference as a part of the largest number expected.</summary>
    public static void NoteRelative(string kind, string part, string what, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        double difference = Near.LargestDifference(expected, actual);
        Note(kind, part, what, difference == 0 ? 0 : difference / Near.Largest(expected));
    }
}
