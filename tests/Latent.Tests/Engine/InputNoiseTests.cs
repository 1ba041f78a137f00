using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Tests.Training;
using Latent.Training;

namespace Latent.Tests.Engine;

public sealed class InputNoiseTests
{
    private static readonly Shape s_grey = new(20, 30, 1),
        s_colour = new(20, 30, 3);

    public static TheoryData<string> Specs => ["gaussian:0.4", "salt-pepper:0.1", "mask:8", "mask:5:3", "blur:1.5"];

    [Theory]
    [MemberData(nameof(Specs))]
    public void A_word_comes_back(string spec) => Assert.Equal(spec, InputNoise.Parse(spec).Spec);

    [Theory]
    [InlineData("gauss:0.4", "There is no noise 'gauss'.")]
    [InlineData("salt-peper:0.4", "did you mean salt-pepper?")]
    [InlineData("", "gaussian:σ")]
    [InlineData("gaussian", "needs a number")]
    [InlineData("gaussian:", "needs a number")]
    [InlineData("gaussian:x", "'x' is no number")]
    [InlineData("gaussian:0", "must be a number above 0")]
    [InlineData("gaussian:NaN", "must be a number above 0")]
    [InlineData("gaussian:1e999", "must be a number above 0")]
    [InlineData("gaussian:0.1:2", "too many numbers")]
    [InlineData("salt-pepper:1.01", "at most 1")]
    [InlineData("mask:0", "at least 1")]
    [InlineData("mask:2.5", "no whole number")]
    [InlineData("mask:3:", "no whole number")]
    [InlineData("mask:3:0", "1 to 1000")]
    [InlineData("blur:21", "at most 20")]
    public void A_wrong_word_is_told(string spec, string part) =>
        Assert.Contains(part, Assert.Throws<LatentException>(() => InputNoise.Parse(spec)).Message, StringComparison.Ordinal);

    /// <summary>Moments of a million draws, within five of their own deviations.</summary>
    [Fact]
    public void Gaussian_noise_is_normal_and_independent()
    {
        const int count = 1000;
        float[] drawn = Numbers(new GaussianInputNoise(0.05f), Filled(0.5f, count, s_colour));
        int n = drawn.Length;
        double[] z = [.. drawn.Select(x => (x - 0.5) / 0.05)];
        Assert.Equal(0, z.Average(), 5 / Math.Sqrt(n));
        Assert.Equal(1, z.Average(x => x * x), 5 * Math.Sqrt(2.0 / n));
        Assert.Equal(0, z.Average(x => x * x * x), 5 * Math.Sqrt(15.0 / n));
        Assert.Equal(3, z.Average(x => x * x * x * x), 5 * Math.Sqrt(96.0 / n));
        Assert.Equal(0.158655, z.Count(x => x > 1) / (double)n, 5 * Math.Sqrt(0.16 * 0.84 / n));
        foreach (int apart in (int[])[1, 2, 32, 64, s_colour.Size]) // 32: the two numbers of one draw
            Assert.Equal(0, z.Skip(apart).Zip(z, (a, b) => a * b).Average(), 5 / Math.Sqrt(n));
    }

    [Fact]
    public void It_is_cut_off_at_0_and_1()
    {
        float[] drawn = Numbers(new GaussianInputNoise(0.4f), Filled(0, 100, s_grey));
        Assert.Equal((0f, 1f), (drawn.Min(), drawn.Max()));
        Assert.Equal(0.5, drawn.Count(x => x == 0) / (double)drawn.Length, 0.02);
        Assert.Equal(0.00621, drawn.Count(x => x == 1) / (double)drawn.Length, 0.002); // beyond 2.5 deviations
    }

    [Fact]
    public void Salt_and_pepper_turn_whole_pixels_black_or_white()
    {
        float[] drawn = Numbers(new SaltPepperNoise(0.1f), Filled(0.5f, 300, s_colour));
        float[][] pixels = [.. drawn.Chunk(3)];
        Assert.All(pixels, pixel => Assert.True(pixel[0] == pixel[1] && pixel[1] == pixel[2] && pixel[0] is 0 or 0.5f or 1));
        double deviation = 5 * Math.Sqrt(0.05 * 0.95 / pixels.Length);
        Assert.Equal(0.05, pixels.Count(pixel => pixel[0] == 0) / (double)pixels.Length, deviation);
        Assert.Equal(0.05, pixels.Count(pixel => pixel[0] == 1) / (double)pixels.Length, deviation);
        Assert.Equal(Numbers(new SaltPepperNoise(0.1f), Filled(0.5f, 300, s_grey)), pixels.Select(pixel => pixel[0]));
    }

    [Fact]
    public void A_mask_is_a_black_square_anywhere_in_the_image()
    {
        float[] drawn = Numbers(new MaskNoise(8), Filled(0.5f, 5000, s_grey));
        var corners = new Dictionary<(int, int), int>();
        foreach (float[] image in drawn.Chunk(s_grey.Size))
        {
            int first = Array.IndexOf(image, 0f),
                top = first / 30,
                left = first % 30;
            Assert.Equal(64, image.Count(x => x == 0));
            for (int i = 0; i < 64; i++)
                Assert.Equal(0, image[(top + i / 8) * 30 + left + i % 8]);
            corners[(top, left)] = corners.GetValueOrDefault((top, left)) + 1;
        }
        Assert.Equal(13 * 23, corners.Count); // every place, up to the border
        Assert.InRange(corners.Values.Max(), 0, 45); // 17 on the mean
        Assert.InRange(Numbers(new MaskNoise(5, 3), Filled(0.5f, 1, s_grey)).Count(x => x == 0), 25, 75);
    }

    /// <summary>Against plain loops in double precision over the two-dimensional window.</summary>
    [Theory]
    [InlineData(1.5f, 1)]
    [InlineData(0.4f, 3)]
    [InlineData(8f, 1)]
    public void Blur_is_a_gaussian_window_with_the_border_repeated(float deviation, int channels)
    {
        var shape = new Shape(9, 13, channels);
        var random = new RandomStream(1, "pixels");
        float[] image = [.. Enumerable.Range(0, shape.Size).Select(_ => (float)random.NextDouble())];
        float[] blurred = Numbers(new BlurNoise(deviation), FloatSet.From(image, shape));
        int radius = (int)Math.Ceiling(3 * deviation);
        for (int y = 0; y < 9; y++)
        for (int x = 0; x < 13; x++)
        for (int c = 0; c < channels; c++)
        {
            double sum = 0,
                weights = 0;
            for (int i = -radius; i <= radius; i++)
            for (int j = -radius; j <= radius; j++)
            {
                double weight = Math.Exp(-(i * i + j * j) / (2.0 * deviation * deviation));
                weights += weight;
                sum += weight * image[(Math.Clamp(y + i, 0, 8) * 13 + Math.Clamp(x + j, 0, 12)) * channels + c];
            }
            Assert.Equal(sum / weights, blurred[(y * 13 + x) * channels + c], 2e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void The_same_seed_gives_the_same_and_an_image_does_not_depend_on_those_beside_it(string spec)
    {
        var noise = InputNoise.Parse(spec);
        var images = SmallMnist.Test(6);
        float[] all = Numbers(noise, images, seed: 4);
        Assert.Equal(all, Numbers(noise, images, seed: 4));
        Assert.Equal(all[(2 * 784)..(4 * 784)], noise.Apply(images.Slice(2, 2), 4, first: 2).Numbers.ToArray());
        Assert.All(all, x => Assert.InRange(x, 0, 1));
        if (noise is not BlurNoise)
        {
            Assert.NotEqual(all, Numbers(noise, images, seed: 5));
            float[] alike = Numbers(noise, Filled(0.5f, 2, s_grey));
            Assert.NotEqual(alike[..600], alike[600..]);
        }
    }

    /// <summary>A step with noise is a step on the noisy images with the clean ones as targets.</summary>
    [Theory]
    [MemberData(nameof(Specs))]
    public void The_validation_sees_noisy_inputs_clean_targets_and_always_the_same(string spec)
    {
        var noise = InputNoise.Parse(spec);
        var model = SmallMnist.Model();
        var (train, test) = (SmallMnist.Train(64), SmallMnist.Test(50));
        var options = new TrainingOptions
        {
            Noise = noise,
            Augmentation = new() { Flip = Flip.Both, Brightness = 0.5f }, // never touches a validation
            Optimizer = new SGD(1e-30f),
            Epochs = 2,
            Seed = 3,
            Metrics = ["psnr"],
        };
        var history = model.Fit(train, test, options, cancellation: TestContext.Current.CancellationToken).History;
        Assert.Equal(history[0].ValLoss, history[1].ValLoss); // with a rate of next to 0 nothing but the draw could differ
        Assert.NotEqual(history[0].Loss, history[1].Loss);
        Assert.Equal(model.Evaluate(noise.Apply(test, 3), options.Loss, test), history[1].ValLoss!.Value, 1e-12);
        Assert.Equal(ValidationMetrics.Of(["psnr"], model, noise.Apply(test, 3), test)[0], history[1].Metrics["val_psnr"], 1e-12);
        Assert.Equal(noise, model.Info.Noise);
    }

    [Fact]
    public void A_step_sees_noisy_inputs_and_clean_targets_drawn_by_step_and_image()
    {
        var images = SmallMnist.Train(40);
        var noise = new MaskNoise(28); // all of an image is black, whatever is drawn
        var black = ImageSet.FromPixels(new byte[40 * 784], 40, 28, 28);
        int[] rows = [7, 3, 3, 39];
        Assert.Equal(Loss(SmallMnist.Model(), images, rows, noise), Loss(SmallMnist.Model(), black, rows, null, targets: images));

        // the same image twice in a batch has the same noise; in another step it has another
        var gaussian = new GaussianInputNoise(0.4f);
        double twice = Loss(SmallMnist.Model(), images, [3, 3], gaussian),
            once = Loss(SmallMnist.Model(), images, [3], gaussian);
        Assert.Equal(once, twice, 1e-7);
        using var program = new TrainingProgram(SmallMnist.Model().Weights, new MeanSquaredError(), new SGD(1e-30f), 1)
        {
            Noise = gaussian,
        };
        Assert.NotEqual(program.Step(images, [3]), program.Step(images, [3]));
    }

    [Fact]
    public void Noise_that_does_not_fit_the_images_is_refused()
    {
        var options = new TrainingOptions
        {
            Noise = new MaskNoise(29),
            Augmentation = new() { Shift = 28 },
        };
        string message = Assert
            .Throws<LatentException>(() =>
                SmallMnist.Model().Fit(SmallMnist.Train(4), null, options, cancellation: TestContext.Current.CancellationToken)
            )
            .Message;
        Assert.Contains("larger than the images", message, StringComparison.Ordinal);
        Assert.Contains("Augmentation.Shift must be smaller", message, StringComparison.Ordinal);
        options = new()
        {
            Noise = new GaussianInputNoise(-1),
            Augmentation = new()
            {
                Shift = 1.5f,
                Brightness = 2,
                Noise = float.NaN,
            },
        };
        Assert.Equal(4, options.Problems().Count);
    }

    [Fact]
    public void A_model_file_keeps_the_noise()
    {
        using var folder = new TemporaryFolder();
        var model = SmallMnist.Model();
        model.Info = model.Info with { Noise = new MaskNoise(5, 3) };
        model.Save(folder["m.safetensors"]);
        Assert.Equal(new MaskNoise(5, 3), Autoencoder.Open(folder["m.safetensors"]).Info.Noise);
    }

    private static double Loss(Autoencoder model, ImageSet images, int[] rows, InputNoise? noise, ImageSet? targets = null)
    {
        using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), new SGD(1e-30f), 1) { Noise = noise };
        return program.Step(images, rows, targets: targets);
    }

    private static float[] Numbers(InputNoise noise, SampleSet images, long seed = 1) => noise.Apply(images, seed).Numbers.ToArray();

    private static FloatSet Filled(float value, int count, Shape shape)
    {
        var numbers = new float[count * shape.Size];
        Array.Fill(numbers, value);
        return FloatSet.From(numbers, shape);
    }
}
