using System.Buffers.Binary;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Models;

/// <summary>Model files that someone made to do harm, or that a disk damaged.</summary>
public sealed class HostileModelTests : IDisposable
{
    private const string Encoder =
        """{"name":"encoder","input":[28,28,1],"layers":[{"class_name":"Flatten","config":{}},{"class_name":"Dense","config":{"units":2}}]}""";

    private const string Decoder =
        """{"name":"decoder","input":[2],"layers":[{"class_name":"Dense","config":{"units":784}},{"class_name":"Reshape","config":{"target_shape":[28,28,1]}}]}""";

    private static readonly (string, int[])[] s_weights =
    [
        ("encoder/dense/kernel", [784, 2]),
        ("encoder/dense/bias", [2]),
        ("decoder/dense_1/kernel", [2, 784]),
        ("decoder/dense_1/bias", [784]),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder["model.safetensors"];

    /// <summary>The decoder with more layers at its end.</summary>
    private static string DecoderWith(string layers) => Decoder.Replace("]}}]}", $"]}}}},{layers}]}}", StringComparison.Ordinal);

    private static string Layer(string className, string config) => $$"""{"class_name":"{{className}}","config":{{config}}}""";

    private static string Refused(string path, int most = 8 << 20)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<LatentException>(() => Autoencoder.Open(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, most);
        Assert.InRange(e.Message.Length, 1, 2000);
        Assert.DoesNotContain(e.Message, c => char.IsControl(c) && c != '\n');
        Assert.Contains("\nFix: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        return e.Message;
    }

    [Fact]
    public void The_models_of_these_tests_would_open_if_nothing_were_wrong()
    {
        var model = Autoencoder.Open(RawSafeTensors.WriteModel(Path, Encoder, Decoder, s_weights));
        Assert.All(model.Reconstruct(new float[784]), value => Assert.Equal(0, value));
        Autoencoder.Open(RawSafeTensors.WriteModel(Path, Encoder, DecoderWith(Layer("Activation", "{}")), s_weights));
    }

    [Theory]
    [InlineData("UpSampling2D", """{"size":[30000,30000]}""", "out of range")]
    [InlineData("UpSampling2D", """{"size":[2147483647,2147483647]}""", "too large")]
    [InlineData("UpSampling2D", """{"size":[1000,1000]}""", "too large")]
    [InlineData("UpSampling2D", """{"size":[-1,1]}""", "Size must be at least 1")]
    [InlineData("Conv2D", """{"filters":1,"kernel_size":[1000000000,1000000000],"padding":"same"}""", "too large")]
    [InlineData("Conv2D", """{"filters":1,"kernel_size":[65536,65536],"padding":"same"}""", "too large")] // 2³² numbers: 0 for an int
    [InlineData("Conv2D", """{"filters":1000000000,"kernel_size":[1,1]}""", "out of range")]
    [InlineData("Conv2D", """{"filters":1,"kernel_size":[1000,1000],"padding":"same"}""", "(1000, 1000, 1, 1) is missing")]
    [InlineData(
        "Conv2D",
        """{"filters":1,"kernel_size":[1,1],"strides":[2147483647,2147483647],"padding":"same"}""",
        "(1, 1, 1, 1) is missing"
    )]
    [InlineData("Conv2D", """{"filters":1e9,"kernel_size":[1,1]}""", "'filters' to be a whole number")]
    [InlineData("Conv2DTranspose", """{"filters":1,"kernel_size":[1,1],"strides":[1073741825,1073741825],"padding":"same"}""", "too large")]
    [InlineData("Conv2DTranspose", """{"filters":1,"kernel_size":[2147483647,1],"strides":[2,1]}""", "too large")]
    [InlineData("MaxPooling2D", """{"pool_size":[2147483647,2147483647],"strides":[1,1],"padding":"same"}""", "too large")]
    [InlineData("MaxPooling2D", """{"pool_size":[1000000000,1000000000],"strides":[1,1],"padding":"same"}""", null)] // the whole image
    [InlineData("MaxPooling2D", """{"pool_size":[0,1]}""", "PoolSize must be at least 1")]
    [InlineData("Dense", """{"units":1000000000}""", "out of range")]
    [InlineData("Reshape", """{"target_shape":[65536,65536,1]}""", "out of range")]
    [InlineData("Reshape", """{"target_shape":[0,28,28]}""", "out of range")]
    [InlineData("Lambda", """{"function":"rm"}""", "the layer 'Lambda'")]
    [InlineData("Activation", """{"activation":"log_softmax"}""", "the activation 'log_softmax'")]
    [InlineData("Activation", """{"name":"a\u001b[2J"}""", "printable")]
    [InlineData("Activation", """{"name":"\ud800"}""", "valid Unicode")]
    [InlineData("Activation", """{"\ud800":1}""", "valid Unicode")]
    [InlineData("Activation", "[]", "an object")]
    [InlineData("\\u001b]0;title\\u0007", "{}", "'\\u001b]0;title\\u0007'")]
    public void A_layer_that_would_do_harm(string className, string config, string? because)
    {
        RawSafeTensors.WriteModel(Path, Encoder, DecoderWith(Layer(className, config)), s_weights);
        if (because is null)
            Assert.All(Autoencoder.Open(Path).Reconstruct(new float[784]), value => Assert.Equal(0, value));
        else
            Assert.Contains(because, Refused(Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"e\nFix: run this","input":[2],"layers":[]}""", "printable")]
    [InlineData("""{"name":"encoder","input":[2],"layers":[]}""", "no layers")]
    [InlineData("""{"name":"encoder","input":[],"layers":[]}""", "a shape of one or three")]
    [InlineData("""{"name":"encoder","input":[-2],"layers":[{}]}""", "'class_name'")]
    [InlineData("""{"name":"encoder","input":[99999999999],"layers":[]}""", "a shape of one or three")]
    [InlineData("""{"name":"encoder","input":[16384,16384,1],"layers":[{"class_name":"Flatten","config":{}}]}""", "too large")]
    [InlineData("""{"name":"encoder","input":[28,28,1],"layers":{}}""", "a list")]
    [InlineData("[1,2,3]", "an object")]
    [InlineData("null", "an object")]
    [InlineData("{\"name\":\"encoder\"", "no valid JSON")]
    public void A_description_that_is_wrong(string encoder, string because) =>
        Assert.Contains(because, Refused(RawSafeTensors.WriteModel(Path, encoder, Decoder, s_weights)), StringComparison.Ordinal);

    [Fact]
    public void A_million_layers()
    {
        string layers = string.Join(',', Enumerable.Repeat(Layer("Flatten", "{}"), 40_000));
        string message = Refused(RawSafeTensors.WriteModel(Path, Encoder, DecoderWith(layers), s_weights), most: 16 << 20);
        Assert.Contains("'latent.decoder'", message, StringComparison.Ordinal);
        Assert.Contains("is too long", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_within_layers()
    {
        string activation = "\"relu\"";
        for (int i = 0; i < 1000; i++)
            activation = Layer("Activation", $$"""{"activation":{{activation}}}""");
        Assert.Contains(
            "no valid JSON",
            Refused(RawSafeTensors.WriteModel(Path, Encoder, DecoderWith(activation), s_weights)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("data_set", "1")]
    [InlineData("epoch", "1.5")]
    [InlineData("epoch", "99999999999")]
    [InlineData("val_loss", "1e999")]
    [InlineData("label_names", "{}")]
    [InlineData("label_names", """["\ud800"]""")]
    [InlineData("calibrated", "\"yes\"")]
    public void What_is_known_of_the_model_is_of_the_wrong_kind(string name, string value) =>
        Assert.Contains(
            "'latent.info'",
            Refused(RawSafeTensors.WriteModel(Path, Encoder, Decoder, s_weights, ("latent.info", $$"""{"{{name}}":{{value}}}"""))),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("latent.version", "1\u001b[2J", "'1\\u001b[2J'")]
    [InlineData("latent.version", "99", "newer version")]
    [InlineData("latent.info", "{", "no valid JSON")]
    public void Metadata(string key, string text, string because) =>
        Assert.Contains(
            because,
            Refused(RawSafeTensors.WriteModel(Path, Encoder, Decoder, s_weights, (key, text))),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_long_hostile_name_stays_short_and_does_nothing()
    {
        string message = Refused(
            RawSafeTensors.WriteModel(Path, Encoder, Decoder, [.. s_weights, ("encoder/\n\u001b[2J" + new string('z', 100_000), [0])])
        );
        Assert.Contains("encoder/\\u000a\\u001b[2Jzzz", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 1, 700);
    }

    [Fact]
    public void Weights_without_numbers() =>
        Assert.Contains(
            "has the shape (0)",
            Refused(RawSafeTensors.WriteModel(Path, Encoder, Decoder, [.. s_weights[..3], ("decoder/dense_1/bias", [0])])),
            StringComparison.Ordinal
        );

    /// <summary>Tensors of 2 GB that belong to nothing are not read; where one stands in the place of a weight, it is said.</summary>
    [Fact]
    public void Tensors_of_gigabytes()
    {
        var model = Autoencoder.Open(RawSafeTensors.WriteModel(Path, Encoder, Decoder, [.. s_weights, ("other", [1 << 29])]));
        Assert.Equal(2, model.LatentSize);
        Assert.InRange(new FileInfo(Path).Length, 1L << 31, long.MaxValue);
        string message = Refused(
            RawSafeTensors.WriteModel(Path, Encoder, Decoder, [.. s_weights[..3], ("decoder/dense_1/bias", [1 << 29])])
        );
        Assert.Contains("decoder/dense_1/bias (784) has the shape (536870912)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_at_the_edge_of_a_float_are_numbers()
    {
        RawSafeTensors.WriteModel(Path, Encoder, Decoder, s_weights);
        byte[] bytes = File.ReadAllBytes(Path);
        foreach (float value in (float[])[-0f, float.Epsilon, -float.Epsilon, float.MaxValue])
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - 4), value);
            File.WriteAllBytes(Path, bytes);
            Assert.Equal(value, Autoencoder.Open(Path).Weights["decoder/dense_1/bias"][^1]);
        }
    }

    /// <summary>What fits its weights and would take gigabytes all the same is refused when it is to run.</summary>
    [Theory]
    [InlineData("Conv2D", "conv2d", 100_000, 1)] // needs borders of as many rows as the kernel has
    [InlineData("Conv2DTranspose", "conv2d_transpose", 1000, 1000)] // makes a product for every tap and pixel
    public void A_window_that_would_take_all_memory(string className, string name, int rows, int columns)
    {
        string layers = string.Join(
            ',',
            Layer("UpSampling2D", """{"size":[1,3000]}"""),
            Layer(className, $$"""{"filters":1,"kernel_size":[{{rows}},{{columns}}],"padding":"same"}"""),
            Layer("MaxPooling2D", """{"pool_size":[1,3000]}""")
        );
        var weights = s_weights.Append(($"decoder/{name}/kernel", [rows, columns, 1, 1])).Append(($"decoder/{name}/bias", [1]));
        var model = Autoencoder.Open(RawSafeTensors.WriteModel(Path, Encoder, DecoderWith(layers), weights));
        var e = Assert.Throws<LatentException>(() => model.Decode([0, 0]));
        Assert.Contains("too much memory", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Bits flipped, bytes cut off or added, in a trained model of the article's and in a small one with its description.</summary>
    [Theory]
    [InlineData(false, 300)]
    [InlineData(true, 700)]
    public void Damage_is_said_or_does_not_matter(bool described, int tries)
    {
        if (described)
            new Autoencoder(Article.Encoder(3, new(8, 12, 3)), Article.Decoder(3, new(8, 12, 3)), seed: 1)
            {
                Info = new() { DataSet = "mnist", LabelNames = ["0", "1"] },
            }.Save(Path);
        else
            File.Copy(System.IO.Path.Combine(Repository.Root, "tests", "golden", "golden", "z10_step100.safetensors"), Path);
        byte[] good = File.ReadAllBytes(Path);
        int header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(good),
            opened = 0;
        var random = new RandomStream(7, "damage");
        for (int i = 0; i < tries; i++)
        {
            byte[] bad = [.. good];
            int flips = 1 + Below(3);
            for (int flip = 0; flip < flips; flip++)
                bad[Below(i % 3 == 0 ? bad.Length : header)] ^= (byte)(1 << Below(8));
            if (i % 4 == 0)
                bad = bad[..Below(bad.Length)];
            else if (i % 4 == 1)
                bad = [.. bad, .. new byte[Below(9)]];
            File.WriteAllBytes(Path, bad);
            try
            {
                var model = Autoencoder.Open(Path);
                opened++;
                model.Reconstruct(new float[model.ImageShape.Size]);
                Assert.NotEmpty(model.Summary());
            }
            catch (LatentException e)
            {
                Assert.InRange(e.Message.Length, 1, 2000);
            }
        }
        Assert.InRange(opened, 1, tries - 1);

        int Below(int limit) => (int)(random.NextDouble() * limit);
    }
}
