using System.Text;

namespace Latent;

/// <summary>
/// The one exception for what a user can mend: a wrong file, a shape that does not fit, an option out of range. Its message says what
/// happened, what was expected, what came and how to fix it. Every other exception is a fault of Latent itself.
/// </summary>
public sealed class LatentException : Exception
{
    /// <summary>
    /// An exception with its four parts; the message puts each on a line of its own. Control characters, which names and paths may hold and a
    /// terminal would obey, are written as \u and four digits.
    /// </summary>
    /// <param name="happened">What happened, one sentence with a full stop.</param>
    /// <param name="expected">What was expected; null where the first sentence says it.</param>
    /// <param name="received">What came instead; null where the first sentence says it.</param>
    /// <param name="fix">What to do: a command or a line to paste where possible.</param>
    /// <param name="inner">The exception below this one.</param>
    public LatentException(string happened, string? expected = null, string? received = null, string? fix = null, Exception? inner = null)
        : base(Compose(happened, expected, received, fix), inner) =>
        (Happened, Received, Fix) = (Shown.Lines(happened.ReplaceLineEndings("\n")), received, fix);

    /// <summary>What happened, without the other parts: for the message of another exception.</summary>
    public string Happened { get; }

    /// <summary>What came instead, or null.</summary>
    public string? Received { get; }

    /// <summary>What to do, or null.</summary>
    public string? Fix { get; }

    private static string Compose(string happened, string? expected, string? received, string? fix)
    {
        var text = new StringBuilder(happened);
        if (expected is not null)
            text.Append("\nExpected: ").Append(expected);
        if (received is not null)
            text.Append("\nReceived: ").Append(received);
        if (fix is not null)
            text.Append("\nFix: ").Append(fix);
        return Shown.Lines(text.Replace("\r\n", "\n").ToString());
    }
}
