namespace Latent.Cli.Tests.Faults;

/// <summary>How what went wrong is told: once, in words, with exit code 1.</summary>
internal static class OneMessage
{
    /// <summary>The message; fails where there is none, more than one, or one for programmers.</summary>
    /// <param name="result">What the command line came to.</param>
    /// <param name="parts">What must stand in it.</param>
    public static string Of(Result result, params ReadOnlySpan<string> parts)
    {
        string error = result.Error;
        Assert.True(result.Code == 1, $"exit code {result.Code}\n{error}\n{result.Output}");
        Assert.StartsWith("error: ", error);
        Assert.Equal(1, error.Split("error: ").Length - 1);
        foreach (string wrong in (string[])["fault in Latent", "Exception", "   at ", "Unhandled"])
            Assert.DoesNotContain(wrong, error);
        Assert.All(error.TrimEnd('\n').Split('\n').Skip(1), line => Assert.StartsWith("  ", line));
        foreach (string part in parts)
            Assert.True(error.Contains(part), $"no '{part}' in {error}");
        return error;
    }
}
