using Latent.Analysis;
using Latent.Data;
using Latent.Embeddings;
using Latent.Engine;
using Latent.Explorer;
using Latent.Formats;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Training;
using Microsoft.Extensions.AI;

namespace Latent.Docs.Tests;

/// <summary>The code that the pages show; see <see cref="SnippetTests"/>. It runs in a folder of its own.</summary>
public sealed class Snippets : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Environment.CurrentDirectory;

    public Snippets() => Environment.CurrentDirectory = _folder.Path;

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Quick_start()
    {
        #region quick-start
        var (train, test) = Mnist.Load();
        var model = new Autoencoder(Article.Encoder(latent: 10), Article.Decoder(latent: 10), seed: 1);
        var result = model.Fit(train, test, Recipes.Fast(latent: 10) with { Epochs = 1 });
        Console.WriteLine($"val_loss {result.BestValLoss:F4} after {result.Seconds:F0} s");

        var ten = test.Take(10);
        float[] codes = model.Encode(ten); // 10 × 10 numbers
        float[] images = model.Decode(codes); // 10 × 28 × 28 numbers from 0 to 1
        Figures.Reconstructions(ten, images).Save("reconstructions.png");
        model.Save("mnist-z10.safetensors"); // Autoencoder.Open reads it back
        #endregion

        Assert.InRange(result.BestValLoss!.Value, 0.005, 0.02);
        Assert.Equal(100, codes.Length);
        Assert.Equal(7840, images.Length);
        Assert.True(File.Exists("reconstructions.png"));
        Assert.Equal(images, Autoencoder.Open("mnist-z10.safetensors").Decode(codes));
    }

    [Fact]
    public void New_images_from_codes()
    {
        var (train, test) = Small();
        var model = new Autoencoder(Article.Encoder(latent: 2), Article.Decoder(latent: 2), seed: 1);

        #region sample
        var distribution = CodeSampling.Fit(model, train); // or what the model's file has: model.Info.Codes
        float[] codes = distribution.Sample(CodeSource.Mixture, 100, seed: 1); // 100 × 2 numbers
        byte[] samples = Pixels.ToBytes(model.Decode(codes));
        double limit = SampleReview.LimitOf(test, train);
        var review = SampleReview.Of(samples, train, limit);
        Console.WriteLine($"{review.FarShare:P0} far from all data; of each digit: {string.Join(' ', review.LabelCounts)}");
        #endregion

        Assert.Equal(100, review.Nearest.Count);
        Assert.Equal(10, review.LabelCounts.Count);
    }

    [Fact]
    public void Codes_in_few_bytes()
    {
        var (_, test) = Small();
        var model = new Autoencoder(Article.Encoder(latent: 10), Article.Decoder(latent: 10), seed: 1);
        int read = 0;

        #region compress
        byte[] packed = CodePacking.Pack(model.Encode(test), model.LatentSize, bits: 8); // codes alone
        float[] codes = CodePacking.Unpack(packed, test.Count, model.LatentSize, bits: 8);

        using (var stream = File.Create("test.codes")) // with names, a checksum and the model's identity
        {
            var archive = new CodeArchiveWriter(stream, model, bits: 8);
            archive.Write([.. Enumerable.Range(0, test.Count).Select(i => $"digit-{i}.png")], model.Encode(test));
            archive.Finish();
        }
        CodeArchive.Read("test.codes", model, (block, _) => read += model.Decode(block.Codes).Length / test.Shape.Size);
        #endregion

        Assert.Equal(test.Count, read);
        Assert.Equal(test.Count * 10, codes.Length);
    }

    [Fact]
    public void Own_network()
    {
        var (train, test) = Small();

        #region own-network
        var encoder = new Network(
            "encoder",
            train.Shape,
            new Conv2D(16, 3, 2, Padding.Same, Activation.LeakyRelu()),
            new Flatten(),
            new Dense(8)
        );
        var decoder = new Network(
            "decoder",
            Shape.Vector(8),
            new Dense(14 * 14 * 16, Activation.Relu),
            new Reshape(new(14, 14, 16)),
            new Conv2DTranspose(1, 3, 2, Padding.Same, Activation.Sigmoid)
        );
        var model = new Autoencoder(encoder, decoder, seed: 1);
        var result = model.Fit(
            train,
            test,
            new()
            {
                Optimizer = new Adam(1e-3f),
                Loss = new BinaryCrossentropy(),
                Schedule = new CosineSchedule(WarmUp: 20),
                Epochs = 2,
                Callbacks = [new ModelCheckpoint("best.safetensors") { SaveBestOnly = true }, new EarlyStopping(Patience: 5)],
            }
        );
        #endregion

        Assert.Equal(2, result.History.Count);
        Assert.True(result.History[1].ValLoss < result.History[0].ValLoss);
        Assert.True(File.Exists("best.safetensors"));
    }

    [Fact]
    public void Denoise()
    {
        var (train, test) = Small();
        var best = Recipes.Best(10) with { Epochs = 1 };

        #region denoise
        var model = new Autoencoder(Convolutional.Encoder(), Convolutional.Decoder(), seed: 1);
        var noise = new GaussianInputNoise(0.4f);
        var result = model.Fit(
            train,
            test,
            best with
            {
                Loss = new BinaryCrossentropy(),
                Noise = noise, // on the inputs
                Augmentation = new() { Shift = 2 }, // of inputs and targets
            }
        );
        float[] denoised = model.Reconstruct(noise.Apply(test, seed: 7)); // n × 28 × 28 numbers
        #endregion

        Assert.Equal(test.Count * 784, denoised.Length);
        Assert.True(double.IsFinite(result.BestValLoss!.Value));
        Assert.Equal(noise, model.Info.Noise);
    }

    [Fact]
    public void Sparse()
    {
        var (train, test) = Small();
        var decoder = Article.Decoder(64);

        #region sparse
        var article = Article.Encoder(64);
        var encoder = new Network("encoder", article.Input, [.. article.Layers, new ActivityRegularization(L1: 1e-4f)]);
        var model = new Autoencoder(encoder, decoder, seed: 1);
        var result = model.Fit(
            train,
            test,
            new()
            {
                Optimizer = new AdamW { GlobalClipNorm = 1 },
                Metrics = ["psnr", "ssim"],
            }
        );
        Console.WriteLine($"{result.History[^1].Metrics["val_psnr"]:F1} dB");
        #endregion

        Assert.True(result.BestValLoss > model.Evaluate(test));
    }

    [Fact]
    public void Own_targets()
    {
        var (train, test) = Small();
        var noisy = train.Rounded();
        var noisyTest = test.Rounded();
        var model = new Autoencoder(Article.Encoder(10), Article.Decoder(10), seed: 1);

        #region own-targets
        var result = model.Fit(noisy, train, noisyTest, test, new() { Optimizer = new Adam(), Loss = new MeanAbsoluteError() });
        double loss = model.Evaluate(noisyTest, new MeanAbsoluteError(), targets: test);
        #endregion

        Assert.Equal(result.BestValLoss!.Value, loss, 1e-9);
    }

    [Fact]
    public void Own_callback()
    {
        var (train, test) = Small();
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2));

        #region own-callback
        var good = new LambdaCallback { EpochEnd = epoch => epoch.StopTraining = epoch.Logs["val_loss"] < 0.5 };
        var result = model.Fit(train, test, new() { Epochs = 10, Callbacks = [good] });
        #endregion

        Assert.Equal(StopReason.Early, result.Stopped);
        Assert.Single(result.History);
    }

    [Fact]
    public void Own_loop()
    {
        var (train, test) = Small();
        var model = new Autoencoder(Article.Encoder(10), Article.Decoder(10));
        double before = model.Evaluate(test);

        #region own-loop
        using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), new RMSprop(1e-3f));
        int[] rows = [.. Enumerable.Range(0, train.Count)];
        for (int epoch = 0; epoch < 2; epoch++)
        {
            new RandomStream(seed: 1, $"order/{epoch}").Shuffle(rows);
            for (int i = 0; i + 32 <= rows.Length; i += 32)
                program.Step(train, rows.AsSpan(i, 32));
            Console.WriteLine($"epoch {epoch + 1}: {program.Evaluate(test):F5}");
        }
        #endregion

        Assert.True(program.Evaluate(test) < before);
        Assert.Equal(program.Evaluate(test), model.Evaluate(test), 6);
    }

    [Fact]
    public void Resume()
    {
        var (train, test) = Small();

        #region resume
        const string run = "runs/mine";
        if (!RunFolder.IsRun(run))
            new Autoencoder(Article.Encoder(10), Article.Decoder(10), seed: 1).Fit(
                train,
                test,
                new()
                {
                    Optimizer = new Adam(),
                    Epochs = 3,
                    Callbacks = [new EarlyStopping(Patience: 5), new RunRecorder(RunFolder.Create(run))],
                }
            );
        var (model, result) = Trainer.Resume(run, train, test); // after a kill: from the last state; after the end: the end again
        #endregion

        Assert.Equal(3, result.History.Count);
        Assert.True(model.Weights.Values.SequenceEqual(Autoencoder.Open(run).Weights.Values));
    }

    [Fact]
    public void Own_images()
    {
        byte[] pixels = new byte[3 * 12 * 20];

        #region own-images
        var images = ImageSet.FromPixels(pixels, count: 3, height: 12, width: 20);
        var model = new Autoencoder(Article.Encoder(4, images.Shape), Article.Decoder(4, images.Shape));
        float[] codes = model.Encode(images);
        #endregion

        Assert.Equal(12, codes.Length);
    }

    [Fact]
    public void Data_sets()
    {
        string folder = Path.Combine(Repository.Root, "data", "mnist");
        using var stop = new CancellationTokenSource();

        #region data-sets
        var digits = DataSets.Open("mnist"); // comes with Latent; the others are downloaded when they are not here
        var mine = DataSets.Open("mnist", new() { Folder = folder }, stop.Token);
        var options = new DataSetOptions
        {
            Download = true, // false: only what is on this machine
            Progress = new Progress<DownloadProgress>(p => Console.WriteLine($"{p.Received:N0} of {p.Total:N0} bytes")),
        };
        var same = DataSets.Open("mnist", options, stop.Token); // cancelled, it keeps what has come
        #endregion

        Assert.Equal(digits.Checksum, mine.Checksum);
        Assert.Equal(digits.Checksum, same.Checksum);
    }

    [Fact]
    public void Explorer_page()
    {
        var (_, test) = Small();
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2));

        #region explorer-page
        ExplorerPage.Save("explorer.html", model, test);
        ExplorerPage.Save("small.html", model, test, new() { Count = 100, Images = false });
        #endregion

        Assert.True(new FileInfo("explorer.html").Length > new FileInfo("small.html").Length);
    }

    [Fact]
    public void Keras_both_ways()
    {
        KerasModel.Save("model.keras", new Autoencoder(Article.Encoder(2), Article.Decoder(2)));
        var (train, test) = Small();

        #region keras
        var keras = KerasModel.Open("model.keras"); // or .h5
        float[] outputs = keras.Predict(new float[784]); // as the file is
        var model = keras.ToAutoencoder(); // split where it is narrowest; ToAutoencoder("dense") behind that layer

        var options = new TrainingOptions { Optimizer = keras.Optimizer ?? new Adam(), OptimizerState = keras.OptimizerState };
        model.Fit(train, test, options); // goes on with the optimizer of the file, where it has one

        KerasModel.Save("trained.keras", model); // or .h5
        KerasModel.Save("decoder.keras", model, ModelPart.Decoder);
        #endregion

        Assert.Equal(784, outputs.Length);
        Assert.Equal(model.Decode([0, 1]), KerasModel.Open("decoder.keras").Predict([0, 1]));
    }

    [Fact]
    public void Onnx()
    {
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2));

        #region onnx
        OnnxModel.Save("onnx", model, new() { Layout = ImageLayout.ChannelsLast, Bytes = true });
        byte[] encoder = OnnxModel.Of(model, ModelPart.Encoder); // the bytes of one file
        #endregion

        Assert.NotEmpty(encoder);
        Assert.True(File.Exists("onnx/autoencoder.onnx"));
    }

    [Fact]
    public void Codec_in_use()
    {
        var (_, test) = Small();
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2));
        model.Save("runs/mnist-z2/model.safetensors");
        var pixels = test.Image(0);

        #region codec
        using var codec = Codec.Open("runs/mnist-z2"); // a run folder, or a model file alone
        float[] code = codec.Encode(pixels); // bytes: height × width × channels of one image, or of several
        float[] image = codec.Decode(code); // numbers from 0 to 1
        byte[] same = codec.Reconstruct(pixels);
        double score = codec.Score(pixels); // how unlike its reconstruction it is

        var memory = new float[codec.CodeShape.Size];
        codec.Encode(pixels, memory); // into memory of your own: nothing is allocated
        #endregion

        Assert.Equal(code, memory);
        Assert.Equal(784, image.Length + same.Length - 784);
        Assert.True(score > 0);
    }

    [Fact]
    public void Codec_settings()
    {
        var (_, usual) = Small();
        new Autoencoder(Article.Encoder(2), Article.Decoder(2)).Save("model.safetensors");

        #region codec-settings
        var model = Autoencoder.Open("model.safetensors");
        double threshold = Codec.ThresholdOf(model, usual, quantile: 0.99); // images that the model was not trained on
        model.Info = model.Info with
        {
            Codec = new() { Fit = ImageFit.Stretch, Threshold = threshold },
        };
        model.Save("model.safetensors");
        #endregion

        using var codec = Codec.Open("model.safetensors");
        Assert.Equal(threshold, codec.Settings.Threshold);
    }

    [Fact]
    public void Anomalies()
    {
        var (train, images) = Mnist.Load();
        var normal = train.Take(300);
        var (validation, test) = (images.Slice(0, 100), images.Slice(100, 100));
        bool[] unusual = [.. test.Labels.ToArray().Select(label => label == 7)];
        new Autoencoder(Article.Encoder(4), Article.Decoder(4)).Save("model.safetensors");

        #region anomalies
        var model = Autoencoder.Open("model.safetensors");
        double[] errors = model.Losses(test); // of each image the mean squared error

        var settings = new CodecSettings { Score = ScoreKind.Combined, Spread = CodeSpread.Of(model, normal) }; // the training's images
        double threshold = Thresholds.OfNormal(model.Scores(validation, settings), quantile: 0.99); // normal ones that it has not seen
        ModelFile.SaveSettings("model.safetensors", settings with { Threshold = threshold });

        double[] scores = model.Scores(test, settings);
        double auroc = Ranking.Auroc(unusual, scores),
            precision = Ranking.PrecisionAt(unusual, scores);
        var (f1, best) = Ranking.F1Max(unusual, scores);
        Console.WriteLine($"AUROC {auroc:F3}, precision@n {precision:F3}, F1max {f1:F3} above {best:G4}");
        #endregion

        Assert.Equal(100, errors.Length);
        Assert.Equal(threshold, Autoencoder.Open("model.safetensors").Info.Codec!.Threshold);
        Assert.InRange(auroc, 0, 1);
    }

    [Fact]
    public void Image_folder()
    {
        var (_, digits) = Small();
        for (int i = 0; i < 60; i++)
            ImageFiles.Save($"photos/{digits.Labels[i]}/{i}.png", digits.Image(i), digits.Shape);

        #region image-folder
        var data = ImageFolder.Open("photos", new FolderReading(new Shape(64, 64, 3)) { Fit = ImageFit.Pad });
        int halvings = Article.Halvings(data.Train.Shape);
        var model = new Autoencoder(
            Article.Encoder(latent: 32, data.Train.Shape, halvings: halvings),
            Article.Decoder(latent: 32, data.Train.Shape, halvings: halvings),
            seed: 1
        );
        model.Fit(data.Train, data.Validation, Recipes.Fast(latent: 32) with { Epochs = 1 });
        Console.WriteLine($"{data.Test.Names[0]}: {model.Losses(data.Test)[0]:F4}");

        // or without a data set: any number of files, a block of some hundred in memory
        foreach (var (images, files) in ImageFolder.Blocks(ImageFolder.Files("photos"), model.ImageShape, ImageFit.Pad))
        {
            float[] codes = model.Encode(images);
        }
        #endregion

        Assert.Equal(60, data.Train.Count + data.Validation!.Count + data.Test.Count);
        Assert.Equal(3, halvings);
    }

    [Fact]
    public void Nearest_codes()
    {
        var (train, test) = Mnist.Load();
        var model = new Autoencoder(Article.Encoder(10), Article.Decoder(10), seed: 1);

        #region nearest-codes
        var known = train.Take(5000);
        var nearest = new NearestCodes(model.Encode(known), model.LatentSize);
        double share = nearest.Accuracy(model.Encode(test.Take(1000)), test.Take(1000).Labels.ToArray(), known.Labels.ToArray(), most: 10);
        foreach (var (index, distance) in nearest.Find(model.Encode(test.Take(1)), most: 3))
            Console.WriteLine($"training image {index}, a {known.LabelNames[known.Labels[index]]}, at {distance:F2}");
        #endregion

        Assert.InRange(share, 0.3, 1); // also of a network that has learned nothing: like lies by like in pixels too
    }

    [Fact]
    public async Task Embedding_generator()
    {
        new Autoencoder(Article.Encoder(2), Article.Decoder(2)).Save("runs/photos-z32/model.safetensors");
        ImageFiles.Save("cat.png", new byte[784], new Shape(28, 28, 1));

        #region embedding-generator
        using var codec = Codec.Open("runs/photos-z32");
        using IEmbeddingGenerator<DataContent, Embedding<float>> generator = new CodecEmbeddingGenerator(codec);
        ReadOnlyMemory<float> vector = await generator.GenerateVectorAsync(new DataContent(File.ReadAllBytes("cat.png"), "image/png"));
        #endregion

        Assert.Equal(2, vector.Length);
    }

    private static (ImageSet Train, ImageSet Test) Small()
    {
        var (train, test) = Mnist.Load();
        return (train.Take(640), test.Take(128));
    }
}
