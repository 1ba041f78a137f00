using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Models;

public sealed class ImageScoresTests
{
    [Fact]
    public void The_distance_of_codes_is_mahalanobis()
    {
        // two numbers with variances 4 and 1 and no covariance: (±2, ±1) once each
        var spread = CodeSpread.Of([2, 1, 2, -1, -2, 1, -2, -1], 2);
        Assert.Equal(0, spread.Distance([0, 0]), 1e-12);
        Assert.Equal(1, spread.Distance([2, 1]), 1e-3); // (4/4 + 1/1) / 2; the ridge is a ten-thousandth
        Assert.Equal(8, spread.Distance([0, 4]), 1e-2);
        Assert.Equal(2, spread.Distance([4, 0]), 1e-3);
    }

    [Fact]
    public void Codes_that_hang_together_are_far_where_they_do_not()
    {
        var random = new RandomStream(1, "tests/spread");
        float[] codes = new float[2000];
        for (int i = 0; i < 1000; i++)
        {
            double x = random.NextGaussian();
            (codes[2 * i], codes[2 * i + 1]) = ((float)(5 + x), (float)(x + 0.1 * random.NextGaussian()));
        }
        var spread = CodeSpread.Of(codes, 2);
        Assert.Equal(1, codes.Chunk(2).Average(code => spread.Distance(code)), 2e-2);
        Assert.True(spread.Distance([6, -1]) > 50 * spread.Distance([6, 1]));
    }

    [Fact]
    public void Score_and_spread_are_in_the_models_file()
    {
        using var folder = new TemporaryFolder();
        var (train, test) = Mnist.Load(Repository.Mnist);
        var model = new Autoencoder(Article.Encoder(3), Article.Decoder(3), seed: 1);
        var spread = CodeSpread.Of(model, train.Take(100));
        model.Info = model.Info with
        {
            Codec = new()
            {
                Score = ScoreKind.Combined,
                Spread = spread,
                Threshold = 2.5,
            },
        };
        double[] scores = model.Scores(test.Take(300)); // more than a block
        model.Save(folder["model.safetensors"]);

        var again = Autoencoder.Open(folder["model.safetensors"]);
        Assert.Equal(scores, again.Scores(test.Take(300)));
        Assert.Equal(2.5, again.Info.Codec!.Threshold);
        using var codec = new Codec(again);
        Assert.Equal(scores[280], codec.Score(test.Image(280)), 1e-12);
        var floats = new float[784];
        test.CopyTo(280, floats);
        Assert.Equal(scores[280], codec.Score(floats), 1e-12);

        Assert.Equal(model.Losses(test.Take(5)), model.Scores(test.Take(5), new())); // the error, where settings say so
    }

    [Fact]
    public void Settings_are_changed_in_a_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.safetensors"];
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2), seed: 1)
        {
            Info = new() { DataSet = "d", Epoch = 3 },
        };
        model.Save(path);
        var before = SafeTensors.Read(path);
        SafeTensors.Write(
            path,
            [.. before.Tensors, KeyValuePair.Create("other/numbers", Tensor.FromFloats([1, 2], 2))],
            before.Metadata.Where(text => text.Key != SafeTensors.VersionKey).Append(KeyValuePair.Create("mine", "kept"))
        );
        ModelFile.SaveSettings(path, new() { Threshold = 0.25 });
        var after = SafeTensors.Read(path);
        Assert.Equal("kept", after.Metadata["mine"]);
        Assert.Equal([1, 2], after.Tensors["other/numbers"].ToFloats());
        var opened = Autoencoder.Open(path);
        Assert.Equal(0.25, opened.Info.Codec!.Threshold);
        Assert.Equal(("d", 3), (opened.Info.DataSet, opened.Info.Epoch));
        Assert.True(model.Weights.Values.SequenceEqual(opened.Weights.Values));

        File.WriteAllBytes(folder["bad.safetensors"], [1, 2, 3]);
        Assert.Throws<LatentException>(() => ModelFile.SaveSettings(folder["bad.safetensors"], new()));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["bad.safetensors"]));
        Assert.Throws<LatentException>(() => ModelFile.SaveSettings(path, new() { Threshold = double.NaN }));
        Assert.Equal(0.25, Autoencoder.Open(path).Info.Codec!.Threshold);
    }

    [Fact]
    public void What_cannot_be_scored_is_told()
    {
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2), seed: 1);
        var images = Mnist.Load(Repository.Mnist).Train.Take(3);
        var combined = new CodecSettings { Score = ScoreKind.Combined };
        Told(() => model.Scores(images, combined), "needs to know where the codes");
        Told(() => model.Scores(images, combined with { Spread = CodeSpread.Of([1, 2, 3, 4, 5, 7], 3) }), "one of codes of 3");
        Told(() => CodeSpread.Of(model, images.Take(1)), "at least two codes");
        Told(() => CodeSpread.Of([1, 1, 1], 1), "not all the same");
        Told(() => CodeSpread.Of([1, float.NaN, 1], 1), "finite");
        Told(() => CodeSpread.Of([1, 2, 3, 4], 2).Distance([1]), "does not fit");

        static void Told(Func<object> act, string part) => Assert.Contains(part, Assert.Throws<LatentException>(act).Message);
    }
}
