using System.Diagnostics;

namespace Latent.Packages.Tests;

/// <summary>The program as a .NET tool: installed from the feed into a folder, and used from there.</summary>
[Trait("Category", "Slow")]
public sealed class ToolTests(Feed feed) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Latent_is_installed_trains_and_serves_its_studio()
    {
        _ = await feed.FileOf("Latent.Cli");
        (
            await Dotnet.Run(
                _folder.Path,
                "tool",
                "install",
                "Latent.Cli",
                "--tool-path",
                _folder["tools"],
                "--version",
                feed.Version,
                "--configfile",
                feed.SettingsFile()
            )
        ).Ok();
        string program = _folder[OperatingSystem.IsWindows() ? "tools/latent.exe" : "tools/latent"];

        Assert.StartsWith("latent ", (await Dotnet.Start(_folder.Path, program, "--version")).Ok(), StringComparison.Ordinal);
        (await Dotnet.Start(_folder.Path, program, "train", "mnist", "--steps", "3", "--out", "runs/small")).Ok(); // with the data that it brings along
        (await Dotnet.Start(_folder.Path, program, "export", "runs/small", "--onnx", "onnx")).Ok();
        Assert.True(File.Exists(_folder["onnx/encoder.onnx"]));
        await ServesTheStudio(program);
    }

    private async Task ServesTheStudio(string program)
    {
        const string start = "Latent Studio: ";
        var info = Dotnet.Info(_folder.Path, program, "studio", "--no-browser", "--urls", "http://127.0.0.1:0");
        using var process = Process.Start(info)!;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(s_patience);
            string? line;
            do line = await process.StandardOutput.ReadLineAsync(patience.Token);
            while (line is not null && !line.StartsWith(start, StringComparison.Ordinal));
            if (line is null)
                Assert.Fail(await process.StandardError.ReadToEndAsync(patience.Token));
            using var client = new HttpClient { BaseAddress = new(line[start.Length..]) };
            string page = await client.GetStringAsync("/", patience.Token);
            string[] paths =
            [
                "/_content/Latent.Studio/studio.css",
                "/_content/Latent.Studio/studio.js",
                "/_content/MudBlazor/MudBlazor.min.css",
                "/_framework/blazor.web.js",
                "/explorer/explorer.js",
            ];
            foreach (string path in paths)
            {
                using var answer = await client.GetAsync(path, patience.Token);
                Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
                Assert.True((await answer.Content.ReadAsByteArrayAsync(patience.Token)).Length > 100, path);
            }
            Assert.Contains("Latent", page, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
