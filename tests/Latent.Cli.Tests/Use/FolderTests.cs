using System.Text.Json.Nodes;
using Latent.Data;
using Latent.Formats;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Training;
using Parquet;

namespace Latent.Cli.Tests.Use;

/// <summary>A run on a folder of image files of two labels, made once for the tests of its class.</summary>
public sealed class TrainedOnFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainedOnFolder()
    {
        var digits = Mnist.Load(Repository.Mnist).Test;
        Folder = this["photos"];
        for (int i = 0; i < 200; i++)
            Write(Path.Combine(Folder, digits.Labels[i] < 5 ? "low" : "小さくない", $"{i:D3}.png"), digits.Image(i));
        File.WriteAllText(Path.Combine(Folder, "low", "no image.png"), "text");
        Run = this["run"];
        Training = Program.Run("train", Folder, "--size", "24x32", "--latent", "3", "--epochs", "2", "--out", Run);
    }

    public string Folder { get; }

    public string Run { get; }

    internal Result Training { get; }

    /// <summary>A path in the temporary folder.</summary>
    public string this[string name] => _folder[name];

    public static void Write(string path, ReadOnlySpan<byte> digit)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ImageFiles.Save(path, digit, new Shape(28, 28, 1));
    }

    public void Dispose() => _folder.Dispose();
}

public sealed class FolderTests(TrainedOnFolder trained) : IClassFixture<TrainedOnFolder>
{
    [Fact]
    public void A_run_knows_how_its_folder_was_read()
    {
        trained.Training.Ok();
        Assert.Equal("skipped low/no image.png: 4 bytes of something else\n", trained.Training.Error);
        var run = RunFolder.Open(trained.Run);
        var data = run.ReadInfo().Data!;
        Assert.Equal(200, data.TrainImages + data.ValidationImages + data.TestImages);
        Assert.Equal(new FolderReading(new Shape(24, 32, 1)), data.Folder);
        Assert.Equal(trained.Folder, data.Source);
        var model = Autoencoder.Open(run.ModelPath);
        Assert.Equal(ImageFit.Crop, model.Info.Codec!.Fit);
        Assert.Equal(["low", "小さくない"], model.Info.LabelNames);
        Assert.Equal(new Shape(24, 32, 1), model.ImageShape);
        Assert.True(File.Exists(run.ReportPath));

        var again = ImageFolder.Open(data, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(data.Checksum, again.Checksum);
        Assert.Equal(run.ReadHistory()[^1].ValLoss!.Value, model.Evaluate(again.Validation!), 6); // and not the test images
    }

    [Fact]
    public void Resumed_it_has_the_bits_of_one_that_was_not_interrupted()
    {
        string half = trained["half"],
            whole = trained["whole"];
        Program
            .Run(
                "train",
                trained.Folder,
                "--size",
                "16x16",
                "--color",
                "--epochs",
                "1",
                "--schedule",
                "constant",
                "--no-figures",
                "--out",
                half
            )
            .Ok();
        Program.Run("train", "--resume", half, "--epochs", "2", "--no-figures").Ok();
        Program
            .Run(
                "train",
                trained.Folder,
                "--size",
                "16x16",
                "--color",
                "--epochs",
                "2",
                "--schedule",
                "constant",
                "--no-figures",
                "--out",
                whole
            )
            .Ok();
        Assert.Equal(
            Autoencoder.Open(RunFolder.Open(whole).ModelPath).Weights.Values.ToArray(),
            Autoencoder.Open(RunFolder.Open(half).ModelPath).Weights.Values.ToArray()
        );
    }

    [Fact]
    public async Task Codes_of_a_folder_have_names_and_labels_in_every_kind_of_file()
    {
        string csv = trained["c.csv"],
            npy = trained["c.npy"],
            parquet = trained["c.parquet"];
        foreach (string path in (string[])[csv, npy, parquet])
            Assert.Equal($"200 codes of 3 in {path}\n", Program.Run("encode", trained.Run, trained.Folder, "--out", path).Ok());
        string[] lines = await File.ReadAllLinesAsync(csv, TestContext.Current.CancellationToken);
        Assert.Equal(201, lines.Length);
        Assert.Equal("index,file,label,z0,z1,z2", lines[0]);
        string[][] rows = [.. lines[1..].Select(line => line.Split(','))];
        Assert.All(rows, row => Assert.StartsWith(row[2] + "/", row[1]));
        float[] numbers = [.. rows.SelectMany(row => row[3..].Select(float.Parse))];
        Assert.Equal(numbers, Npy.Read(npy).Data);

        await using var reader = await ParquetReader.CreateAsync(parquet, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["index", "file", "label", "z0", "z1", "z2"], reader.Schema.DataFields.Select(field => field.Name));
        using var group = reader.OpenRowGroupReader(0);
        var files = new string?[200];
        await group.ReadAsync(reader.Schema.DataFields[1], files.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(rows.Select(row => row[1]), files);
        var second = new float[200];
        await group.ReadAsync<float>(
            reader.Schema.DataFields[4],
            second.AsMemory(),
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(Enumerable.Range(0, 200).Select(i => numbers[3 * i + 1]), second);
    }

    [Fact]
    public void The_projector_gets_vectors_metadata_and_a_sprite()
    {
        string folder = trained["projector"];
        Program.Run("encode", trained.Run, trained.Folder, "--projector", folder).Ok();
        Assert.Equal(200, File.ReadAllLines(Path.Combine(folder, "vectors.tsv")).Length);
        string[] metadata = File.ReadAllLines(Path.Combine(folder, "metadata.tsv"));
        Assert.Equal("name\tlabel", metadata[0]);
        Assert.Equal(201, metadata.Length);
        var sprite = ImageFiles.Load([Path.Combine(folder, "sprite.png")], new Shape(15 * 24, 15 * 32, 1)); // 15² ≥ 200
        var first = ImageFiles.Load([Path.Combine(trained.Folder, metadata[17].Split('\t')[0])], new Shape(24, 32, 1), ImageFit.Crop);
        // the 17th image is in the second row, the second from the left
        Assert.Equal(first.Image(0)[(12 * 32)..(13 * 32)], sprite.Image(0).Slice((24 + 12) * 15 * 32 + 32, 32));
        Assert.Contains("single_image_dim: 32\n    single_image_dim: 24", File.ReadAllText(Path.Combine(folder, "projector_config.pbtxt")));
    }

    [Fact]
    public void The_parts_of_the_training_can_be_named_and_the_threshold_is_of_the_validation_images()
    {
        var data = RunFolder.Open(trained.Run).ReadInfo().Data!;
        foreach (
            var (split, count) in new[] { ("train", data.TrainImages), ("validation", data.ValidationImages), ("test", data.TestImages) }
        )
            Assert.Equal(count + 1, Program.Run("encode", trained.Run, trained.Folder, "--split", split).Ok().Count(c => c == '\n'));

        double threshold = Autoencoder.Open(trained.Run).Info.Codec!.Threshold!.Value;
        var document = JsonNode.Parse(Program.Run("score", trained.Run, trained.Folder, "--split", "validation", "--json").Ok())!;
        Assert.Equal(threshold, document["threshold"]!.GetValue<double>());
        double[] scores = [.. document["images"]!.AsArray().Select(image => image!["score"]!.GetValue<double>()).Order()];
        Assert.InRange(threshold, scores[^2], scores[^1]); // the 99th percentile of about 20
        Assert.Contains(
            "test",
            Program.Run("score", trained.Run, trained.Folder, "--split", "test", "--threshold", "percentile:90").Failed()
        );
    }

    [Fact]
    public void Neighbours_are_the_nearest_codes_and_never_the_image_itself()
    {
        string image = Path.Combine(trained.Folder, "low", "001.png");
        var document = JsonNode.Parse(Program.Run("neighbours", trained.Run, image, trained.Folder, "-k", "5", "--json").Ok())!;
        string[] names = [.. document["neighbours"]!.AsArray().Select(one => one!["name"]!.GetValue<string>())];
        double[] distances = [.. document["neighbours"]!.AsArray().Select(one => one!["distance"]!.GetValue<double>())];
        Assert.Equal(5, names.Length);
        Assert.DoesNotContain("low/001.png", names);
        Assert.Equal(distances.Order(), distances);

        string[][] rows =
        [
            .. Program.Run("encode", trained.Run, trained.Folder).Ok().TrimEnd('\n').Split('\n')[1..].Select(line => line.Split(',')),
        ];
        float[] Code(string[] row) => [.. row[3..].Select(float.Parse)];
        float[] own = Code(rows.Single(row => row[1] == "low/001.png"));
        var expected = rows.Where(row => row[1] != "low/001.png")
            .OrderBy(row => Code(row).Zip(own, (a, b) => Math.Pow(a - b, 2)).Sum())
            .Take(5)
            .Select(row => row[1]);
        Assert.Equal(expected, names);

        string picture = trained["like.png"];
        Assert.Contains("distance", Program.Run("neighbours", trained.Run, image, trained.Folder, "--out", picture).Ok());
        Assert.True(new FileInfo(picture).Length > 1000);
    }

    [Fact]
    public void Reconstructions_lie_in_the_folders_of_their_images()
    {
        string folder = trained["again"];
        var result = Program.Run("reconstruct", trained.Run, trained.Folder, "--out", folder);
        result.Ok();
        Assert.Equal("skipped low/no image.png: 4 bytes of something else\n", result.Error);
        Assert.Equal(
            Directory
                .GetFiles(trained.Folder, "*.png", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(trained.Folder, f))
                .Where(f => !f.Contains("no image"))
                .Order(),
            Directory.GetFiles(folder, "*.png", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order()
        );
    }

    [Fact]
    public void One_json_document_and_nothing_else()
    {
        foreach (
            string[] line in (string[][])
                [
                    ["encode", trained.Run, trained.Folder, "--json"],
                    ["reconstruct", trained.Run, trained.Folder, "--out", trained["r.png"], "--json"],
                ]
        )
            Assert.NotNull(JsonNode.Parse(Program.Run(line).Ok()));
    }

    [Fact]
    public void A_small_folder_is_trained_on_for_long_enough_and_a_clean_model_does_not_denoise_in_silence()
    {
        string few = trained["few"],
            run = trained["few-run"];
        for (int i = 0; i < 12; i++)
            ImageFiles.Save(
                Path.Combine(few, $"{i}.png"),
                Enumerable.Range(0, 64).Select(p => (byte)(p * i)).ToArray(),
                new Shape(8, 8, 1)
            );
        string said = Program.Run("train", few, "--size", "8x8", "--latent", "2", "--no-figures", "--out", run).Ok();
        Assert.Contains("1000 epochs in place of 12", said.Replace(",", ""));
        Assert.Equal(1000, RunFolder.Open(run).ReadInfo().Steps);
        var denoised = Program.Run("denoise", run, few, "--out", trained["few-clean"]);
        denoised.Ok();
        Assert.Contains("trained without noise", denoised.Error);
    }

    [Fact]
    public void Folders_that_give_nothing()
    {
        string empty = trained["empty"],
            bad = trained["bad"];
        Directory.CreateDirectory(empty);
        Directory.CreateDirectory(bad);
        File.WriteAllText(Path.Combine(bad, "a.png"), "text");
        File.WriteAllBytes(Path.Combine(bad, "b.jpg"), []);
        Assert.Contains("an empty folder", Program.Run("encode", trained.Run, empty).Failed());
        Assert.Contains("an empty folder", Program.Run("train", empty, "--no-figures").Failed());
        string message = Program.Run("encode", trained.Run, bad, "--out", trained["none.csv"]).Failed();
        Assert.Contains("has no image that can be read", message);
        Assert.Contains("a.png: 4 bytes of something else; b.jpg: an empty file", message);
        Assert.False(File.Exists(trained["none.csv"]));
        Assert.Contains("at least 3", Program.Run("train", bad, "--no-figures").Failed());
    }

    [Fact]
    public void Options_that_cannot_be_meant()
    {
        Wrong("is for a folder of image files", "train", "mnist", "--size", "32x32");
        Wrong("the run knows how its images were read", "train", "--resume", trained.Run, "--color");
        Wrong("height x width", "train", trained.Folder, "--size", "64");
        Wrong("height x width", "train", trained.Folder, "--size", "4x4");

        static void Wrong(string because, params string[] line)
        {
            var result = Program.Run(line);
            Assert.NotEqual(0, result.Code);
            Assert.Contains(because, result.Error);
        }
    }
}
