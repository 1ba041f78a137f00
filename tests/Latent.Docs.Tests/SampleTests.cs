using System.Diagnostics;
using System.Text.RegularExpressions;

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

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Upsampling_is_compared_from_data_to_pictures()
    {
        using var folder = new TemporaryFolder();
        var (code, output) = await Run(folder.Path, "upsampling.cs", "10", "1").ConfigureAwait(true);

        Assert.True(code == 0, output);
        string[] ways = ["nearest", "bilinear", "transposed 2 × 2", "transposed 3 × 3", "transposed 4 × 4"];
        Assert.All(ways, way => Assert.Contains($"{way}: val_loss 0.", output, StringComparison.Ordinal));
        Assert.Contains("random codes", output, StringComparison.Ordinal);
        string[] pictures = ["learning", "spectra", "trained", "spectrum-0", "spectrum-10", "spectrum-trained"];
        Assert.All(
            pictures,
            name => Assert.True(new FileInfo(folder[$"upsampling-{name}.png"]).Length > 1000, $"{name} is missing\n{output}")
        );
    }

    [Fact]
    public void The_page_on_upsampling_shows_the_decoders_of_its_sample() =>
        Assert.Contains(
            Code(Pages.Read("docs/recipes/upsampling.md"), "Conv2D Conv("),
            Pages.Read("samples/upsampling.cs"),
            StringComparison.Ordinal
        );

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Digits_are_segmented_from_a_noisy_background()
    {
        using var folder = new TemporaryFolder();
        var (code, output) = await Run(folder.Path, "segmentation.cs", "100").ConfigureAwait(true);

        Assert.True(code == 0, output);
        var share = Regex.Match(
            output,
            @"intersection over union (?<share>[\d.]+) %",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
        Assert.True(share.Success && double.Parse(share.Groups["share"].Value) > 25, output);
        Assert.True(new FileInfo(folder["segmentation.png"]).Length > 1000, output);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_layer_and_a_loss_of_ones_own_train_and_come_back_from_a_file()
    {
        using var folder = new TemporaryFolder();
        var (code, output) = await Run(folder.Path, "own-parts.cs", "20").ConfigureAwait(true);

        Assert.True(code == 0, output);
        var losses = Regex.Match(
            output,
            @"trained: (?<trained>0\.\d+)\s+opened:\s+(?<opened>0\.\d+)",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
        Assert.True(losses.Success && losses.Groups["trained"].Value == losses.Groups["opened"].Value, output);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_nearest_images_by_embedding()
    {
        using var folder = new TemporaryFolder();
        var digits = Data.Mnist.Load(Repository.Mnist).Test;
        for (int i = 0; i < 20; i++)
            Images.ImageFiles.Save(folder[$"photos/{i:D2}.png"], digits.Image(i), digits.Shape);
        await File.WriteAllTextAsync(folder["photos/bad.png"], "text", Stop).ConfigureAwait(true);
        new Models.Autoencoder(Networks.Article.Encoder(4), Networks.Article.Decoder(4), seed: 1).Save(folder["model.safetensors"]);
        var (code, output) = await Run(folder.Path, "embeddings.cs", "model.safetensors", "photos/07.png", "photos").ConfigureAwait(true);

        Assert.True(code == 0, output);
        Assert.Contains("skipped bad.png: The image 'bad.png' cannot be decoded.", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ +0\.0000  07\.png$", output);
        Assert.Equal(10, output.Split(".png\n").Length - 1);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_readme_shows_a_whole_program_for_a_file_outside_the_repository()
    {
        using var folder = new TemporaryFolder();
        string page = Pages.Read("README.md");
        string head = Code(page, "#:project").Replace("#:project Latent/", $"#:project {Repository.Root}/", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["digits.cs"], head + Code(page, "var (train, test)"), Stop).ConfigureAwait(true);
        string images = Directory.CreateDirectory(folder["latent/mnist"]).FullName;
        foreach (string file in Directory.EnumerateFiles(Repository.Mnist))
            File.Copy(file, Path.Combine(images, Path.GetFileName(file)));

        var (code, output) = await Run(folder.Path, folder["digits.cs"]).ConfigureAwait(true);

        Assert.True(code == 0, output);
        Assert.Contains("val_loss 0.0", output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["reconstructions.png"]) && File.Exists(folder["mnist-z10.safetensors"]), output);
    }

    /// <summary>As in the readme's first command: what the program writes lies where it was called.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_program_started_from_its_source_writes_where_it_is_called()
    {
        using var folder = new TemporaryFolder();
        string project = Path.Combine(Repository.Root, "src", "Latent.Cli");
        string[] arguments = ["run", "-c", "Release", "--project", project, "--", "show", "mnist", "--count", "3"];
        var (code, output) = await Dotnet(folder.Path, arguments).ConfigureAwait(true);

        Assert.True(code == 0, output);
        Assert.True(File.Exists(folder["mnist-examples.png"]), output);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The block of C# on a page that starts so.</summary>
    private static string Code(string page, string start)
    {
        const string Fence = "```csharp\n";
        int from = page.IndexOf(Fence + start, StringComparison.Ordinal);
        Assert.True(from >= 0, $"the page shows no code that starts with {start}");
        from += Fence.Length;
        return page[from..page.IndexOf("```", from, StringComparison.Ordinal)];
    }

    /// <summary>Runs a sample by its name, or a program of one's own by its path, with the folder for its files and as the user's cache.</summary>
    private static Task<(int Code, string Output)> Run(string folder, string sample, params string[] arguments) =>
        Dotnet(folder, ["run", "-c", "Release", Path.Combine(Repository.Root, "samples", sample), "--", .. arguments]);

    private static async Task<(int Code, string Output)> Dotnet(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_CACHE_HOME"] = folder;
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var errors = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop).ConfigureAwait(false);
        return (process.ExitCode, await output.ConfigureAwait(false) + await errors.ConfigureAwait(false));
    }
}
