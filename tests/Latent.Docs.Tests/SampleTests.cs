using System.Diagnostics;

namespace Latent.Docs.Tests;

/// <summary>The samples run, each started as its reader starts it, with few steps.</summary>
public sealed class SampleTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_article_runs_from_data_to_pictures()
    {
        using var folder = new TemporaryFolder();
        var (code, output) = await Run(folder.Path, "article.cs", "20").ConfigureAwait(true);

        Assert.True(code == 0, output);
        Assert.Contains("60000 training images", output, StringComparison.Ordinal);
        Assert.Contains("95,939", output, StringComparison.Ordinal);
        string[] pictures = ["examples.png", "reconstructions.png", "scatter.png", "grid.png"];
        Assert.All(pictures, name => Assert.True(new FileInfo(folder[name]).Length > 1000, $"{name} is missing or empty\n{output}"));
    }

    private static async Task<(int Code, string Output)> Run(string folder, string sample, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all = ["run", "-c", "Release", Path.Combine(Repository.Root, "samples", sample), "--", .. arguments];
        foreach (string argument in all)
            start.ArgumentList.Add(argument);
        var stop = TestContext.Current.CancellationToken;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop).ConfigureAwait(false);
        return (process.ExitCode, await output.ConfigureAwait(false) + await errors.ConfigureAwait(false));
    }
}
