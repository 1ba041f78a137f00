using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Models;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Autoencoder Small(long seed = 1) =>
        new(Article.Encoder(3, new(8, 12, 3)), Article.Decoder(3, new(8, 12, 3), Upsampling.TransposedConvolution), seed);

    private static Dictionary<string, Tensor> Tensors(Autoencoder model) =>
        model.Weights.Layout.Parameters.ToDictionary(
            p => p.Name,
            p => Tensor.FromFloats(model.Weights[p], p.Weight.Shape),
            StringComparer.Ordinal
        );

    private static string Message(string path)
    {
        var e = Assert.Throws<LatentException>(() => Autoencoder.Open(path));
        Assert.Contains("\nFix: ", e.Message, StringComparison.Ordinal);
        return e.Message;
    }

    /// <summary>A saved model with one part of it changed.</summary>
    private string Changed(Action<Dictionary<string, Tensor>, Dictionary<string, string>> change)
    {
        Small().Save(_folder["good"]);
        var file = SafeTensors.Read(_folder["good"]);
        Dictionary<string, Tensor> tensors = new(file.Tensors, StringComparer.Ordinal);
        Dictionary<string, string> metadata = new(file.Metadata, StringComparer.Ordinal);
        change(tensors, metadata);
        SafeTensors.Write(_folder["changed"], tensors, metadata);
        return _folder["changed"];
    }

    [Fact]
    public void A_model_comes_back_with_all_that_is_known_about_it()
    {
        var model = Small();
        model.Info = new()
        {
            DataSet = "mnist",
            Recipe = "fast",
            Loss = "mse",
            ValLoss = 0.0123,
            Epoch = 3,
            LabelNames = ["null", "één"],
            Calibrated = true,
        };
        model.Save(_folder["model.safetensors"]);
        foreach (string path in (string[])[_folder["model.safetensors"], _folder.Path]) // the file, and the run folder around it
        {
            var opened = Autoencoder.Open(path);
            Assert.Equal(model.Encoder, opened.Encoder);
            Assert.Equal(model.Decoder, opened.Decoder);
            Assert.Equal(model.Weights.Values.ToArray(), opened.Weights.Values.ToArray());
            Assert.Equal(model.Info with { LabelNames = [] }, opened.Info with { LabelNames = [] });
            Assert.Equal(model.Info.LabelNames, opened.Info.LabelNames);
        }
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        Small().Save(_folder["a"]);
        Autoencoder.Open(_folder["a"]).Save(_folder["b"]);
        Assert.Equal(File.ReadAllBytes(_folder["a"]), File.ReadAllBytes(_folder["b"]));
    }

    [Fact]
    public void Nothing_known_and_a_loss_that_is_no_number_come_back_as_nothing()
    {
        var model = Small();
        model.Info = new() { ValLoss = double.NaN };
        model.Save(_folder["x"]);
        Assert.Equal(new ModelInfo(), Autoencoder.Open(_folder["x"]).Info);
    }

    [Fact]
    public void The_file_holds_Kerass_names_and_shapes_and_says_who_wrote_it()
    {
        new Autoencoder(Article.Encoder(10), Article.Decoder(10)).Save(_folder["x"]);
        var file = SafeTensors.Read(_folder["x"]);
        Assert.Equal<int>([3, 3, 1, 8], file.Tensors["encoder/conv2d/kernel"].Shape);
        Assert.Equal<int>([10, 3136], file.Tensors["decoder/dense_1/kernel"].Shape);
        Assert.Equal<int>([1], file.Tensors["decoder/conv2d_6/bias"].Shape);
        Assert.Equal(18, file.Tensors.Count);
        Assert.Equal("1", file.Metadata["latent.version"]);
        Assert.StartsWith("Latent 0.", file.Metadata["latent.producer"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 28, 1)]
    [InlineData(2, 28, 3)]
    [InlineData(7, 32, 1)]
    [InlineData(1, 4, 1)]
    public void Bare_weights_of_the_articles_network_say_their_sizes(int latent, int side, int channels)
    {
        var image = new Shape(side, side, channels);
        var model = new Autoencoder(Article.Encoder(latent, image), Article.Decoder(latent, image), seed: 5);
        SafeTensors.Write(_folder["bare"], Tensors(model), [new("layout", "Keras")]);
        var opened = Autoencoder.Open(_folder["bare"]);
        Assert.Equal((latent, image), (opened.LatentSize, opened.ImageShape));
        Assert.Equal(model.Weights.Values.ToArray(), opened.Weights.Values.ToArray());
        Assert.Equal(model.Decoder, opened.Decoder);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public void Opens_the_weights_that_Keras_started_from(int latent)
    {
        var model = Autoencoder.Open(Path.Combine(Repository.Root, "tests", "golden", "golden", $"z{latent}_init.safetensors"));
        Assert.Equal(Article.Encoder(latent), model.Encoder);
        Assert.Equal(Article.Decoder(latent), model.Decoder);
        Assert.All(model.Weights["decoder/conv2d_6/bias"].ToArray(), bias => Assert.Equal(0, bias));
        Assert.InRange(model.Weights["encoder/dense/kernel"].ToArray().Max(MathF.Abs), 0.1f, MathF.Sqrt(6f / (392 + latent))); // Glorot's limit
    }

    [Fact]
    public void Bare_weights_of_another_network_name_what_does_not_fit()
    {
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2));
        var tensors = Tensors(model);
        tensors["encoder/dense/kernel"] = Tensor.FromFloats(new float[2 * 100], 100, 2);
        tensors.Remove("decoder/conv2d_5/bias");
        SafeTensors.Write(_folder["bare"], tensors);
        string message = Message(_folder["bare"]);
        Assert.Contains("encoder/dense/kernel (392, 2) has the shape (100, 2)", message, StringComparison.Ordinal);
        Assert.Contains("decoder/conv2d_5/bias (32) is missing", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_tensors_are_no_model()
    {
        SafeTensors.Write(_folder["x"], [new("x", Tensor.FromBytes([1], 1))]);
        string message = Message(_folder["x"]);
        Assert.Contains("is no model", message, StringComparison.Ordinal);
        Assert.Contains("no weight 'encoder/conv2d/kernel' among: x", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(392, 0)]
    public void Bare_weights_without_numbers_are_no_model(int rows, int latent)
    {
        var tensors = Tensors(new(Article.Encoder(2), Article.Decoder(2)));
        tensors["encoder/dense/kernel"] = Tensor.FromFloats([], rows, latent);
        SafeTensors.Write(_folder["x"], tensors);
        Message(_folder["x"]);
    }

    [Fact]
    public void A_weight_of_another_shape_is_named() =>
        Assert.Contains(
            "decoder/dense_1/bias (384) has the shape (2)",
            Message(Changed((tensors, _) => tensors["decoder/dense_1/bias"] = Tensor.FromFloats([1, 2], 2))),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_weight_of_another_type_is_named() =>
        Assert.Contains(
            "has the type U8 instead of F32",
            Message(Changed((tensors, _) => tensors["encoder/dense/bias"] = Tensor.FromBytes([1, 2, 3], 3))),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_weight_that_is_not_finite_is_named(float value)
    {
        string message = Message(Changed((tensors, _) => tensors["encoder/dense/bias"] = Tensor.FromFloats([0, value, 0], 3)));
        Assert.Contains($"encoder/dense/bias (3) holds {value}", message, StringComparison.Ordinal);
        Assert.Contains("Fix: use a model saved before that", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_too_many_is_named_and_other_tensors_are_let_be()
    {
        string path = Changed((tensors, _) => tensors["encoder/conv2d_9/bias"] = Tensor.FromFloats([1], 1));
        Assert.Contains("encoder/conv2d_9/bias belongs to no layer", Message(path), StringComparison.Ordinal);
        Autoencoder.Open(Changed((tensors, _) => tensors["optimizer/steps"] = Tensor.FromFloats([1], 1)));
    }

    [Fact]
    public void A_newer_version_is_refused_with_the_fix()
    {
        string message = Message(Changed((_, metadata) => metadata["latent.version"] = "2"));
        Assert.Contains("newer version of Latent", message, StringComparison.Ordinal);
        Assert.Contains("Fix: update Latent", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latent.encoder", "{", "no valid JSON")]
    [InlineData("latent.encoder", "{}", "The description 'latent.encoder'")]
    [InlineData("latent.info", "[]", "'latent.info'")]
    [InlineData("latent.info", """{"epoch":"x"}""", "'epoch' to be a whole number")]
    [InlineData(
        "latent.decoder",
        """{"name":"decoder","input":[4],"layers":[{"class_name":"Dense","config":{"units":1}}]}""",
        "does not fit"
    )]
    [InlineData(
        "latent.encoder",
        """{"name":"encoder","input":[1073741824],"layers":[{"class_name":"Dense","config":{"units":1073741824}},{"class_name":"Dense","config":{"units":3}}]}""",
        "too large"
    )]
    public void A_damaged_description_is_said(string key, string value, string because)
    {
        string path = Changed((_, metadata) => metadata[key] = value);
        Assert.Contains(because, Assert.Throws<LatentException>(() => Autoencoder.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_description_is_said()
    {
        string path = Changed((_, metadata) => metadata.Remove("latent.decoder"));
        Assert.Contains(
            "half of a description",
            Assert.Throws<LatentException>(() => Autoencoder.Open(path)).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>A large network in the description of a small file takes no memory before the misfit is found.</summary>
    [Fact]
    public void A_description_that_claims_much_takes_no_memory()
    {
        string path = Changed(
            (_, metadata) =>
                metadata["latent.encoder"] =
                    """{"name":"encoder","input":[8,12,3],"layers":[{"class_name":"Flatten","config":{}},{"class_name":"Dense","config":{"units":500000}},{"class_name":"Dense","config":{"units":3}}]}"""
        );
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("encoder/dense/kernel", Message(path), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void A_run_folder_without_a_model_is_said()
    {
        string message = Message(_folder.Path);
        Assert.Contains("has no model", message, StringComparison.Ordinal);
        Assert.Contains("model.safetensors", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_leads_nowhere_is_said() =>
        Assert.Contains("There is no model", Message(_folder["none"]), StringComparison.Ordinal);

    [Fact]
    public void Loads_weights_into_a_model_that_exists_and_says_that_they_changed()
    {
        var source = Small(seed: 1);
        var target = Small(seed: 2);
        source.Save(_folder["x"]);
        int version = target.Weights.Version;
        ModelFile.LoadWeights(_folder["x"], target.Weights);
        Assert.Equal(source.Weights.Values.ToArray(), target.Weights.Values.ToArray());
        Assert.NotEqual(version, target.Weights.Version);
    }

    [Fact]
    public void Weights_of_another_model_leave_the_weights_as_they_were()
    {
        var target = Small();
        float[] before = target.Weights.Values.ToArray();
        new Autoencoder(Article.Encoder(4, new(8, 12, 3)), Article.Decoder(4, new(8, 12, 3), Upsampling.TransposedConvolution), 9).Save(
            _folder["x"]
        );
        var e = Assert.Throws<LatentException>(() => ModelFile.LoadWeights(_folder["x"], target.Weights));
        Assert.Contains("encoder/dense/kernel (48, 3) has the shape (48, 4)", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, target.Weights.Values.ToArray());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.Contains(
            "cannot be written",
            Assert.Throws<LatentException>(() => Small().Save(Path.Combine(_folder["file"], "x"))).Message,
            StringComparison.Ordinal
        );
    }
}
