using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Latent.Data;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Explorer.Tests.Page;

/// <summary>What stands in a page, without a browser.</summary>
public sealed class ExplorerPageTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void The_data_in_a_page_are_the_models()
    {
        var model = Models.Article(10);
        var images = Models.Test.Take(50);
        var data = Data(ExplorerPage.ToHtml(model, images));
        Assert.Equal(model.Encode(images), Floats(data.GetProperty("codes")));
        Assert.Equal(images.Labels, data.GetProperty("labels").GetBytesFromBase64());
        using var inflated = new ZLibStream(new MemoryStream(data.GetProperty("images").GetBytesFromBase64()), CompressionMode.Decompress);
        var pixels = new byte[images.Pixels.Length + 1];
        Assert.Equal(images.Pixels.Length, inflated.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false));
        Assert.Equal(images.Pixels, pixels.AsSpan(..^1));
        foreach (var (name, network) in (IEnumerable<(string, Network)>)[("encoder", model.Encoder), ("decoder", model.Decoder)])
        {
            var part = data.GetProperty(name);
            Assert.Equal(network, NetworkJson.Read(part.GetProperty("description")));
            Assert.Equal(
                model
                    .Weights.Layout.Parameters.Where(p => p.Name.StartsWith(name, StringComparison.Ordinal))
                    .SelectMany(p => model.Weights[p].ToArray()),
                Floats(part.GetProperty("weights"))
            );
        }
        var meta = data.GetProperty("meta");
        Assert.Equal("[28,28,1]", meta.GetProperty("shape").GetRawText());
        Assert.Equal(
            (50, 10, 10),
            (meta.GetProperty("count").GetInt32(), meta.GetProperty("latent").GetInt32(), meta.GetProperty("ranges").GetArrayLength())
        );
        Assert.True(meta.GetProperty("canEncode").GetBoolean() && meta.GetProperty("hasImages").GetBoolean());
        double[][] components = [.. meta.GetProperty("components").EnumerateArray().Select(GoldenFolder.Numbers)];
        for (int i = 0; i < 10; i++)
        for (int j = 0; j <= i; j++)
            Assert.Equal(i == j ? 1 : 0, components[i].Zip(components[j], (a, b) => a * b).Sum(), 1e-5);
    }

    [Fact]
    public void Two_numbers_need_no_components_and_some_data_have_no_labels()
    {
        var images = ImageSet.FromPixels(Models.Test.Take(9).Pixels, 9, 28, 28);
        var data = Data(ExplorerPage.ToHtml(Models.Article(2), images, new() { Images = false }));
        Assert.Equal(0, data.GetProperty("meta").GetProperty("components").GetArrayLength());
        Assert.Equal(2, data.GetProperty("meta").GetProperty("mean").GetArrayLength());
        Assert.Equal(0, data.GetProperty("meta").GetProperty("labelNames").GetArrayLength());
        Assert.False(data.TryGetProperty("labels", out _) || data.TryGetProperty("images", out _));
        Assert.False(data.GetProperty("meta").GetProperty("hasImages").GetBoolean());
    }

    [Fact]
    public void A_page_allows_its_own_script_and_no_network()
    {
        string html = ExplorerPage.ToHtml(Models.Article(2), Models.Test.Take(20));
        string policy = Regex.Match(html, "Content-Security-Policy\" content=\"([^\"]*)\"", RegexOptions.None, s_patience).Groups[1].Value;
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        string script = Assert.Single(Regex.Matches(html, "<script>(.*?)</script>", RegexOptions.Singleline, s_patience)).Groups[1].Value;
        Assert.Contains(
            $"script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}';",
            policy,
            StringComparison.Ordinal
        );
        foreach (string part in (string[])["src=\"", "<link rel=\"style", "@import", " url(", "fetch(", "https://"])
            Assert.DoesNotContain(part, html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\r', html);
    }

    [Fact]
    public void The_same_model_gives_the_same_page() =>
        Assert.Equal(
            ExplorerPage.ToHtml(Models.Article(2), Models.Test.Take(20)),
            ExplorerPage.ToHtml(Models.Article(2), Models.Test.Take(20))
        );

    [Fact]
    public void What_a_user_named_is_text()
    {
        var few = Models.Test.Take(3);
        var images = ImageSet.FromPixels(few.Pixels, 3, 28, 28, 1, [0, 1, 1], ["</script><b>", "<!--"]);
        string html = ExplorerPage.ToHtml(Models.Article(2), images, new() { Title = "<i>&\"" });
        Assert.Contains("<h1>&lt;i&gt;&amp;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<!--", html, StringComparison.Ordinal);
        Assert.Equal("</script><b>", Data(html).GetProperty("meta").GetProperty("labelNames")[0].GetString());
    }

    [Fact]
    public void A_count_takes_the_first()
    {
        var data = Data(ExplorerPage.ToHtml(Models.Article(2), Models.Test.Take(30), new() { Count = 7 }));
        Assert.Equal(7, data.GetProperty("meta").GetProperty("count").GetInt32());
        Assert.Equal(14, Floats(data.GetProperty("codes")).Length);
    }

    [Fact]
    public void What_cannot_be_shown_is_refused_with_one_message()
    {
        var images = Models.Test.Take(5);
        var flat = new Network("encoder", Article.Mnist, new Flatten(), new Dense(2));
        var back = new Network("decoder", Shape.Vector(2), new Dense(784), new Reshape(Article.Mnist));
        Refused(new(flat, new("decoder", Shape.Vector(2), new Dense(784))), images, "outputs of (28, 28, 1)");
        Refused(new(flat, new("decoder", Shape.Vector(2), new Models.OwnLayer(), back.Layers[0], back.Layers[1])), images, "OwnLayer");
        Refused(new(new("encoder", Article.Mnist, new Models.OwnLayer(), flat.Layers[0], flat.Layers[1]), back), images, "OwnLayer");
        Refused(new(flat, back), ImageSet.FromPixels(new byte[16], 1, 4, 4), "(4, 4, 1)");
        var vector = new Network("encoder", Shape.Vector(784), new Dense(2));
        Refused(new(vector, new("decoder", Shape.Vector(2), new Dense(784))), images, "1 or 3 channels");
        var diverged = new Autoencoder(flat, back);
        diverged.Weights.Values.Fill(float.NaN);
        diverged.Weights.Touch();
        Refused(diverged, images, "diverged");
        Assert.Throws<LatentException>(() => ExplorerPage.ToHtml(new(flat, back), images, new() { Count = 0 }));
    }

    [Fact]
    public void The_files_are_found_by_name()
    {
        Assert.Contains("explorer.js", ExplorerAssets.Names, StringComparer.Ordinal);
        Assert.All(ExplorerAssets.Names, name => Assert.False(ExplorerAssets.Find(name)!.Value.IsEmpty));
        Assert.Null(ExplorerAssets.Find("../explorer.js"));
    }

    private static void Refused(Autoencoder model, ImageSet images, string part) =>
        Assert.Contains(part, Assert.Throws<LatentException>(() => ExplorerPage.ToHtml(model, images)).Message, StringComparison.Ordinal);

    private static JsonElement Data(string html) =>
        JsonElement.Parse(
            Regex
                .Match(
                    html,
                    "<script type=\"application/json\" id=\"latent-explorer-data\">(.*?)</script>",
                    RegexOptions.Singleline,
                    s_patience
                )
                .Groups[1]
                .Value
        );

    private static float[] Floats(JsonElement base64) => MemoryMarshal.Cast<byte, float>(base64.GetBytesFromBase64()).ToArray();
}
