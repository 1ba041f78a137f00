using Latent.Data;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Formats.Tests.Onnx;

/// <summary>Models written as ONNX, run by ONNX Runtime and compared with Latent's own outputs.</summary>
public sealed class OnnxModelTests
{
    private const double Allowed = 1e-5;
    private const int Images = 256;
    private static readonly Lazy<ImageSet> s_test = new(() => Mnist.Load(Repository.Mnist).Test.Take(Images));

    public static TheoryData<string> Layers => [.. LayerCases.All.Keys];

    public static TheoryData<string, ImageLayout, bool> ArticleCases
    {
        get
        {
            var cases = new TheoryData<string, ImageLayout, bool>();
            foreach (string model in (string[])["z10_step100", "z2_step100", "pooling and transposed"])
            foreach (var layout in Enum.GetValues<ImageLayout>())
            foreach (bool bytes in (bool[])[false, true])
                cases.Add(model, layout, bytes);
            return cases;
        }
    }

    private static Autoencoder Article(string name) =>
        name.StartsWith('z')
            ? Autoencoder.Open(Path.Combine(Repository.Root, "tests", "golden", "golden", $"{name}.safetensors"))
            : new(
                Networks.Article.Encoder(10, downsampling: Downsampling.MaxPooling, codeActivation: Activation.Relu),
                Networks.Article.Decoder(10, upsampling: Upsampling.TransposedConvolution),
                seed: 1
            );

    [Theory]
    [MemberData(nameof(ArticleCases))]
    public void The_articles_networks_give_what_ours_give(string name, ImageLayout layout, bool bytes)
    {
        var model = Article(name);
        var options = new OnnxOptions { Layout = layout, Bytes = bytes };
        float[] codes = model.Encode(s_test.Value),
            outputs = model.Reconstruct(s_test.Value);

        Compare("code", codes, OfImages(ModelPart.Encoder, model.CodeShape));
        Compare("reconstruction", outputs, OfImages(ModelPart.Autoencoder, model.OutputShape));
        Compare(
            "decoded",
            outputs,
            Runtime.Run(OnnxModel.Of(model, ModelPart.Decoder, options), codes, Images, model.CodeShape, model.OutputShape, layout)
        );

        float[] OfImages(ModelPart part, Shape to)
        {
            byte[] file = OnnxModel.Of(model, part, options);
            byte[] pixels = s_test.Value.Pixels.ToArray();
            return bytes
                ? Runtime.Run(file, pixels, Images, model.ImageShape, to, layout)
                : Runtime.Run(file, Array.ConvertAll(pixels, p => p / 255f), Images, model.ImageShape, to, layout);
        }

        void Compare(string what, float[] expected, float[] actual)
        {
            Near.Absolute(expected, actual, Allowed, what);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{what}: largest difference {Near.LargestDifference(Near.Doubles(expected), Near.Doubles(actual)):g3}"
            );
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_gives_what_ours_gives(string name)
    {
        var model = LayerCases.Model(name);
        const int count = 5;
        var random = new Engine.RandomStream(7, name);
        float[] input = [.. Enumerable.Range(0, count * model.ImageShape.Size).Select(_ => (float)(random.NextDouble() * 4 - 2))];
        float[] expected = model.Encode(input);
        foreach (var layout in Enum.GetValues<ImageLayout>())
        {
            byte[] file = OnnxModel.Of(model, ModelPart.Encoder, new() { Layout = layout });
            float[] actual = Runtime.Run(file, input, count, model.ImageShape, model.CodeShape, layout);
            Near.Absolute(expected, actual, Allowed * Math.Max(1, Near.Largest(Near.Doubles(expected))), $"{name}, {layout}");
        }
    }

    [Fact]
    public void Every_layer_that_a_file_may_have_is_a_case()
    {
        var cases = LayerCases.All.Values.SelectMany(c => c.Layers).Select(layer => layer.GetType()).ToHashSet();
        var all = typeof(Layer).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && !t.IsAbstract);
        Assert.Empty(all.Except(cases).Select(type => type.Name));
    }

    [Fact]
    public void Any_chain_of_networks_can_be_written()
    {
        var model = Article("z2_step100");
        byte[] file = OnnxModel.Of(model.Weights);
        float[] input = Array.ConvertAll(s_test.Value.Pixels.ToArray(), p => p / 255f);
        Near.Absolute(
            model.Reconstruct(s_test.Value),
            Runtime.Run(file, input, Images, model.ImageShape, model.OutputShape, ImageLayout.ChannelsFirst),
            Allowed,
            "both networks"
        );
    }

    [Fact]
    public void Names_and_metadata_say_what_it_is()
    {
        var model = Article("z10_step100");
        model.Info = new()
        {
            DataSet = "mnist",
            Loss = "mse",
            ValLoss = 0.0125,
            Epoch = 7,
            LabelNames = ["zero", "one"],
        };
        using (var encoder = new InferenceSession(OnnxModel.Of(model, ModelPart.Encoder, new() { Bytes = true })))
        {
            Assert.Equal([-1, 1, 28, 28], encoder.InputMetadata["image"].Dimensions);
            Assert.Equal(typeof(byte), encoder.InputMetadata["image"].ElementType);
            Assert.Equal("batch", encoder.InputMetadata["image"].SymbolicDimensions[0]);
            Assert.Equal([-1, 10], encoder.OutputMetadata["code"].Dimensions);
            var about = encoder.ModelMetadata;
            Assert.Equal("Latent", about.ProducerName);
            Assert.Equal("mnist", about.CustomMetadataMap["data_set"]);
            Assert.Equal("0.0125", about.CustomMetadataMap["val_loss"]);
            Assert.Equal("7", about.CustomMetadataMap["epoch"]);
            Assert.Equal("10", about.CustomMetadataMap["latent_size"]);
            Assert.Equal("zero,one", about.CustomMetadataMap["label_names"]);
            Assert.Equal("NCHW", about.CustomMetadataMap["layout"]);
            Assert.Matches(@"^\d+\.\d+\.\d+$", about.CustomMetadataMap["latent_version"]);
            Assert.StartsWith("inside", about.CustomMetadataMap["input_scaling"], StringComparison.Ordinal);
        }
        using var decoder = new InferenceSession(
            OnnxModel.Of(model, ModelPart.Decoder, new() { Bytes = true, Layout = ImageLayout.ChannelsLast })
        );
        Assert.Equal(typeof(float), decoder.InputMetadata["code"].ElementType);
        Assert.Equal([-1, 28, 28, 1], decoder.OutputMetadata["reconstruction"].Dimensions);
        Assert.False(decoder.ModelMetadata.CustomMetadataMap.ContainsKey("input_scaling"));
    }

    [Fact]
    public void A_layer_of_ones_own_is_named_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        var encoder = new Network("encoder", new(4, 4, 1), new Twice(), new Flatten());
        var model = new Autoencoder(encoder, new("decoder", Shape.Vector(16), new Reshape(new(4, 4, 1))));
        var e = Assert.Throws<LatentException>(() => OnnxModel.Save(folder["onnx"], model));
        Assert.Contains("encoder/twice", e.Message, StringComparison.Ordinal);
        Assert.Contains("Twice", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["onnx"]));
    }

    [Fact]
    public async Task Onnx_itself_accepts_every_file()
    {
        using var folder = new TemporaryFolder();
        int i = 0;
        foreach (string name in LayerCases.All.Keys)
        foreach (var layout in Enum.GetValues<ImageLayout>())
        {
            var options = new OnnxOptions { Layout = layout, Bytes = i % 2 == 0 };
            await File.WriteAllBytesAsync(
                folder[$"{i++}.onnx"],
                OnnxModel.Of(LayerCases.Model(name), ModelPart.Encoder, options),
                TestContext.Current.CancellationToken
            );
        }
        OnnxModel.Save(folder["article"], Article("z10_step100"));
        string said = await Python.Run(
            """
            import glob, onnx, sys
            files = glob.glob(sys.argv[1] + "/**/*.onnx", recursive=True)
            for file in files:
                onnx.checker.check_model(onnx.load(file), full_check=True)
            print(len(files), "files")
            """,
            ["onnx"],
            folder.Path
        );
        Assert.Equal($"{i + 3} files", said.Trim());
    }

    private sealed record Twice : CustomLayer
    {
        public override Shape Output(Shape input) => input;

        public override void Forward(in LayerForward pass)
        {
            for (int i = 0; i < pass.Input.Length; i++)
                pass.Output[i] = 2 * pass.Input[i];
        }

        public override void Backward(in LayerBackward pass)
        {
            for (int i = 0; i < pass.InputGradient.Length; i++)
                pass.InputGradient[i] = 2 * pass.OutputGradient[i];
        }
    }
}
