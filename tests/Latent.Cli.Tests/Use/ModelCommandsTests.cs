using System.Text.Json.Nodes;
using Latent.Formats;
using Latent.Images;
using Latent.Networks;

namespace Latent.Cli.Tests.Use;

public sealed class ModelCommandsTests(Trained trained) : IClassFixture<Trained>
{
    private const int Size = 28 * 28;

    private string Codes()
    {
        string path = trained["codes.npy"];
        Program.Run("encode", trained.Run, trained.Data, "--out", path).Ok();
        return path;
    }

    [Fact]
    public void Codes_as_csv_and_as_npy_are_the_same_numbers()
    {
        var array = Npy.Read(Codes());
        Assert.Equal([70, 2], array.Shape);
        string csv = Program.Run("encode", trained.Run, trained.Data).Ok();
        string[] lines = csv.TrimEnd('\n').Split('\n');
        Assert.Equal("index,label,z0,z1", lines[0]);
        Assert.Equal(71, lines.Length);
        Assert.StartsWith("0,7,", lines[1]); // the first test digit of MNIST is a seven
        Assert.Equal(array.Data, lines[1..].SelectMany(line => line.Split(',')[2..].Select(float.Parse)));
        Assert.Equal(csv, File.ReadAllText(Written(".csv", path => ["encode", trained.Run, trained.Data, "--out", path])));
    }

    [Fact]
    public void Rounded_images_have_other_codes() =>
        Assert.NotEqual(
            Program.Run("encode", trained.Run, trained.Data).Ok(),
            Program.Run("encode", trained.Run, trained.Data, "--round").Ok()
        );

    [Fact]
    public void Splits_and_counts()
    {
        Assert.Equal(201, Program.Run("encode", trained.Run, trained.Data, "--split", "train").Ok().Count(c => c == '\n'));
        Assert.Equal(6, Program.Run("encode", trained.Run, trained.Data, "-n", "5").Ok().Count(c => c == '\n'));
    }

    [Fact]
    public void Image_files_take_the_way_of_the_data_set()
    {
        string folder = trained["files"];
        Program.Run("reconstruct", trained.Run, trained.Data, "-n", "3", "--out", folder).Ok();
        string[] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        Assert.Equal(["digits-test-00000.png", "digits-test-00001.png", "digits-test-00002.png"], files.Select(Path.GetFileName));
        string[] lines = Program.Run("encode", trained.Run, folder).Ok().TrimEnd('\n').Split('\n');
        Assert.Equal("index,file,z0,z1", lines[0]);
        // a file's name is as it was typed, or its place in the folder that was
        Assert.Equal(
            lines[1..].Select(line => line.Replace(",digits-test", $",{folder}/digits-test")),
            Program.Run(["encode", trained.Run, .. files]).Ok().TrimEnd('\n').Split('\n')[1..]
        );
    }

    [Fact]
    public void Csv_npy_and_numbers_decode_to_the_same_images()
    {
        string codes = Codes();
        float[] Decode(params string[] inputs) => Npy.Read(Written(".npy", path => ["decode", trained.Run, .. inputs, "--out", path])).Data;
        float[] pixels = Decode(codes);
        Assert.Equal(70 * Size, pixels.Length);
        Assert.Equal(pixels, Decode(Written(".csv", path => ["encode", trained.Run, trained.Data, "--out", path])));
        float[] first = Npy.Read(codes).Data[..2];
        Assert.Equal(pixels[..Size], Decode($"{first[0]:R}", $"{first[1]:R}"));
        Assert.Equal(pixels[..Size], Decode($"{first[0]:R},{first[1]:R}"));
    }

    [Fact]
    public void Predict_is_encode_decode_and_reconstruct_on_numbers()
    {
        float[] images = [.. Latent.Data.DataSets.Open(trained.Data).Test.Pixels.ToArray().Select(pixel => pixel / 255f)];
        string x = trained["x.npy"];
        Npy.Write(x, images, 70, 28, 28, 1);
        NpyArray Predict(string input, params string[] part) =>
            Npy.Read(Written(".npy", path => ["predict", trained.Run, "--input", input, "--output", path, .. part]));
        var (codes, all) = (Predict(x, "--part", "encoder"), Predict(x));
        Assert.Equal([70, 2], codes.Shape);
        Assert.Equal(Npy.Read(Codes()).Data, codes.Data);
        Assert.Equal([70, 28, 28, 1], all.Shape);
        string z = trained["z.npy"];
        Npy.Write(z, codes.Data, 70, 2);
        Assert.Equal(all.Data, Predict(z, "--part", "decoder").Data);
        Assert.Equal(all.Data, Npy.Read(Written(".npy", path => ["reconstruct", trained.Run, trained.Data, "--out", path])).Data);

        Npy.Write(x, images, 70 * 28, 28);
        Assert.Contains("(1960, 28)", Program.Run("predict", trained.Run, "--input", x, "--output", z).Failed());
    }

    [Fact]
    public void Reconstruct_draws_pairs_and_measures()
    {
        string picture = trained["pairs.png"];
        var document = JsonNode.Parse(Program.Run("reconstruct", trained.Run, trained.Data, "--out", picture, "--json").Ok())!;
        Assert.Equal(70, (int)document["count"]!);
        Assert.InRange((double)document["mse"]!, 0.01, 0.5);
        Assert.True(new FileInfo(picture).Length > 1000);
    }

    [Fact]
    public void One_image_file_becomes_one_image_file()
    {
        string file = trained["seven.png"];
        ImageFiles.Save(file, Latent.Data.DataSets.Open(trained.Data).Test.Image(0), new Shape(28, 28, 1));
        string path = trained["again.png"];
        Program.Run("reconstruct", trained.Run, file, "--out", path).Ok();
        Assert.Equal(Size, ImageFiles.Load([path], new Shape(28, 28, 1)).Pixels.Length); // refused if of another size
    }

    [Fact]
    public void Show_draws_the_run_again()
    {
        string figures = Path.Combine(trained.Run, "figures");
        string output = Program
            .Run(
                "show",
                trained.Run,
                "--format",
                "svg",
                "--count",
                "50",
                "--steps",
                "4",
                "--range",
                "3",
                "--round",
                "--colormap",
                "viridis"
            )
            .Ok();
        Assert.NotEmpty(Directory.GetFiles(figures, "*.svg"));
        Assert.Contains("report.html", output);
    }

    [Fact]
    public void Show_a_data_set()
    {
        string picture = trained["examples.png"];
        string output = Program.Run("show", "mnist", "--out", picture).Ok();
        Assert.Contains("28 × 28", output);
        Assert.Contains("5,923", output); // zeros among the training images
        Assert.Contains("60,000  10,000", output);
        Assert.True(new FileInfo(picture).Length > 1000);
        var document = JsonNode.Parse(Program.Run("show", "mnist", "--out", picture, "--json").Ok())!;
        Assert.Equal(980, (int)document["test"]!["labels"]!["0"]!);
    }

    [Fact]
    public void Summary_of_the_articles_network()
    {
        string table = Program.Run("summary").Ok();
        foreach (string number in (string[])["5,762", "90,177", "95,939"])
            Assert.Contains(number, table);
        var document = JsonNode.Parse(Program.Run("summary", trained.Run, "--json").Ok())!;
        Assert.Equal(2, (int)document["latent"]!);
        Assert.Equal((int)document["parameters"]!, document["networks"]!.AsArray().Sum(network => (int)network!["parameters"]!));
    }

    [Fact]
    public void Summary_of_the_program_is_the_engines()
    {
        var layout = Latent.Models.Autoencoder.Open(trained.Run).Weights.Layout;
        string expected = Latent.Engine.ProgramSummary.Of(layout).TrimEnd() + "\n";
        Assert.Equal(expected, Program.Run("summary", trained.Run, "--program").Ok());
    }

    /// <summary>Runs a command that writes a file and gives its path.</summary>
    private string Written(string ending, Func<string, string[]> line)
    {
        string path = trained[$"{Guid.NewGuid():N}{ending}"];
        Program.Run(line(path)).Ok();
        return path;
    }
}
