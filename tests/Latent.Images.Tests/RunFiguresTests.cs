using System.Text.RegularExpressions;
using Latent.Analysis;
using Latent.Data;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Images.Tests;

public sealed class RunFiguresTests
{
    private static readonly DataSet Data = Load();

    [Theory]
    [InlineData(10, FigureFormat.Png)]
    [InlineData(2, FigureFormat.Svg)]
    public void ARunHasItsFiguresAndItsReport(int latent, FigureFormat format)
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder["run"]);
        run.WriteHistory(Samples.History(20));
        run.WriteInfo(Info(latent));
        var model = new Autoencoder(Article.Encoder(latent: latent), Article.Decoder(latent: latent), seed: 1);
        var paths = RunFigures.Draw(run, model, Data, new() { Format = format, Round = true });
        string ending = format == FigureFormat.Png ? "png" : "svg";
        Assert.Equal(
            ["examples", "reconstructions", "loss", "latent-scatter", "latent-grid", "samples"],
            paths.SkipLast(1).Select(path => Path.GetFileNameWithoutExtension(path))
        );
        Assert.All(paths, path => Assert.True(new FileInfo(path).Length > 1000));
        Assert.All(
            paths.SkipLast(1),
            path => Assert.Equal(Path.Combine(run.FiguresPath, Path.GetFileNameWithoutExtension(path) + "." + ending), path)
        );
        Assert.Equal(run.ReportPath, paths[^1]);
    }

    [Fact]
    public void TheReportHoldsEverythingItself()
    {
        string html = Html(10);
        string[] sources =
        [
            .. Regex
                .Matches(html, "src=\"([^\"]{0,40})", RegexOptions.None, TimeSpan.FromSeconds(10))
                .Select(match => match.Groups[1].Value),
        ];
        Assert.Equal(6, sources.Length);
        Assert.All(sources, source => Assert.StartsWith("data:image/png;base64,", source, StringComparison.Ordinal));
        string text = Regex.Replace(html, "base64,[^\"]*", "", RegexOptions.None, TimeSpan.FromSeconds(10));
        Assert.All(
            new[] { "https:", "<link rel=\"style", "@import", " url(", "fetch(", "import(" },
            part => Assert.DoesNotContain(part, text, StringComparison.OrdinalIgnoreCase)
        );
        Assert.Contains("Content-Security-Policy\" content=\"default-src 'none'; ", html, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLatentSpaceCanBeMovedThrough()
    {
        string html = Html(3);
        Assert.Contains("<h2>Move through the latent space</h2>\n<div id=\"latent-explorer\"", html, StringComparison.Ordinal);
        Assert.Contains("as soon as the page's script runs", html, StringComparison.Ordinal);
        Assert.Contains("compact: true", html, StringComparison.Ordinal);
        Assert.Contains("\"count\":300", html, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereItCannotASentenceSaysSo()
    {
        var images = Data.Test;
        var large = new Autoencoder(
            Article.Encoder(latent: 2),
            new Network("decoder", Shape.Vector(2), new Dense(1400), new Dense(784), new Reshape(Article.Mnist))
        );
        var explorer = RunExplorer.Of(large, images, large.Encode(images));
        Assert.Null(explorer.Fragment);
        Assert.Contains("4.4 MB", explorer.Caption, StringComparison.Ordinal);
        Assert.Contains("latent export RUN --html", explorer.Caption, StringComparison.Ordinal);
        string html = new Report { Title = "large", Explorer = explorer }.ToHtml();
        Assert.Contains("<h2>Move through the latent space</h2>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);

        var small = new Autoencoder(Article.Encoder(latent: 2), Article.Decoder(latent: 2));
        Assert.Null(
            RunExplorer
                .Of(
                    small,
                    images,
                    new float[2 * images.Count]
                        .Select(_ => float.NaN)
                        .ToArray()
                )
                .Fragment
        );
        Assert.NotNull(RunExplorer.Of(small, images, small.Encode(images)).Fragment);
    }

    [Fact]
    public void TheReportSaysTheNumbers()
    {
        string html = Html(10);
        string[] expected =
        [
            "0.01172",
            "95,939",
            "encoder 5,762, decoder 90,177",
            ">78.4<",
            ">19.6<",
            "recipe fast",
            "seed 7",
            "PCA, 10 components",
            "codes inside ±5",
            "optimizer.name",
            "muon",
        ];
        Assert.All(expected, part => Assert.Contains(part, html, StringComparison.Ordinal));
        Assert.Contains("<summary>All 20 epochs</summary>", html, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(html, "<tr class=\"best\">", RegexOptions.None, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void TheArticlesImagesAreCountedWhereThereAreAll()
    {
        var (train, test) = Mnist.Load(Repository.Mnist);
        var model = new Autoencoder(Article.Encoder(latent: 2), Article.Decoder(latent: 2), seed: 1);
        var report = RunSummary.Of(model, new DataSet("mnist", train.Take(500), test), info: null, [], new()).Report;
        var number = Assert.Single(report.Headline, number => number.Name == "on the first 9,984");
        Assert.Equal(Numbers.Loss(model.Evaluate(test.Take(9984))), number.Value);
        Assert.Equal(3, report.Tables[0].Columns.Count);
        Assert.DoesNotContain(HeadlineOfASmallSet(), n => n.Name == "on the first 9,984");
    }

    [Fact]
    public void EachLabelHasItsQuality()
    {
        var (train, test) = Mnist.Load(Repository.Mnist);
        test = test.Take(300);
        var model = new Autoencoder(Article.Encoder(latent: 2), Article.Decoder(latent: 2), seed: 1);
        var report = RunSummary.Of(model, new DataSet("mnist", train.Take(500), test), info: null, [], new()).Report;
        var table = report.Tables.Single(t => t.Heading == "Reconstructions, by label");
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => $"{i}"), "all"], table.Rows.Select(row => row[0]));
        Assert.Equal("300", table.Rows[^1][1]);

        // the row of the sevens, by the plain definitions
        float[] outputs = model.Reconstruct(test);
        int[] sevens = [.. Enumerable.Range(0, 300).Where(i => test.Labels[i] == 7)];
        float[] Of(int i, bool output)
        {
            var numbers = new float[784];
            if (output)
                outputs.AsSpan(i * 784, 784).CopyTo(numbers);
            else
                test.CopyTo(i, numbers);
            return numbers;
        }
        Assert.Equal(
            [
                "7",
                $"{sevens.Length}",
                Numbers.Loss(sevens.Average(i => ImageMetrics.MeanSquaredError(Of(i, false), Of(i, true)))),
                $"{sevens.Average(i => ImageMetrics.Psnr(Of(i, false), Of(i, true))):0.00}",
                $"{sevens.Average(i => StructuralSimilarity.Of(Of(i, false), Of(i, true), test.Shape)):0.000}",
            ],
            table.Rows[7]
        );
        Assert.Contains(report.Headline, number => number.Name == "labels told by neighbours");
    }

    [Fact]
    public void WholeBatchesAreCountedOfAnySize()
    {
        var model = new Autoencoder(Article.Encoder(latent: 2), Article.Decoder(latent: 2), seed: 1);
        var number = Assert.Single(HeadlineOfASmallSet(), number => number.Name == "on the first 256");
        Assert.Equal(Numbers.Loss(model.Evaluate(Data.Test.Take(256))), number.Value);
        var whole = new DataSet("mnist", Data.Train, Data.Test.Take(64));
        Assert.DoesNotContain(
            RunSummary.Of(model, whole, null, [], new()).Report.Headline,
            n => n.Name.StartsWith("on the first", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void OtherImagesAreNotMixedWithTheTrainings()
    {
        var model = new Autoencoder(Article.Encoder(latent: 3), Article.Decoder(latent: 3), seed: 1);
        var other = new DataSet("letters", Data.Train, Data.Test.Take(100));
        var info = Info(3) with { Data = new("mnist", "mnist", "another", 60_000, 10_000) };
        var report = RunSummary.Of(model, other, info, Samples.History(3), new()).Report;
        Assert.Equal("mnist, 3 latent numbers", report.Title);
        Assert.Contains("drawn with other images, letters", report.Subtitle, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Headline, number => number.Name == "val_loss");
        Assert.Equal(Numbers.Loss(model.Evaluate(other.Test)), report.Headline[0].Value);
        Assert.Equal("error on the images of letters", report.Headline[0].Name);
        Assert.Equal("mnist", Assert.Single(report.Details, detail => detail.Name == "trained on").Value);
        Assert.Equal("letters", Assert.Single(report.Details, detail => detail.Name == "drawn with").Value);
        Assert.Equal("0.01172", Assert.Single(report.Details, detail => detail.Name == "val_loss").Value);

        var own = RunSummary.Of(model, other, info with { Data = info.Data with { Checksum = other.Checksum } }, [], new()).Report;
        Assert.Equal("val_loss", own.Headline[0].Name);
        Assert.DoesNotContain(own.Details, detail => detail.Name == "trained on");
    }

    [Fact]
    public void TheReportSaysHowItWasMadeAsPeopleReadIt()
    {
        var info = Info(2) with
        {
            DotnetVersion = ".NET 10.0.0",
            Options = new() { ["epsilon"] = 1e-8, ["learning_rate"] = 0.0003 },
        };
        var model = new Autoencoder(Article.Encoder(latent: 2), Article.Decoder(latent: 2), seed: 1);
        var report = RunSummary.Of(model, Data, info, [], new()).Report;
        string html = report.ToHtml();
        Assert.DoesNotContain(".NET .NET", html, StringComparison.Ordinal);
        Assert.Contains("0.00000001", html, StringComparison.Ordinal);
        Assert.Contains("0.0003", html, StringComparison.Ordinal);
        Assert.Contains("decodes −5 to 4 in steps of 1 (the article's loop)", report.Figures[^2].Caption, StringComparison.Ordinal);
        Assert.Contains("mnist: all 300 test codes", report.Figures[^3].Figure.Subtitle, StringComparison.Ordinal);
        Assert.Contains("the first 20 of 300 test images", report.Figures[0].Figure.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void OneImageIsSaidAsOne()
    {
        var model = new Autoencoder(Article.Encoder(latent: 2), Article.Decoder(latent: 2), seed: 1);
        var report = RunSummary.Of(model, new DataSet("one", Data.Train.Take(1), Data.Test.Take(1)), null, [], new()).Report;
        string html = report.ToHtml();
        foreach (string part in new[] { "all 1 ", "1 test images", "1 training images", "first 1 " })
            Assert.DoesNotContain(part, html, StringComparison.Ordinal);
        Assert.Contains("one: 1 test code, coloured by label; within the square", html, StringComparison.Ordinal);
        Assert.Contains("mnist: 1 test image; below it its mean squared error", html, StringComparison.Ordinal);
    }

    [Fact]
    public void FiguresOfAnEarlierDrawingDoNotStay()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder["run"]);
        var model = new Autoencoder(Article.Encoder(latent: 2), Article.Decoder(latent: 2), seed: 1);
        RunFigures.Draw(run, model, Data);
        File.WriteAllText(Path.Combine(run.FiguresPath, "mine.png"), "mine");
        RunFigures.Draw(run, model, Data, new() { Format = FigureFormat.Svg });
        Assert.Equal(
            ["examples.svg", "latent-grid.svg", "latent-scatter.svg", "mine.png", "reconstructions.svg", "samples.svg"],
            Directory.GetFiles(run.FiguresPath).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void WhatAUserNamedIsText()
    {
        var report = new Report { Title = "<b>&\"", Details = [new("a<i>", "<script>alert(1)</script>")] };
        string html = report.ToHtml();
        Assert.Contains("&lt;b&gt;&amp;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ColourImagesHaveTheirFigures()
    {
        var images = Samples.Set(40, 8, 12, 3);
        var model = new Autoencoder(
            Article.Encoder(latent: 3, image: images.Shape),
            Article.Decoder(latent: 3, image: images.Shape),
            seed: 1
        );
        Assert.Equal(5, RunSummary.Of(model, new DataSet("colours", images, images), null, [], new()).Figures.Count);
    }

    [Fact]
    public void ADivergedModelStillHasAReport()
    {
        var model = new Autoencoder(Article.Encoder(latent: 2), Article.Decoder(latent: 2), seed: 1);
        model.Weights.Values.Fill(float.NaN);
        model.Weights.Touch();
        var summary = RunSummary.Of(model, Data, null, [], new());
        Assert.Equal(["examples", "reconstructions"], summary.Figures.Select(figure => figure.Name));
        Assert.NotEmpty(summary.Report.ToHtml());
    }

    [Fact]
    public void ImagesOfAnotherShapeAreRefused()
    {
        var model = new Autoencoder(Article.Encoder(latent: 2), Article.Decoder(latent: 2));
        var other = new DataSet("small", Samples.Grey(), Samples.Grey());
        string message = Assert.Throws<LatentException>(() => RunSummary.Of(model, other, null, [], new())).Message;
        Assert.Contains("(28, 28, 1)", message, StringComparison.Ordinal);
        Assert.Contains("(8, 8, 1)", message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<ReportNumber> HeadlineOfASmallSet() =>
        RunSummary
            .Of(new Autoencoder(Article.Encoder(latent: 2), Article.Decoder(latent: 2), seed: 1), Data, null, [], new())
            .Report.Headline;

    private static string Html(int latent) =>
        RunSummary
            .Of(
                new Autoencoder(Article.Encoder(latent: latent), Article.Decoder(latent: latent), seed: 1),
                Data,
                Info(latent),
                Samples.History(20),
                new()
            )
            .Report.ToHtml();

    private static RunInfo Info(int latent) =>
        new()
        {
            Recipe = "fast",
            Seed = 7,
            Status = "finished",
            Epochs = 20,
            BestEpoch = 6,
            BestValLoss = 0.01172,
            Seconds = 75,
            LatentSize = latent,
            ImageShape = [28, 28, 1],
            Options = new() { ["optimizer"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "muon" } },
        };

    private static DataSet Load()
    {
        var (train, test) = Mnist.Load(Repository.Mnist);
        return new DataSet("mnist", train.Take(400), test.Take(300));
    }
}
