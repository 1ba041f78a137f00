namespace Latent.Tests.Shared;

/// <summary>
/// Text that a test makes and the repository keeps: help pages, public surfaces, code in pages. A test run under UPDATE_SNAPSHOTS=1 writes
/// the file in place of comparing, so that accepting a change is reading a diff.
/// </summary>
internal static class Snapshot
{
    /// <summary>Fails with the first line that differs from the kept file. Line ends and blank ends of the text do not count.</summary>
    public static void Verify(string text, string keptIn)
    {
        string file = Path.GetFullPath(keptIn, Repository.Root);
        string[] now = Lines(text);
        string[] kept = File.Exists(file) ? Lines(File.ReadAllText(file)) : [];
        if (kept.AsSpan().SequenceEqual(now))
            return;

        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") is "1")
            Write(file, now);
        else
            Assert.Fail(Difference(keptIn, kept, now));
    }

    private static void Write(string file, string[] lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
    }

    private static string Difference(string keptIn, string[] kept, string[] now)
    {
        int same = kept.AsSpan().CommonPrefixLength(now);
        string At(string[] lines) => same < lines.Length ? $"'{lines[same]}'" : "the end";
        return $"{keptIn}, line {same + 1}, is {At(kept)}; the code gives {At(now)}. If that is wanted, UPDATE_SNAPSHOTS=1 ./check writes it: review what it changed.";
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd().Split('\n');
}
