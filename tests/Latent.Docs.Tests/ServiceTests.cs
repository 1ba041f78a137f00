using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Latent.Data;
using Latent.Images;
using Latent.Models;
using Latent.Networks;

namespace Latent.Docs.Tests;

/// <summary>The service of samples/service.cs, started as its reader starts it, on a port of its own.</summary>
public sealed class ServiceTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Uploaded_images_are_scored_and_bad_uploads_are_told_why()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        var image = Mnist.Load(Repository.Mnist).Test.Image(0).ToArray();
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2), seed: 1);
        double score = model.Losses(ImageSet.FromPixels(image, 1, 28, 28))[0];
        model.Info = new() { Codec = new() { Threshold = score / 2 } };
        model.Save(_folder["model.safetensors"]);
        ImageFiles.Save(_folder["digit.png"], image, model.ImageShape);
        ImageFiles.Save(_folder["large.png"], new byte[30 * 30], new(30, 30, 1));

        using var process = Start(_folder["model.safetensors"]);
        try
        {
            using var client = new HttpClient();
            (client.BaseAddress, string said) = await Address(process, patience.Token);
            Assert.Contains("Latent.Models.Codec", said, StringComparison.Ordinal);
            Assert.Contains("The model 'model' is open", said, StringComparison.Ordinal);

            var about = JsonNode.Parse(await client.GetStringAsync("/", patience.Token))!;
            Assert.Equal("(28, 28, 1)", (string?)about["image"]);

            var (status, answer) = await Upload(await File.ReadAllBytesAsync(_folder["digit.png"], patience.Token));
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(score, (double)answer["score"]!, 1e-12);
            Assert.True((bool)answer["unusual"]!);

            (status, answer) = await Upload("hello"u8.ToArray());
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("PNG", (string?)answer["detail"], StringComparison.Ordinal);

            (status, answer) = await Upload([]);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("an empty file", (string?)answer["detail"], StringComparison.Ordinal);

            (status, answer) = await Upload(await File.ReadAllBytesAsync(_folder["large.png"], patience.Token));
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("30 × 30", (string?)answer["detail"], StringComparison.Ordinal);

            async Task<(HttpStatusCode, JsonNode)> Upload(byte[] body)
            {
                using var content = new ByteArrayContent(body);
                using var response = await client.PostAsync("/score", content, patience.Token);
                return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(patience.Token))!);
            }
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_model_that_is_not_there_ends_the_service_with_a_message()
    {
        using var process = Start(_folder["none"]);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("There is no model", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private Process Start(string model)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            string argument in (string[])
                [
                    "run",
                    "-c",
                    "Release",
                    Path.Combine(Repository.Root, "samples", "service.cs"),
                    "--",
                    model,
                    "--urls",
                    "http://127.0.0.1:0",
                ]
        )
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Where it says that it listens, and what it said until then.</summary>
    private static async Task<(Uri Address, string Said)> Address(Process process, CancellationToken stop)
    {
        const string mark = "Now listening on: ";
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(stop) is { } line)
        {
            said.Add(line);
            if (line.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at)
                return (new(line[(at + mark.Length)..].Trim()), string.Join('\n', said));
        }
        throw new InvalidOperationException(
            $"the service does not answer:\n{string.Join('\n', said)}\n{await process.StandardError.ReadToEndAsync(stop)}"
        );
    }
}
