using System.Text;

namespace Latent;

/// <summary>
/// Text from outside (names in a file, paths) as a message may show it: a terminal obeys control characters, and a hostile name is long.
/// </summary>
internal static class Shown
{
    private const int Most = 60,
        LongestProblem = 300;

    /// <summary>A name or a value from a file: one line of at most 60 characters, what is unprintable written as \u and four digits.</summary>
    public static string Of(string text) => text.Length <= Most ? Escape(text, lines: false) : Escape(text[..Most], lines: false) + "…";

    /// <summary>What .NET says of JSON that is none: it may have the rest of the document in it, which is left out then.</summary>
    public static string Problem(Exception e) =>
        e.Message.Length <= LongestProblem ? e.Message
        : e is System.Text.Json.JsonException json
            ? $"something else from line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1} on"
        : Of(e.Message);

    /// <summary>A whole message: its lines stay lines.</summary>
    public static string Lines(string text) => Escape(text, lines: true);

    /// <summary>Whether a text shows as it is.</summary>
    public static bool IsPlain(string text)
    {
        foreach (char c in text)
            if (IsUnprintable(c))
                return false;
        return true;
    }

    private static string Escape(string text, bool lines)
    {
        if (IsPlain(text))
            return text;
        var escaped = new StringBuilder();
        foreach (char c in text)
            if (IsUnprintable(c) && !(lines && c == '\n'))
                escaped.Append($"\\u{(int)c:x4}");
            else
                escaped.Append(c);
        return escaped.ToString();
    }

    /// <summary>Control characters, line separators, and what turns the direction of text around.</summary>
    private static bool IsUnprintable(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
