namespace Latent.Cli.Output;

/// <summary>Text broken into lines at spaces.</summary>
internal static class Wrapping
{
    /// <summary>Lines of at most <paramref name="width"/> characters where the words allow it; line breaks of the text stay.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (string paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            string line = "";
            foreach (string word in paragraph.Split(' '))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
                {
                    yield return line;
                    line = word;
                }
                else
                    line = line.Length == 0 ? word : $"{line} {word}";
            }
            yield return line;
        }
    }
}
