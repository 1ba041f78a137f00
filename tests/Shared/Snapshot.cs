namespace Latent.Tests.Shared;

/// <summary>Compares text with a file kept in the repository; UPDATE_SNAPSHOTS=1 rewrites it.</summary>
internal static class Snapshot
{
    private static bool Update => Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1";

    public static void Verify(string actual, string relativePath)
    {
        string path = Path.Combine(Repository.Root, relativePath);
        actual = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }
        string expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        Assert.True(
            string.Equals(expected, actual, StringComparison.Ordinal),
            $"{relativePath} is out of date. Run: UPDATE_SNAPSHOTS=1 ./check, then read the diff.\nNow:\n{actual}"
        );
    }
}
