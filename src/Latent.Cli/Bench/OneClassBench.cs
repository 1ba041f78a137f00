using Latent.Analysis;
using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Cli.Bench;

/// <summary>A way to score, and what it came to: the area under the curve for each label and seed.</summary>
/// <param name="Name">The way.</param>
/// <param name="Auroc">Label by label, seed by seed; 0 to 1.</param>
internal sealed record OneClassRow(string Name, IReadOnlyList<double[]> Auroc)
{
    /// <summary>The mean over the seeds, label by label.</summary>
    public double[] Means => [.. Auroc.Select(seeds => seeds.Average())];
}

/// <summary>
/// One label is normal: a model is trained on its training images alone, and all test images are scored. The area under the curve says how well
/// the images of other labels are told from it.
/// </summary>
internal sealed class OneClassBench(DataSet data, int[] labels)
{
    /// <summary>Of the noise on the inputs.</summary>
    public const float Noise = 1.5f;

    /// <summary>Numbers of a code.</summary>
    public const int Latent = 32;

    /// <summary>Of the baseline.</summary>
    public const int Components = 24;

    /// <summary>Of the baseline: neighbours whose mean distance is the score.</summary>
    public const int Neighbours = 3;

    /// <summary>Trains and scores. Neither a choice nor an end of a training depends on a test image.</summary>
    /// <param name="seeds">How many models for each label; their seeds are 0, 1, …</param>
    /// <param name="epochs">Of each training.</param>
    /// <param name="threads">Threads to use, 0 for one per core.</param>
    /// <param name="said">Receives a line for each model.</param>
    /// <param name="stop">Ends it.</param>
    public IReadOnlyList<OneClassRow> Models(int seeds, int epochs, int threads, Action<string> said, CancellationToken stop)
    {
        var combined = new List<double[]>();
        var errors = new List<double[]>();
        foreach (int label in labels)
        {
            var normal = Normal(label);
            bool[] unusual = Unusual(label);
            var (both, error) = (new double[seeds], new double[seeds]);
            for (int seed = 0; seed < seeds; seed++)
            {
                var model = Model(normal.Shape, seed);
                var result = model.Fit(normal, null, Options(epochs, seed, threads), null, stop);
                stop.ThrowIfCancellationRequested();
                var settings = new CodecSettings { Score = ScoreKind.Combined, Spread = CodeSpread.Of(model, normal) };
                both[seed] = Ranking.Auroc(unusual, model.Scores(data.Test, settings));
                error[seed] = Ranking.Auroc(unusual, model.Losses(data.Test));
                said(
                    $"label={data.Train.LabelNames[label]} seed={seed} combined={100 * both[seed]:F2} error={100 * error[seed]:F2} seconds={result.Seconds:F1}"
                );
            }
            combined.Add(both);
            errors.Add(error);
        }
        return [new("combined score", combined), new("error alone", errors)];
    }

    /// <summary>What needs no network: principal components, and the nearest training images.</summary>
    public IReadOnlyList<OneClassRow> Baselines(Action<string> said, CancellationToken stop)
    {
        var components = new List<double[]>();
        var neighbours = new List<double[]>();
        float[] test = data.Test.ToFloats();
        int size = data.Test.Shape.Size;
        foreach (int label in labels)
        {
            var normal = Normal(label);
            bool[] unusual = Unusual(label);
            var pca = Pca.Fit(normal, Math.Min(Components, size));
            float[] linear = pca.Decode(pca.Encode(test));
            components.Add([Ranking.Auroc(unusual, Each(i => ImageMetrics.MeanSquaredError(Row(test, i), Row(linear, i))))]);
            stop.ThrowIfCancellationRequested();
            var near = new NearestCodes(normal.ToFloats(), size);
            int most = Math.Min(Neighbours, normal.Count);
            neighbours.Add([Ranking.Auroc(unusual, Each(i => near.Find(Row(test, i), most).Average(found => found.Distance)))]);
            stop.ThrowIfCancellationRequested();
            said($"label={data.Train.LabelNames[label]} components={100 * components[^1][0]:F2} neighbours={100 * neighbours[^1][0]:F2}");
        }
        return [new($"{Components} principal components", components), new($"{Neighbours} nearest images", neighbours)];

        double[] Each(Func<int, double> score)
        {
            var scores = new double[data.Test.Count];
            Parallel.For(0, scores.Length, i => scores[i] = score(i));
            return scores;
        }

        ReadOnlySpan<float> Row(float[] rows, int i) => rows.AsSpan(i * size, size);
    }

    /// <summary>The article's network, with noise on what its encoder sees in training.</summary>
    public static Autoencoder Model(Shape image, long seed)
    {
        var article = Article.Encoder(Latent, image);
        return new(new Network("encoder", image, [new GaussianNoise(Noise), .. article.Layers]), Article.Decoder(Latent, image), seed);
    }

    private static TrainingOptions Options(int epochs, long seed, int threads) =>
        Recipes.Best(Latent) with
        {
            Epochs = epochs,
            Seed = seed,
            Threads = threads,
            KeepBest = false,
            Calibrate = false,
        };

    private bool[] Unusual(int label) => [.. data.Test.Labels.ToArray().Select(other => other != label)];

    private ImageSet Normal(int label) =>
        data.Train.Select([.. Enumerable.Range(0, data.Train.Count).Where(i => data.Train.Labels[i] == label)]);
}
