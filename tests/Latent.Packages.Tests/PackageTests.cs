using System.IO.Compression;
using System.Xml.Linq;

namespace Latent.Packages.Tests;

/// <summary>The packages as another program takes them.</summary>
[Trait("Category", "Slow")]
public sealed class PackageTests(Feed feed)
{
    private const long Most = 15_000_000; // what the folder of a program on the library alone may weigh, in bytes

    public static TheoryData<string> Projects => [.. Feed.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task A_package_has_its_readme_and_its_licence(string project)
    {
        using var package = await ZipFile.OpenReadAsync(await feed.FileOf(project), TestContext.Current.CancellationToken);
        Assert.Contains("README.md", package.Entries.Select(entry => entry.FullName));
        var metadata = Metadata(package);
        Assert.Equal("MIT", Text(metadata, "license"));
        Assert.Equal("README.md", Text(metadata, "readme"));
        Assert.Equal(project, Text(metadata, "id"));
        Assert.DoesNotContain("Package Description", Text(metadata, "description"), StringComparison.Ordinal);
        Assert.DoesNotContain(
            package.Entries,
            entry => entry.FullName.EndsWith("-ubyte.gz", StringComparison.Ordinal) && project != "Latent.Cli"
        );
        if (project != "Latent.Cli")
            Assert.Contains(package.Entries, entry => entry.FullName == $"lib/net10.0/{project}.xml");
    }

    [Fact]
    public async Task The_library_needs_no_other_package()
    {
        using var package = await ZipFile.OpenReadAsync(await feed.FileOf("Latent"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(Metadata(package).Descendants(), element => element.Name.LocalName == "dependency");
        Assert.Contains(package.Entries, entry => entry.FullName == "buildTransitive/Latent.targets");
    }

    [Fact]
    public async Task A_new_project_installs_the_packages_and_runs()
    {
        string folder = await feed.NewProject(
            "uses",
            """
            using Latent.Data;
            using Latent.Embeddings;
            using Latent.Explorer;
            using Latent.Formats;
            using Latent.Hosting;
            using Latent.Images;
            using Latent.Models;
            using Latent.Networks;
            using Microsoft.Extensions.AI;
            using Microsoft.Extensions.Logging.Abstractions;

            var model = new Autoencoder(Article.Encoder(3), Article.Decoder(3), seed: 1);
            model.Save("model.safetensors");
            using var codec = Codec.Open("model.safetensors", new CodecOptions().LogTo(NullLogger.Instance));
            byte[] pixels = new byte[28 * 28];
            pixels.AsSpan(100, 50).Fill(255);
            ImageFiles.Save("digit.png", pixels, codec.ImageShape);
            byte[] read = ImageFiles.Read(File.ReadAllBytes("digit.png"), codec.ImageShape);
            float[] code = codec.Encode(read);
            using var embeddings = new CodecEmbeddingGenerator(codec);
            var vector = await embeddings.GenerateVectorAsync(new DataContent(File.ReadAllBytes("digit.png"), "image/png"));
            if (!vector.Span.SequenceEqual(code))
                throw new InvalidOperationException("the embedding is not the code");
            OnnxModel.Save("onnx", model);
            Npy.Write("code.npy", code, 1, 3);
            ExplorerPage.Save("page.html", model, ImageSet.FromPixels(read, 1, 28, 28));
            Console.WriteLine($"{code.Length} numbers, score {codec.Score(read):F3}");
            """,
            ["Latent.Embeddings", "Latent.Formats", "Latent.Hosting", "Latent.Images"]
        );
        (await Dotnet.Run(folder, "build", "-c", "Release", "-warnaserror", "-v", "quiet")).Ok();
        string said = (await Dotnet.Run(folder, "bin/Release/net10.0/uses.dll")).Ok();
        Assert.StartsWith("3 numbers, score 0.", said, StringComparison.Ordinal);
        Assert.All(
            (string[])["digit.png", "code.npy", "page.html", "onnx/autoencoder.onnx"],
            file => Assert.True(File.Exists(Path.Combine(folder, file)), file)
        );
    }

    [Fact]
    public async Task A_program_on_the_library_alone_is_small()
    {
        string folder = await feed.NewProject(
            "alone",
            """
            using var codec = Latent.Models.Codec.Open(args[0]);
            Console.WriteLine(codec.ImageShape);
            """,
            ["Latent"]
        );
        (await Dotnet.Run(folder, "publish", "-c", "Release", "-o", "out", "-warnaserror", "-v", "quiet")).Ok();
        long size = Dotnet.SizeOf(Path.Combine(folder, "out"));
        TestContext.Current.TestOutputHelper?.WriteLine($"the folder has {size:N0} bytes");
        Assert.InRange(size, 100_000, Most);
        Assert.Contains("There is no model 'none'", (await Dotnet.Run(folder, "out/alone.dll", "none")).Output, StringComparison.Ordinal);
    }

    private static XElement Metadata(ZipArchive package)
    {
        using var stream = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XElement.Load(stream);
    }

    private static string Text(XElement metadata, string name) =>
        metadata.Descendants().Single(element => element.Name.LocalName == name).Value;
}
