using System.Globalization;
using System.Text.RegularExpressions;
using Latent.Data;
using Latent.Tests.Shared;

namespace Latent.Tests.Golden;

/// <summary>The files of one zN of golden/ and the batches they speak of.</summary>
internal sealed partial class GoldenModel(string stem)
{
    private static readonly Lazy<(ImageSet Train, ImageSet Test)> s_mnist = new(() => Mnist.Load(Repository.Mnist));

    public static ImageSet Train => s_mnist.Value.Train;

    public static ImageSet Test => s_mnist.Value.Test;

    /// <summary>The stems ("z10_init") of all files of a kind ("_io", "_grads") that lie beside the weights they belong to.</summary>
    public static IEnumerable<string> Stems(string kind) =>
        GoldenFolder
            .Names("golden", $"z*{kind}.safetensors")
            .Select(name => name[..^$"{kind}.safetensors".Length])
            .Where(stem => StemPattern().IsMatch(stem) && File.Exists(PathOf($"{stem}.safetensors")));

    /// <summary>The code's size, as the name says it.</summary>
    public int Latent { get; } = int.Parse(StemPattern().Match(stem).Groups["z"].Value, CultureInfo.InvariantCulture);

    public string Weights => PathOf($"{stem}.safetensors");

    public GoldenTensors Io => new(PathOf($"{stem}_io.safetensors"));

    public GoldenTensors Gradients => new(PathOf($"{stem}_grads.safetensors"));

    public GoldenTrajectory Trajectory => GoldenTrajectory.Read(PathOf($"z{Latent}_trajectory.json"));

    /// <summary>The rows of the batch that the gradients are of, as numbers: the trajectory's first, the article's where there is none.</summary>
    public float[] FirstBatch() =>
        File.Exists(PathOf($"z{Latent}_trajectory.json")) ? Pixels(Trajectory.FirstRow, Trajectory.Batch) : Pixels(0, 64);

    /// <summary>Some rows of the training images as numbers, pixel / 255.</summary>
    private static float[] Pixels(int firstRow, int count)
    {
        var bytes = Train.Slice(firstRow, count).Pixels;
        var pixels = new float[bytes.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = bytes[i] / 255f;
        return pixels;
    }

    private static string PathOf(string name) => GoldenFolder.PathOf("golden", name);

    [GeneratedRegex(@"^z(?<z>\d+)_(init|step\d+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StemPattern();
}

/// <summary>A trajectory file: the losses of the steps and the loss afterwards.</summary>
internal sealed record GoldenTrajectory(float LearningRate, int Batch, int FirstRow, double[] Losses, double ValLoss)
{
    /// <summary>The loss is that of the first so many test images: the article drops the last partial batch.</summary>
    public const int ValidationImages = 9984;

    public static GoldenTrajectory Read(string path)
    {
        var json = GoldenFolder.Json(path);
        return new(
            json.GetProperty("learning_rate").GetSingle(),
            json.GetProperty("batch").GetInt32(),
            json.GetProperty("first_row").GetInt32(),
            GoldenFolder.Numbers(json.GetProperty("loss_per_step")),
            json.GetProperty("val_loss_9984").GetDouble()
        );
    }

    /// <summary>The rows of step <paramref name="step"/>, from 0.</summary>
    public int[] Rows(int step) => [.. Enumerable.Range(FirstRow + Batch * step, Batch)];
}
