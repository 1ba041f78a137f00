using Latent.Analysis;
using Latent.Data;
using Latent.Networks;
using Latent.Training;

namespace Latent.Images.Tests;

/// <summary>Small inputs, and a figure of every kind.</summary>
internal static class Samples
{
    public static ImageSet Grey(int count = 12) => Set(count, 8, 8, 1);

    public static ImageSet Set(int count, int height, int width, int channels)
    {
        var pixels = new byte[count * height * width * channels];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 37 % 256);
        return ImageSet.FromPixels(
            pixels,
            count,
            height,
            width,
            channels,
            [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))],
            name: "sample"
        );
    }

    public static IReadOnlyList<EpochResult> History(int epochs) =>
        [
            .. Enumerable
                .Range(1, epochs)
                .Select(e => new EpochResult(
                    e,
                    0.01 + 0.1 / e,
                    0.012 + 0.09 / e + 0.0005 * Math.Max(0, e - 5),
                    0.001,
                    1.5,
                    new Dictionary<string, double>(StringComparer.Ordinal)
                )),
        ];

    public static float[] Codes(int count, int latent) =>
        [.. Enumerable.Range(0, count * latent).Select(i => (float)(6 * Math.Sin(i * 1.7 + i % latent)))];

    /// <summary>As in the article: each image all of one shade, the brighter the larger its code's first number.</summary>
    public static float[] Decode(float[] codes, int latent, int size) =>
        [.. Enumerable.Range(0, codes.Length / latent).SelectMany(i => Enumerable.Repeat((codes[i * latent] + 5) / 10, size))];

    /// <summary>Heights around 0, so that a logarithmic axis has no place for some of them.</summary>
    public static Curve Wave(string name, double height) =>
        new(name, [.. Enumerable.Range(0, 30)], [.. Enumerable.Range(0, 30).Select(i => height * Math.Sin(i * 0.5))]);

    private static Curve Decades() =>
        new("decades", [.. Enumerable.Range(0, 10)], [.. Enumerable.Range(0, 10).Select(i => Math.Pow(10, -i))]);

    public static Figure Figure(string kind) =>
        kind switch
        {
            "examples" => Figures.Examples(Grey()),
            "reconstructions" => Figures.Reconstructions(Grey(), new float[12 * 64]),
            "loss" => Figures.LossCurve(History(8)),
            "log loss" => Figures.LossCurve(History(40), new() { LogLoss = true }),
            "scatter" => Figures.LatentScatter(
                CodePlane.Of(Codes(200, 2), 2),
                Codes(200, 2),
                [.. Enumerable.Range(0, 200).Select(i => (byte)(i % 10))]
            ),
            "scatter without labels" => Figures.LatentScatter(CodePlane.Of(Codes(50, 5), 5), Codes(50, 5)),
            "scatter of one number" => Figures.LatentScatter(CodePlane.Of(Codes(50, 1), 1), Codes(50, 1)),
            "grid" => Figures.LatentGrid(CodePlane.Of(Codes(50, 2), 2), codes => Decode(codes, 2, 64), new Shape(8, 8, 1)),
            "grid of components" => Figures.LatentGrid(CodePlane.Of(Codes(50, 6), 6), codes => Decode(codes, 6, 192), new Shape(8, 8, 3)),
            "grid of one number" => Figures.LatentGrid(CodePlane.Of(Codes(50, 1), 1), codes => Decode(codes, 1, 64), new Shape(8, 8, 1)),
            "rows" => Figures.ImageRows(
                "Rows of images",
                "Above each column its name",
                new(8, 8, 1),
                [new("one", new float[64]), new("two of them", new float[128])],
                ["first", "second"]
            ),
            "errors" => Figures.Errors(
                "Errors over pictures",
                "Some noise",
                Grey(),
                new float[12 * 64],
                [.. Enumerable.Range(0, 12 * 64).Select(i => i % 64 / 64f)],
                [.. Enumerable.Range(0, 12).Select(i => i / 12.0)],
                [.. Enumerable.Range(0, 12).Select(i => $"image {i}")],
                [.. Enumerable.Range(0, 12).Select(i => i > 6)]
            ),
            "curves" => Figures.Curves("Curves", null, "to the right", "upwards", [Wave("one", 1), Wave("another", 2)]),
            "log curves" => Figures.Curves(
                "Curves",
                "Nine decades",
                "to the right",
                "upwards",
                [Wave("one", 1), Decades()],
                logarithmic: true
            ),
            "samples" => Figures.Samples(
                "Samples",
                "Each beside the nearest",
                new float[12 * 64],
                new(8, 8, 1),
                [.. Enumerable.Range(0, 12)],
                Grey(),
                [.. Enumerable.Range(0, 12).Select(i => i == 3)]
            ),
            "rate and distortion" => Figures.RateDistortion(
                "Bytes an image",
                null,
                [
                    new("autoencoder", "2 × 8 bits", 2, 2, 2, 0.04, 0.5),
                    new("autoencoder", "9 × 8 bits", 9, 9, 9, 0.02, 0.8),
                    new("JPEG", "quality 9", null, 200, 100, 0.01, 0.9),
                ]
            ),
            _ => throw new ArgumentException(kind),
        };

    public static TheoryData<string> Kinds { get; } =
    [
        "examples",
        "reconstructions",
        "loss",
        "log loss",
        "scatter",
        "scatter without labels",
        "scatter of one number",
        "grid",
        "grid of components",
        "grid of one number",
        "rows",
        "errors",
        "curves",
        "log curves",
        "samples",
        "rate and distortion",
    ];
}
