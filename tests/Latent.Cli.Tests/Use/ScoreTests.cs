using System.Text;
using System.Text.Json.Nodes;
using Latent.Analysis;
using Latent.Data;
using Latent.Formats;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Training;
using Spectre.Console;

namespace Latent.Cli.Tests.Use;

public sealed class ScoreTests(Trained trained) : IClassFixture<Trained>
{
    private ImageSet Test => DataSets.Open(trained.Data).Test;

    private double[] Scores => Autoencoder.Open(trained.Run).Losses(Test);

    [Fact]
    public void A_score_for_each_image_as_csv()
    {
        string csv = Program.Run("score", trained.Run, trained.Data).Ok();
        string[] lines = csv.TrimEnd('\n').Split('\n');
        Assert.Equal("index,label,score", lines[0]);
        Assert.StartsWith("0,7,", lines[1]);
        Assert.Equal(Scores, lines[1..].Select(line => double.Parse(line.Split(',')[2])));
        using var codec = Codec.Open(trained.Run);
        Assert.Equal(codec.Score(Test.Image(3)), Scores[3], 1e-9);
        string path = trained["scores.csv"];
        Assert.Contains("70 images, mean score", Program.Run("score", trained.Run, trained.Data, "--out", path).Ok());
        Assert.Equal(csv, File.ReadAllText(path));
    }

    [Fact]
    public void Json_is_one_document_and_nothing_else()
    {
        var result = Program.Run("score", trained.Run, trained.Data, "--normal", "7,2", "--json");
        var document = JsonNode.Parse(result.Ok())!;
        Assert.Equal("", result.Error);
        bool[] unusual = [.. Test.Labels.ToArray().Select(label => label is not (7 or 2))];
        Assert.Equal(70, (int)document["count"]!);
        Assert.Equal(unusual.Count(kind => kind), (int)document["anomalies"]!);
        Assert.Equal(Ranking.Auroc(unusual, Scores), (double)document["auroc"]!, 1e-12);
        Assert.Equal(Ranking.AveragePrecision(unusual, Scores), (double)document["average_precision"]!, 1e-12);
        Assert.Equal(Ranking.F1Max(unusual, Scores).F1, (double)document["f1_max"]!, 1e-12);
        Assert.Equal(Ranking.PrecisionAt(unusual, Scores), (double)document["precision_at_n"]!, 1e-12);
        Assert.Equal(Scores, document["images"]!.AsArray().Select(image => (double)image!["score"]!));

        document = JsonNode.Parse(Program.Run("score", trained.Run, trained.Data, "--json", "--out", trained["s.csv"]).Ok())!;
        Assert.Null(document["images"]);
        Assert.Equal(Path.GetFullPath(trained["s.csv"]), (string)document["out"]!);
    }

    [Fact]
    public void A_threshold_is_kept_in_the_model_and_nothing_else_changes()
    {
        using var folder = new TemporaryFolder();
        string model = folder["model.safetensors"];
        File.Copy(Path.Combine(trained.Run, "model.safetensors"), model);
        var before = SafeTensors.Read(model);
        Program.Run("score", model, trained.Data, "--split", "train", "--threshold", "percentile:90", "--save").Ok();
        double expected = Thresholds.OfNormal(Autoencoder.Open(model).Losses(DataSets.Open(trained.Data).Train), 0.9);
        using (var codec = Codec.Open(model))
            Assert.Equal(expected, codec.Settings.Threshold);
        var after = SafeTensors.Read(model);
        Assert.Equal(before.Tensors.Keys.Order(), after.Tensors.Keys.Order());
        Assert.All(before.Tensors, t => Assert.True(t.Value.Data.Span.SequenceEqual(after.Tensors[t.Key].Data.Span)));
        Assert.Equal(
            before.Metadata.Where(text => text.Key != "latent.info").Order(Comparer),
            after.Metadata.Where(text => text.Key != "latent.info").Order(Comparer)
        );
        var info = JsonNode.Parse(after.Metadata["latent.info"])!.AsObject();
        info.Remove("codec");
        Assert.Equal(before.Metadata["latent.info"], info.ToJsonString());

        // it is used, and goes with what is exported
        string[] lines = Program.Run("score", model, trained.Data).Ok().TrimEnd('\n').Split('\n');
        Assert.Equal("index,label,score,unusual", lines[0]);
        Assert.Equal(Scores.Select(score => score > expected ? "1" : "0"), lines[1..].Select(line => line.Split(',')[3]));
        Program.Run("export", model, "--onnx", folder["onnx"]).Ok();
        Assert.Contains($"{expected:R}", Encoding.UTF8.GetString(File.ReadAllBytes(folder["onnx/autoencoder.onnx"])));
    }

    private static readonly Comparer<KeyValuePair<string, string>> Comparer = Comparer<KeyValuePair<string, string>>.Create(
        (a, b) => string.CompareOrdinal(a.Key, b.Key)
    );

    [Fact]
    public void A_threshold_of_the_highest_f1()
    {
        var document = JsonNode.Parse(
            Program.Run("score", trained.Run, trained.Data, "--split", "train", "--normal", "1", "--threshold", "f1", "--json").Ok()
        )!;
        Assert.Equal((double)document["f1_max_threshold"]!, (double)document["threshold"]!);
        Assert.Equal("f1", (string)document["threshold_from"]!);
        Assert.Null(Autoencoder.Open(trained.Run).Info.Codec?.Threshold); // not kept without --save
    }

    [Fact]
    public void The_combined_score_is_measured_by_the_run_and_kept_with_its_threshold()
    {
        using var folder = new TemporaryFolder();
        string run = folder["run"],
            model = Path.Combine(run, "model.safetensors");
        Directory.CreateDirectory(run);
        foreach (string name in (string[])["model.safetensors", "run.json"])
            File.Copy(Path.Combine(trained.Run, name), Path.Combine(run, name));
        Assert.Contains("does not say which data", Program.Run("score", model, trained.Data, "--score", "combined").Failed());

        Program.Run("score", run, trained.Data, "--split", "train", "--score", "combined", "--threshold", "percentile:99", "--save").Ok();
        var opened = Autoencoder.Open(model); // the file alone is enough now
        double[] scores = opened.Scores(Test);
        Assert.Equal(
            scores,
            JsonNode.Parse(Program.Run("score", model, trained.Data, "--json").Ok())!["images"]!
                .AsArray()
                .Select(image => (double)image!["score"]!)
        );
        using var codec = Codec.Open(model);
        Assert.Equal(ScoreKind.Combined, codec.Settings.Score);
        Assert.Equal(scores[4], codec.Score(Test.Image(4)), 1e-9);
        Assert.Equal(Thresholds.OfNormal(opened.Scores(DataSets.Open(trained.Data).Train)), codec.Settings.Threshold!.Value, 1e-12);
        // the threshold is one of that score, and of no other
        Assert.DoesNotContain("unusual", Program.Run("score", model, trained.Data, "--score", "error").Ok());
    }

    [Fact]
    public void A_run_that_a_training_writes_to_keeps_its_settings()
    {
        var run = RunFolder.Open(trained.Run);
        using var held = LockFile.TryTake(Path.Combine(run.Path, ".lock"));
        Assert.NotNull(held);
        Assert.Contains(
            "Another training writes",
            Program.Run("score", trained.Run, trained.Data, "--threshold", "0.5", "--save", "--json").Failed()
        );
    }

    [Fact]
    public void Heat_maps_of_all_images_and_a_figure_of_the_worst()
    {
        string maps = trained["maps"];
        Program.Run("score", trained.Run, trained.Data, "-n", "4", "--heat-maps", maps).Ok();
        string[] files = [.. Directory.GetFiles(maps).Order(StringComparer.Ordinal)];
        Assert.Equal(4, files.Length);
        Assert.EndsWith("digits-test-00000.png", files[0]);
        var overlay = ImageFiles.Load([files[0]], new Shape(224, 224, 3)); // refused if of another size
        Assert.Contains(overlay.Pixels.ToArray().Chunk(3), pixel => pixel[0] > pixel[2] + 60); // red or yellow somewhere

        string figure = trained["worst.png"];
        Program.Run("score", trained.Run, trained.Data, "--heat-maps", figure, "--worst", "3").Ok();
        Assert.True(new FileInfo(figure).Length > 1000);
    }

    [Fact]
    public void The_errors_of_pixels_have_the_score_as_mean()
    {
        string path = trained["pixels.npy"];
        Program.Run("score", trained.Run, trained.Data, "--pixels", path).Ok();
        var array = Npy.Read(path);
        Assert.Equal([70, 28, 28], array.Shape);
        Assert.Equal(Scores[5], array.Data.AsSpan(5 * 784, 784).ToArray().Average(x => (double)x), 1e-6);
    }

    [Fact]
    public void On_a_terminal_the_worst_images_are_a_table()
    {
        var result = Program.Run(
            terminal => terminal with { Output = terminal.Output with { Live = AnsiConsole.Create(new()) } },
            "score",
            trained.Run,
            trained.Data,
            "--worst",
            "3"
        );
        string[] lines = result.Ok().Split('\n');
        int worst = Array.IndexOf(Scores, Scores.Max());
        Assert.StartsWith($"digits-test-{worst:D5}", lines[1]);
        Assert.Equal("", lines[4]);
    }

    [Fact]
    public void Labels_that_do_not_fit_are_told()
    {
        Assert.Contains("have no label '12'", Failed("--normal", "12"));
        Assert.Contains("nothing to tell apart", Failed("--normal", "0,1,2,3,4,5,6,7,8,9"));
        Assert.Contains("nothing to tell apart", Failed("-n", "1", "--normal", "7"));
        string file = trained["one.png"];
        ImageFiles.Save(file, Test.Image(0), new Shape(28, 28, 1));
        Assert.Contains("no labels", Program.Run("score", trained.Run, file, "--normal", "7").Failed());
        Assert.Equal(2, Program.Run("score", trained.Run, file).Ok().Count(c => c == '\n')); // one image has a score all the same

        string Failed(params string[] options) => Program.Run(["score", trained.Run, trained.Data, .. options]).Failed();
    }

    [Theory]
    [InlineData("percentile:99")]
    [InlineData("f1")]
    public void No_threshold_is_chosen_by_test_images(string threshold) =>
        Assert.Contains(
            "must not be chosen by the images that it is tested with",
            Program.Run("score", trained.Run, trained.Data, "--normal", "1", "--threshold", threshold).Failed()
        );

    [Theory]
    [InlineData("inf")]
    [InlineData("nan")]
    [InlineData("percentile:101")]
    [InlineData("-1")]
    [InlineData("f2")]
    public void A_threshold_that_cannot_be_is_a_wrong_command_line(string threshold)
    {
        var result = Program.Run("score", trained.Run, trained.Data, $"--threshold={threshold}");
        Assert.Equal(2, result.Code);
        Assert.Contains("--threshold expects percentile:P", result.Error);
    }

    [Theory]
    [InlineData("--save needs --threshold", "--save")]
    [InlineData("--threshold f1 needs --normal", "--threshold", "f1")]
    public void What_belongs_together_is_told(string message, params string[] options)
    {
        var result = Program.Run(["score", trained.Run, trained.Data, .. options]);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public void A_model_that_gives_no_images_has_no_scores()
    {
        string path = trained["other.safetensors"];
        new Autoencoder(Article.Encoder(2), new Network("decoder", Shape.Vector(2), new Dense(3))).Save(path);
        Assert.Contains("something else than its images", Program.Run("score", path, trained.Data).Failed());
    }
}
