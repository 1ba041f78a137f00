namespace Latent.Cli.Output;

/// <summary>Fields of CSV.</summary>
internal static class Csv
{
    /// <summary>A field as it stands in a line: in quotation marks where it must be.</summary>
    public static string Quote(string text) => text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
