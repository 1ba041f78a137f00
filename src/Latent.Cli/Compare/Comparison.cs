using System.Text.Json.Nodes;
using Latent.Analysis;
using Latent.Cli.Output;
using Latent.Data;
using Latent.Images;
using Latent.Models;

namespace Latent.Cli.Compare;

/// <summary>What codes, components and files come to on some images.</summary>
internal sealed class Comparison
{
    private static readonly int[] s_qualities = [0, 10, 30, 50, 75, 90];

    private readonly DataSet _data;
    private readonly ImageSet _images;
    private readonly List<RatePoint> _points = [];

    public Comparison(DataSet data, ImageSet images, IReadOnlyList<Autoencoder> models)
    {
        (_data, _images) = (data, images);
        foreach (var model in models)
            _points.AddRange(RateDistortion.Codes(model, images));
        int[] sizes = [.. models.Select(model => model.LatentSize).Distinct().Order()];
        if (data.Train.Shape.Size <= Pca.MaxDimension)
            foreach (int size in sizes.Where(size => size < data.Train.Shape.Size))
                _points.AddRange(RateDistortion.Components(Pca.Fit(data.Train, size), images));
        double[] wanted = [.. _points.Where(point => point.Method != "PCA").Select(point => point.Bytes)];
        foreach (var format in (PictureFormat[])[PictureFormat.Jpeg, PictureFormat.WebP])
        {
            _points.AddRange(s_qualities.Select(quality => RateDistortion.Files(images, format, quality)));
            _points.AddRange(
                s_qualities
                    .Select(quality => RateDistortion.Sheet(images, format, quality))
                    .Concat(wanted.Select(bytes => RateDistortion.SheetOf(images, format, bytes)))
                    .DistinctBy(point => point.Setting, StringComparer.Ordinal)
                    .OrderBy(point => point.Bytes)
            );
        }
        _points.Add(RateDistortion.Files(images, PictureFormat.Png, 100));
        _points.Add(RateDistortion.Sheet(images, PictureFormat.Png, 100));
    }

    private string Said =>
        $"{_data.Name}, {(_images.Count < _data.Test.Count ? $"the first {_images.Count:N0} of {_data.Test.Count:N0}" : $"all {_images.Count:N0}")} test images";

    public void Draw(string path) =>
        Figures
            .RateDistortion(
                "Bytes an image, and what is left of it",
                $"{Said}; codes and components are entropy coded where they are not float32; 'one file' has all images in a single picture, so that its header counts once; of the others each has a file of its own",
                _points
            )
            .Save(path);

    public void WriteText(string path, TextWriter writer)
    {
        writer.WriteLine(Said);
        writer.WriteLine();
        writer.Write(
            TextTable.Of(
                ["method", "setting", "bytes", "payload", "mse", "PSNR", "SSIM"],
                _points.Select(point =>
                    (string[])
                        [
                            point.Method,
                            point.Setting,
                            $"{point.Bytes:F1}",
                            $"{point.Payload:F1}",
                            Numbers.Loss(point.MeanSquaredError),
                            double.IsFinite(point.Psnr) ? $"{point.Psnr:F2}" : "-",
                            double.IsFinite(point.Ssim) ? $"{point.Ssim:F4}" : "-",
                        ]
                )
            )
        );
        writer.WriteLine();
        writer.WriteLine(
            "Bytes and payload are of one image, the mean; payload is without the headers of files. PSNR in dB, of the mean squared error."
        );
        writer.WriteLine($"figure: {Paths.Shown(path)}");
    }

    public JsonObject ToJson(string path) =>
        new()
        {
            ["data"] = _data.Name,
            ["count"] = _images.Count,
            ["points"] = new JsonArray([
                .. _points.Select(point => new JsonObject
                {
                    ["method"] = point.Method,
                    ["setting"] = point.Setting,
                    ["latent"] = point.Size,
                    ["bytes_per_image"] = point.Bytes,
                    ["payload_bytes_per_image"] = point.Payload,
                    ["mse"] = point.MeanSquaredError,
                    ["psnr"] = Json.Number(point.Psnr),
                    ["ssim"] = Json.Number(point.Ssim),
                }),
            ]),
            ["out"] = Path.GetFullPath(path),
        };
}
