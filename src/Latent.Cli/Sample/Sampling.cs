using System.Globalization;
using System.Text.Json.Nodes;
using Latent.Analysis;
using Latent.Cli.Output;
using Latent.Data;
using Latent.Images;
using Latent.Models;

namespace Latent.Cli.Sample;

/// <summary>Images from drawn codes, and what they look like.</summary>
internal sealed class Sampling
{
    private const int MostTests = 1000; // of the images that say what is far: the distances of more are much work and the same percentile
    private const int MostDrawn = 400;

    private readonly Autoencoder _model;
    private readonly DataSet? _data;
    private readonly CodeDistribution _codes;
    private readonly CodeSource _source;
    private readonly long _seed;
    private readonly int _count;
    private readonly float[] _images;
    private readonly SampleReview? _review,
        _grid;

    public Sampling(Autoencoder model, DataSet? data, CodeDistribution codes, CodeSource source, int count, long seed)
    {
        (_model, _data, _codes, _source, _seed, _count) = (model, data, codes, source, seed, count);
        _images = model.Decode(codes.Sample(source, count, seed));
        if (data is null)
            return;
        double limit = SampleReview.LimitOf(data.Test.Take(MostTests), data.Train);
        _review = SampleReview.Of(Pixels.ToBytes(_images), data.Train, limit);
        if (data.Train.HasLabels && Grid() is { } grid)
            _grid = SampleReview.Of(Pixels.ToBytes(model.Decode(grid)), data.Train, limit);
    }

    private string Said =>
        _source switch
        {
            CodeSource.Uniform => "evenly from the box of the training codes, 1st to 99th percentile",
            CodeSource.Gaussian =>
                $"from a normal distribution with the training codes' mean and {(_codes.Gaussian.IsFull ? "" : "diagonal ")}covariance",
            _ =>
                $"from a mixture of {Numbers.Count(_codes.Mixture.Components, "normal distribution")}, {(_codes.Mixture.IsFull ? "full" : "diagonal")} covariances, fitted to the training codes",
        };

    public void Save(string path)
    {
        if (!Parsing.Endings.Is(path, ".png") && !Parsing.Endings.Is(path, ".svg"))
        {
            new ImagesOut(_model.OutputShape, path).Write(
                _images,
                [.. Enumerable.Range(0, _count).Select(i => string.Create(CultureInfo.InvariantCulture, $"sample-{i:D5}"))]
            );
            return;
        }
        int drawn = Math.Min(_count, MostDrawn);
        Figures
            .Samples(
                $"Samples{(_data is null ? "" : $" and the nearest training images of {_data.Name}")}",
                $"Codes drawn {Said}; seed {_seed}"
                    + (
                        _review is null
                            ? ""
                            : $"; to the right of each sample the training image that is nearest in pixel space; {Percent(_review.FarShare)} are framed: far from all data"
                    )
                    + (drawn < _count ? $"; the first {drawn:N0} of {_count:N0}" : ""),
                _images.AsSpan(0, drawn * _model.OutputShape.Size),
                _model.OutputShape,
                _review is null ? [] : [.. _review.Nearest.Take(drawn)],
                _data?.Train,
                _review is null ? [] : [.. _review.Distances.Take(drawn).Select(distance => distance > _review.Limit)]
            )
            .Save(path);
    }

    public void WriteText(string path, TextWriter writer)
    {
        writer.WriteLine($"{Numbers.Count(_count, "sample")} in {Paths.Shown(path)}: codes drawn {Said}");
        if (_review is null || _data is null)
            return;
        writer.WriteLine(
            $"{Percent(_review.FarShare)} far from all data: farther from the nearest of {_data.Train.Count:N0} training images than 99 % of the test images are ({_review.Limit:F2})"
        );
        if (!_data.Train.HasLabels)
            return;
        (string Name, SampleReview? Review)[] rows = [("samples", _review), (GridName, _grid)];
        writer.WriteLine();
        writer.Write(
            TextTable.Of(
                ["nearest label", .. _data.Train.LabelNames, "far", "missing"],
                rows.Where(row => row.Review is not null)
                    .Select(row =>
                        (string[])
                            [
                                row.Name,
                                .. row.Review!.LabelCounts.Select(count => count.ToString(CultureInfo.InvariantCulture)),
                                Percent(row.Review.FarShare),
                                Missing(row.Review),
                            ]
                    )
            )
        );
    }

    public JsonObject ToJson(string source, string path)
    {
        var document = new JsonObject
        {
            ["count"] = _count,
            ["from"] = source,
            ["seed"] = _seed,
            ["components"] = _source == CodeSource.Mixture ? _codes.Mixture.Components : null,
            ["out"] = Path.GetFullPath(path),
        };
        if (_review is not null)
        {
            document["limit"] = _review.Limit;
            Add(document, _review);
            document["nearest"] = new JsonArray([.. _review.Nearest.Select(index => JsonValue.Create(index))]);
            document["distances"] = new JsonArray([.. _review.Distances.Select(distance => JsonValue.Create(distance))]);
        }
        if (_grid is not null)
        {
            var grid = new JsonObject();
            Add(grid, _grid);
            document["grid"] = grid;
        }
        return document;
    }

    private void Add(JsonObject document, SampleReview review)
    {
        document["far_share"] = review.FarShare;
        if (review.LabelCounts.Count == 0)
            return;
        var labels = new JsonObject();
        foreach (var (name, count) in _data!.Train.LabelNames.Zip(review.LabelCounts))
            labels[name] = count;
        document["labels"] = labels;
        document["missing"] = new JsonArray([.. MissingNames(review).Select(name => JsonValue.Create(name))]);
    }

    private static string GridName
    {
        get
        {
            var options = new FigureOptions();
            return $"the grid of ±{options.Range:0.#}, {options.Steps} × {options.Steps}";
        }
    }

    /// <summary>The codes of the article's grid, as the figure decodes them: for codes of more than two numbers in the plane that it shows.</summary>
    private float[]? Grid()
    {
        if (_model.LatentSize is 1 or > Pca.MaxDimension)
            return null;
        float[] codes = _model.Encode(_data!.Test);
        return Array.TrueForAll(codes, float.IsFinite) ? Figures.GridCodes(CodePlane.Of(codes, _model.LatentSize)) : null;
    }

    private string Missing(SampleReview review) => MissingNames(review) is { Length: > 0 } names ? string.Join(" ", names) : "none";

    private string[] MissingNames(SampleReview review) =>
        [.. _data!.Train.LabelNames.Zip(review.LabelCounts).Where(label => label.Second == 0).Select(label => label.First)];

    private static string Percent(double share) => $"{100 * share:0.#} %";
}
