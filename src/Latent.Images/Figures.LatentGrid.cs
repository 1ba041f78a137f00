using System.Globalization;
using Latent.Analysis;
using Latent.Networks;
using SkiaSharp;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>
    /// What a decoder makes of a plane of codes: from −range in steps of 2·range/steps, the first axis to the right, the second downwards; and
    /// beside it the same from the 1st to the 99th percentile of the plane's codes.
    /// </summary>
    /// <param name="plane">The plane; see <see cref="CodePlane.Of"/>.</param>
    /// <param name="decode">n codes (n × latent numbers) to n images (n × image size numbers, 0 to 1).</param>
    /// <param name="image">The shape of an image.</param>
    /// <param name="options">Range, steps and the scales count here.</param>
    /// <exception cref="LatentException">The decoder's numbers do not fit, the images have neither 1 nor 3 channels, or an option is out of range.</exception>
    public static Figure LatentGrid(CodePlane plane, Func<float[], float[]> decode, Shape image, FigureOptions? options = null)
    {
        options = Checked(options);
        PixelImage.Check(image);
        int steps = options.Steps;
        double[] even = Even(options);
        bool flat = plane.LatentSize == 1;
        double[] none = [0];
        GridPanel[] panels =
        [
            new(EvenSaid(options), even, flat ? none : even),
            new("1st to 99th percentile of the codes", Between(plane.FirstRange, steps), flat ? none : Between(plane.SecondRange, steps)),
        ];
        foreach (var panel in panels)
            panel.Decode(plane, decode, image);

        float left = flat ? 58 : Math.Max(58, panels.Max(panel => panel.WidestDown) + 30); // the labels of the rows and the axis' name
        const float top = 46;
        const float bottom = 6;
        const float between = 28;
        float scale = PixelImage.Scale(image, Math.Clamp(430f / steps, 14, ImageSide), options.ImageScale);
        var cell = new SKSize(scale * image.Width, scale * image.Height);
        var grid = new SKSize(cell.Width * steps, cell.Height * panels[0].Down.Length);
        bool wide = grid.Width > 620; // one below the other
        float panelWidth = left + grid.Width;
        float panelHeight = top + grid.Height + bottom;

        return new Figure(
            $"Decoded codes {InPlane(plane)}",
            plane.IsPrincipal
                    ? $"Each image is decoder(mean + a·p₁ + b·p₂): of the {plane.LatentSize} numbers of a code, the plane keeps {plane.VarianceShare:P0} of the variance".Replace(
                        " %",
                        "\u00a0%",
                        StringComparison.Ordinal
                    )
                : flat ? "Each image is decoder(z₁)"
                : "Each image is decoder(z₁, z₂), z₁ to the right and z₂ downwards",
            wide ? panelWidth : 2 * panelWidth + between,
            wide ? 2 * panelHeight + between : panelHeight,
            options.Scale,
            (canvas, body) =>
            {
                for (int i = 0; i < panels.Length; i++)
                {
                    float x = body.Left + (wide ? 0 : i * (panelWidth + between));
                    float y = body.Top + (wide ? i * (panelHeight + between) : 0);
                    panels[i].Draw(canvas, plane, image, new SKPoint(x + left, y + top), cell, left);
                }
            }
        );
    }

    /// <summary>The codes of the first grid of <see cref="LatentGrid"/>, row by row: n × latent numbers.</summary>
    /// <param name="plane">The plane.</param>
    /// <param name="options">Range and steps count here.</param>
    /// <exception cref="LatentException">An option is out of range.</exception>
    public static float[] GridCodes(CodePlane plane, FigureOptions? options = null)
    {
        double[] even = Even(Checked(options));
        return plane.Lift(GridPanel.Points(even, plane.LatentSize == 1 ? [0] : even));
    }

    private static double[] Even(FigureOptions options) =>
        [.. Enumerable.Range(0, options.Steps).Select(i => -options.Range + i * (2 * options.Range / options.Steps))];

    /// <summary>"−5 to 4 in steps of 1": the codes of the first grid along an axis.</summary>
    internal static string EvenSaid(FigureOptions options)
    {
        double step = 2 * options.Range / options.Steps;
        string first = Words.Short(-options.Range);
        return options.Steps == 1 ? $"at {first}" : $"{first} to {Words.Short(options.Range - step)} in steps of {Words.Short(step)}";
    }

    private static double[] Between((double Low, double High) range, int steps) =>
        [
            .. Enumerable
                .Range(0, steps)
                .Select(i => steps == 1 ? (range.Low + range.High) / 2 : range.Low + (range.High - range.Low) * i / (steps - 1)),
        ];

    private sealed class GridPanel(string title, double[] right, double[] down)
    {
        private byte[] _pixels = [];

        public double[] Down => down;

        public float WidestDown => Labels(down).Max(label => Ink.Measure(label, 10.5f));

        /// <summary>Row by row: n × 2 numbers.</summary>
        public static float[] Points(double[] right, double[] down)
        {
            var points = new float[2 * right.Length * down.Length];
            for (int row = 0; row < down.Length; row++)
            for (int column = 0; column < right.Length; column++)
            {
                int i = 2 * (row * right.Length + column);
                points[i] = (float)right[column];
                points[i + 1] = (float)down[row];
            }
            return points;
        }

        public void Decode(CodePlane plane, Func<float[], float[]> decode, Shape image)
        {
            float[] points = Points(right, down);
            float[] images = decode(plane.Lift(points));
            int expected = points.Length / 2 * image.Size;
            if (images.Length != expected)
                throw new LatentException(
                    "The decoder's images do not fit the shape.",
                    $"{points.Length / 2} images of {image}: {expected} numbers",
                    $"{images.Length} numbers"
                );
            _pixels = Pixels.ToBytes(images);
        }

        public void Draw(SKCanvas canvas, CodePlane plane, Shape image, SKPoint corner, SKSize cell, float left)
        {
            var area = SKRect.Create(corner.X, corner.Y, cell.Width * right.Length, cell.Height * down.Length);
            Ink.Text(canvas, Ink.Fitted(title, 12.5f, area.Width, bold: true), area.Left, area.Top - 34, 12.5f, Ink.Strong, bold: true);
            for (int i = 0; i < right.Length * down.Length; i++)
            {
                var place = SKRect.Create(
                    corner.X + i % right.Length * cell.Width,
                    corner.Y + i / right.Length * cell.Height,
                    cell.Width,
                    cell.Height
                );
                PixelImage.Draw(canvas, _pixels.AsSpan(i * image.Size, image.Size), image, place);
            }
            Ink.Frame(canvas, area, Ink.Line, 0.75f);

            string[] labels = Labels(right);
            int every = Every(cell.Width, labels, 6);
            for (int i = 0; i < right.Length; i += every)
                Ink.Text(canvas, labels[i], corner.X + (i + 0.5f) * cell.Width, area.Top - 6, 10.5f, Ink.Soft, SKTextAlign.Center);
            string first = plane.IsPrincipal ? "a" : "z₁";
            Ink.Text(canvas, first + " →", area.Left, area.Top - 19, 10.5f, Ink.Soft);
            if (plane.LatentSize == 1)
                return;
            labels = Labels(down);
            every = Math.Max(1, (int)Math.Ceiling(13 / cell.Height));
            for (int i = 0; i < down.Length; i += every)
                Ink.Text(canvas, labels[i], area.Left - 7, corner.Y + (i + 0.5f) * cell.Height + 4, 10.5f, Ink.Soft, SKTextAlign.Right);
            Ink.TextUpwards(canvas, "← " + (plane.IsPrincipal ? "b" : "z₂"), area.Left - left + 12, area.Top + 12, 10.5f, Ink.Soft);
        }

        private static int Every(float width, string[] labels, float gap) =>
            Math.Max(1, (int)Math.Ceiling((labels.Max(label => Ink.Measure(label, 10.5f)) + gap) / width));

        /// <summary>Short numbers, all with as many decimals as tell neighbours apart, with a true minus sign.</summary>
        private static string[] Labels(double[] values)
        {
            string format = "F" + Decimals(values).ToString(CultureInfo.InvariantCulture);
            return
            [
                .. values
                    .Select(value => value.ToString(format, CultureInfo.InvariantCulture))
                    .Select(text => text.Trim('-', '0', '.').Length == 0 ? text.TrimStart('-') : text.Replace('-', '−')),
            ];
        }

        private static int Decimals(double[] values)
        {
            if (Array.TrueForAll(values, value => Math.Abs(value - Math.Round(value)) < 1e-9))
                return 0;
            double step = values.Length > 1 ? Math.Abs(values[1] - values[0]) : 0;
            if (step == 0)
                step = values.Max(Math.Abs); // a direction in which the codes do not vary
            // a step of 3 has none, of 2.5 and of 0.3 one, of 0.25 and of 0.03 two: half a unit of the last is never near half a step
            return Math.Clamp((int)Math.Ceiling(0.45 - Math.Log10(step)), 0, 7);
        }
    }
}
