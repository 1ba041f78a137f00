namespace Latent.Formats;

/// <summary>Names from a file as a message shows them: a hostile one is long.</summary>
internal static class Show
{
    private const int Longest = 60;

    public static string Name(string text) => text.Length <= Longest ? text : text[..Longest] + "…";

    public static string Sides(IEnumerable<long> sides) => Name($"({string.Join(", ", sides)})");
}
