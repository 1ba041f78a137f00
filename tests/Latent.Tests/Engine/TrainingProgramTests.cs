using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Engine;

public sealed class TrainingProgramTests
{
    private static readonly ImageSet Images = Mnist.Load(Repository.Mnist).Train.Take(512);

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(300)]
    public void A_batch_of_bytes_is_the_batch_of_its_floats(int count)
    {
        int[] rows = [.. Enumerable.Range(0, count).Select(i => i * 7 % Images.Count)];
        var floats = rows.SelectMany(row => Images.Image(row).ToArray()).Select(b => b / 255f).ToArray();
        Autoencoder one = Model(),
            other = Model();
        using var first = new TrainingProgram(one.Weights, new MeanSquaredError(), new RMSprop());
        using var second = new TrainingProgram(other.Weights, new MeanSquaredError(), new RMSprop());
        Assert.Equal(first.Step(Images, rows), second.Step(floats, floats));
        Assert.True(one.Weights.Values.SequenceEqual(other.Weights.Values));
    }

    [Fact]
    public void Evaluation_is_the_mean_over_images_and_changes_nothing()
    {
        var model = Model();
        var before = model.Weights.Values.ToArray();
        using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), new RMSprop());
        double value = program.Evaluate(Images.Take(101));
        var outputs = model.Reconstruct(Images.Take(101));
        double expected = 0;
        for (int i = 0; i < outputs.Length; i++)
            expected += Math.Pow(outputs[i] - Images.Pixels[i] / 255.0, 2);
        Assert.Equal(expected / outputs.Length, value, expected / outputs.Length * 1e-6);
        Assert.Equal(value, model.Evaluate(Images.Take(101)), 1e-9);
        Assert.Equal(101, model.Losses(Images.Take(101)).Length);
        Assert.True(before.AsSpan().SequenceEqual(model.Weights.Values));
    }

    [Fact]
    public void Targets_may_differ_from_inputs()
    {
        var model = Model();
        var inverted = ImageSet.FromPixels(Images.Pixels.ToArray().Select(b => (byte)(255 - b)).ToArray(), Images.Count, 28, 28);
        using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), new Adam(3e-3f));
        int[] rows = [.. Enumerable.Range(0, 64)];
        double first = program.Step(Images, rows, 1, inverted),
            last = first;
        for (int i = 0; i < 30; i++)
            last = program.Step(Images, rows, 1, inverted);
        Assert.True(last < first * 0.7, $"{first} became {last}");
        Assert.Equal(program.Evaluate(Images, inverted), program.Evaluate(Images, inverted));
    }

    [Fact]
    public void Changed_weights_are_seen_everywhere()
    {
        var model = Model();
        using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), new RMSprop());
        var before = model.Encode(Images.Take(3));
        double loss = program.Evaluate(Images);
        model.Weights.Initialize(99);
        Assert.NotEqual(before, model.Encode(Images.Take(3)));
        Assert.NotEqual(loss, program.Evaluate(Images));
        Assert.Equal(new Autoencoder(model.Encoder, model.Decoder, 99).Encode(Images.Take(3)), model.Encode(Images.Take(3)));
    }

    [Fact]
    public void Encoding_and_decoding_from_many_threads_give_what_one_gives()
    {
        var model = Model();
        var expected = model.Reconstruct(Images.Take(100));
        Parallel.For(0, 8, _ => Assert.Equal(expected, model.Decode(model.Encode(Images.Take(100)))));
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        var model = Model();
        using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), new RMSprop());
        var small = ImageSet.FromPixels(new byte[16 * 16], 1, 16, 16);
        Assert.Contains("(28, 28, 1)", Assert.Throws<LatentException>(() => program.Step(small, [0])).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 511", Assert.Throws<LatentException>(() => program.Step(Images, [512])).Message, StringComparison.Ordinal);
        Assert.Throws<LatentException>(() => program.Step(Images, []));
        Assert.Throws<LatentException>(() => model.Encode(new float[100]));
        Assert.Throws<LatentException>(() => model.Encode(small));
        Assert.Throws<LatentException>(() => new TrainingProgram(model.Weights, new MeanSquaredError(), new RMSprop(-1)));
        Assert.Throws<LatentException>(() => new TrainingProgram(model.Weights, new MeanSquaredError(), new RMSprop(), -1));
    }

    private static Autoencoder Model() => new(Article.Encoder(4), Article.Decoder(4), seed: 3);
}
