using System.Globalization;

namespace Latent.Cli.Train;

/// <summary>How often a training saves its state within an epoch.</summary>
/// <param name="Time">After this time; infinite for never.</param>
/// <param name="Steps">After so many steps; 0 for never.</param>
internal sealed record SaveEvery(TimeSpan Time, long Steps)
{
    /// <summary>What the parser expects, for messages.</summary>
    public const string Expected = "a number of steps (500), of seconds (30s) or minutes (5m), or off";

    /// <summary>"500" (steps), "30s", "5m" or "off"; null for anything else.</summary>
    public static SaveEvery? Parse(string text)
    {
        if (text == "off")
            return new(Timeout.InfiniteTimeSpan, 0);
        if (text.Length == 0)
            return null;
        int seconds = text[^1] switch
        {
            's' => 1,
            'm' => 60,
            _ => 0,
        };
        string number = seconds > 0 ? text[..^1] : text;
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) || n < 1)
            return null;
        return seconds > 0 ? new(TimeSpan.FromSeconds((double)n * seconds), 0) : new(Timeout.InfiniteTimeSpan, n);
    }
}
