using System.Xml.Linq;
using Latent.Analysis;
using Latent.Data;
using Latent.Networks;
using Latent.Tests.Shared;
using SkiaSharp;

namespace Latent.Images.Tests;

public sealed class FigureTests
{
    [Fact]
    public void TheTypefacesComeFromTheAssembly()
    {
        Assert.Equal("DejaVu Sans", Typefaces.Regular.FamilyName);
        Assert.False(Typefaces.Regular.IsBold);
        Assert.True(Typefaces.Bold.IsBold);
        Typefaces.Register();
        Assert.Same(Typefaces.Regular, ScottPlot.Fonts.GetTypeface(Typefaces.Family, bold: false, italic: false));
    }

    [Theory]
    [MemberData(nameof(Samples.Kinds), MemberType = typeof(Samples))]
    public void ItsTitleIsDrawn(string kind)
    {
        var figure = Samples.Figure(kind);
        using var picture = new Picture(figure);
        Assert.True(picture.CountDark(figure.TitleArea) > 100, "no text in the title's rectangle");
    }

    [Theory] // the axes' labels: text that ScottPlot draws
    [InlineData("loss")]
    [InlineData("scatter")]
    [InlineData("curves")]
    [InlineData("log curves")]
    public void ItsAxesAreLabelled(string kind)
    {
        var figure = Samples.Figure(kind);
        using var picture = new Picture(figure);
        var ticks = new SKRect(figure.Body.Left + 16, figure.Body.Top + 60, figure.Body.Left + 52, figure.Body.Bottom - 60);
        Assert.True(picture.Count(ticks, color => color.Red < 170) > 100, "no tick labels");
        var name = new SKRect(figure.Body.Left + 62, figure.Body.Bottom - 20, figure.Body.Right, figure.Body.Bottom);
        Assert.True(picture.CountDark(name) > 15, "no name of the axis");
    }

    [Theory]
    [MemberData(nameof(Samples.Kinds), MemberType = typeof(Samples))]
    public void NothingTouchesTheEdge(string kind)
    {
        var figure = Samples.Figure(kind);
        using var picture = new Picture(figure);
        const float margin = 8;
        int inside = picture.Count(SKRect.Inflate(picture.All, -margin, -margin), NotWhite);
        Assert.Equal(inside, picture.Count(picture.All, NotWhite));

        static bool NotWhite(SKColor color) => color != SKColors.White;
    }

    [Theory]
    [MemberData(nameof(Samples.Kinds), MemberType = typeof(Samples))]
    public void ItsSvgIsXmlWithItsText(string kind)
    {
        var figure = Samples.Figure(kind);
        string svg = figure.ToSvg();
        var root = XDocument.Parse(svg).Root!;
        var space = root.Name.Namespace;
        Assert.Equal("svg", root.Name.LocalName);
        Assert.Equal($"0 0 {figure.Width} {figure.Height}", root.Attribute("viewBox")!.Value);
        var texts = root.Descendants(space + "text").ToList();
        Assert.Contains(texts, text => figure.Title.StartsWith(text.Value.Trim(), StringComparison.Ordinal));
        Assert.All(texts, text => Assert.False(text.Attribute("x")!.Value.TrimEnd().EndsWith(',')));
        Assert.All(texts, text => Assert.Equal("DejaVu Sans, Verdana, sans-serif", text.Attribute("font-family")!.Value));
        Assert.DoesNotContain("NaN", svg, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void EachKindOfFileIsWrittenByItsEnding()
    {
        using var folder = new TemporaryFolder();
        var figure = Samples.Figure("examples");
        figure.Save(folder["a.png"]);
        figure.Save(folder["new/b.SVG"]);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder["a.png"])[..4]);
        Assert.NotNull(XDocument.Load(folder["new/b.SVG"]).Root);
        string message = Assert.Throws<LatentException>(() => figure.Save(folder["c.jpg"])).Message;
        Assert.Contains("c.png", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameFigureHasTheSameBytes() => Assert.Equal(Samples.Figure("scatter").ToPng(), Samples.Figure("scatter").ToPng());

    [Fact]
    public void EveryLabelHasItsColour()
    {
        float[] codes = [.. Enumerable.Range(0, 10).SelectMany(i => new[] { (float)i, i % 3 })];
        var figure = Figures.LatentScatter(CodePlane.Of(codes, 2), codes, [.. Enumerable.Range(0, 10).Select(i => (byte)i)]);
        using var picture = new Picture(figure);
        var points = new SKRect(figure.Body.Left, figure.Body.Top, figure.Body.Right - 80, figure.Body.Bottom);
        for (int label = 0; label < 10; label++)
        {
            var (red, green, blue) = ColorMap.RdYlBu.At(label / 9.0);
            Assert.True(picture.Count(points, color => color == new SKColor(red, green, blue)) > 20, $"label {label} is not there");
        }
    }

    [Theory]
    [InlineData(new float[] { 0, 0, 1, 1, 6, 0, 0, -7 }, "50\u00a0%")]
    [InlineData(new float[] { 0, 0, 1, 1, 2, 0, 0, -5 }, "100\u00a0%")]
    public void TheScatterSaysTheShareInside(float[] codes, string share) =>
        Assert.Contains(
            $"{share} of these 4 points within the square of ±5",
            Figures.LatentScatter(CodePlane.Of(codes, 2), codes).Subtitle,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(0.1f, true)]
    [InlineData(6f, false)]
    public void ASquareThatIsNotInThePictureIsSaidToBeBeyond(float size, bool beyond)
    {
        float[] codes = [-size, -size, size, size, 0, 0];
        string subtitle = Figures.LatentScatter(CodePlane.Of(codes, 2), codes).Subtitle;
        Assert.Equal(beyond, subtitle.Contains("which reaches beyond this picture", StringComparison.Ordinal));
        float[] line = [-size, size];
        subtitle = Figures.LatentScatter(CodePlane.Of(line, 1), line).Subtitle;
        Assert.Equal(beyond, subtitle.Contains("±5, which is beyond this picture", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, 460)]
    [InlineData(12, 460)]
    public void SmallFiguresAreWideEnoughForTheirTitleAndStandAtItsLeft(int count, int least)
    {
        var figure = Figures.Examples(Samples.Grey(count), part: "test");
        Assert.True(figure.Width >= least);
        Assert.Equal(figure.TitleArea.Left, figure.Body.Left);
        Assert.Equal($"sample: all {count} test images", figure.Title);
    }

    [Fact]
    public void NarrowGridsTellTheirRowsApartAndKeepClearOfTheAxisName()
    {
        float[] codes = [.. Enumerable.Range(0, 200).Select(i => -0.034f + 1e-6f * i)];
        string svg = Figures.LatentGrid(CodePlane.Of(codes, 2), codes => Samples.Decode(codes, 2, 64), new Shape(8, 8, 1)).ToSvg();
        var texts = XDocument
            .Parse(svg)
            .Descendants()
            .Where(part => part.Name.LocalName == "text")
            .Select(part => part.Value.Trim())
            .ToList();
        var rows = texts.Where(text => text.StartsWith("−0.03", StringComparison.Ordinal)).ToList();
        Assert.True(rows.Count >= 10);
        Assert.All(rows.CountBy(text => text), row => Assert.InRange(row.Value, 1, 2)); // a column and a row
    }

    [Fact]
    public void NoSubtitleEndsWithALonelyWord()
    {
        var figure = Figures.LatentScatter(
            CodePlane.Of(Samples.Codes(50, 5), 5),
            Samples.Codes(50, 5),
            source: "a name that is not short: the first 50 of 10,000 test codes"
        );
        var lines = XDocument
            .Parse(figure.ToSvg())
            .Descendants()
            .Where(part => part.Name.LocalName == "text")
            .Select(part => part.Value.Trim())
            .SkipWhile(text => !text.StartsWith("a name", StringComparison.Ordinal))
            .Take(2)
            .ToList();
        Assert.EndsWith("of the variance", lines[1], StringComparison.Ordinal);
        Assert.True(lines[1].Length > lines[0].Length / 3);
    }

    [Fact]
    public void NumbersHaveOneFormat()
    {
        var column = Numbers.Column([0.02, 0.009742, 1.037e-5, 0]);
        Assert.Equal(["0.020000", "0.009742", "0.000010", "0.000000"], [column(0.02), column(0.009742), column(1.037e-5), column(0)]);
        Assert.Equal("0.0015", Numbers.Column([0.0015, 0.02f])(0.0015));
        Assert.Equal(["0.01152", "0.0001234", "12.00"], [Numbers.Loss(0.01152), Numbers.Loss(0.00012342), Numbers.Loss(12)]);
        Assert.Equal(["0.00000001", "64", "0.99"], [Numbers.Plain(1e-8), Numbers.Plain(64), Numbers.Plain(0.99)]);
    }

    [Fact]
    public void BytesAreTheNearest() => Assert.Equal([0, 0, 128, 255, 255, 0], Pixels.ToBytes([-1, 0, 0.5f, 1, 7, float.NaN]));

    [Fact]
    public void ComponentsAreNamedInTheTitle()
    {
        Assert.Contains("principal components", Samples.Figure("scatter without labels").Title, StringComparison.Ordinal);
        Assert.Contains("principal components", Samples.Figure("grid of components").Title, StringComparison.Ordinal);
        Assert.DoesNotContain("principal", Samples.Figure("scatter").Title, StringComparison.Ordinal);
    }

    [Fact]
    public void TheGridRunsToTheRightAndDownwards()
    {
        var asked = new List<float[]>();
        var shape = new Shape(10, 10, 1);
        var figure = Figures.LatentGrid(
            CodePlane.Of(Samples.Codes(50, 2), 2),
            codes =>
            {
                asked.Add(codes);
                return Samples.Decode(codes, 2, 100);
            },
            shape,
            new() { ImageScale = 4 }
        );
        Assert.Equal(2, asked.Count);
        Assert.Equal([-5, -5, -4, -5], asked[0][..4]); // row by row: the second number is the row's
        Assert.Equal([4, 4], asked[0][^2..]);
        using var picture = new Picture(figure);
        float left = figure.Body.Left + 58;
        float top = figure.Body.Top + 46;
        for (int column = 0; column < 10; column++)
        {
            var expected = new SKColor((byte)(column * 25.5 + 0.5), (byte)(column * 25.5 + 0.5), (byte)(column * 25.5 + 0.5));
            Assert.Equal(expected, picture.At(left + 40 * column + 20, top + 20));
            Assert.Equal(expected, picture.At(left + 40 * column + 20, top + 9 * 40 + 20));
        }
    }

    [Fact]
    public void ReconstructionsStandBelowTheirOriginals()
    {
        var white = ImageSet.FromPixels([.. Enumerable.Repeat((byte)255, 3 * 16)], 3, 4, 4);
        var figure = Figures.Reconstructions(white, Enumerable.Repeat(0.5f, 3 * 16).ToArray());
        using var picture = new Picture(figure);
        float x = figure.Body.Left + 104 + 42;
        Assert.Equal(SKColors.White, picture.At(x, figure.Body.Top + 42));
        Assert.Equal(new SKColor(128, 128, 128), picture.At(x, figure.Body.Top + 84 + 5 + 42));
        Assert.Contains("0.2500", figure.Subtitle, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsHaveTheirImagesBesideTheirNames()
    {
        var shape = new Shape(2, 2, 1);
        float[] light = [0.2f, 0.4f, 0.6f, 0.8f];
        var figure = Figures.ImageRows(
            "Rows",
            null,
            shape,
            [new("dark", new float[4]), new("dark, then light", [0, 0, 0, 0, .. light])],
            ["left", "right"],
            new() { ImageScale = 20 }
        );
        using var picture = new Picture(figure);
        float x = figure.Body.Right - 40,
            y = figure.Body.Bottom - 40;
        for (int i = 0; i < 4; i++)
            Assert.Equal(Pixels.ToByte(light[i]), picture.At(x + 10 + i % 2 * 20, y + 10 + i / 2 * 20).Red);
        Assert.Equal(SKColors.Black, picture.At(x - 45 + 10, y + 10));
        Assert.Equal(SKColors.Black, picture.At(x - 45 + 10, y - 45 + 10));
        Assert.Equal(SKColors.White, picture.At(x + 10, y - 45 + 10)); // the first row has one image only
        Assert.True(picture.CountDark(new SKRect(figure.Body.Left, y + 5, x - 50, y + 35)) > 50, "no name of the row");
        Assert.True(picture.CountDark(new SKRect(x, figure.Body.Top, x + 40, figure.Body.Top + 16)) > 20, "no name of the column");
    }

    [Fact]
    public void EveryCurveHasAColourAndAName()
    {
        var curves = Enumerable.Range(0, 10).Select(i => new Curve($"the curve of number {i}", [0, 1], [i + 1, i + 1])).ToList();
        var figure = Figures.Curves("Ten", null, "x", "y", curves);
        using var picture = new Picture(figure);
        var plot = new SKRect(figure.Body.Left + 90, figure.Body.Bottom - 380, figure.Body.Right - 20, figure.Body.Bottom - 50);
        for (int i = 0; i < 10; i++)
        {
            var (red, green, blue) = ColorMap.Tab10.At(i / 9.0);
            var color = new SKColor(red, green, blue);
            Assert.True(picture.Count(plot, pixel => pixel == color) > 500, $"curve {i} is not there");
            Assert.True(
                picture.Count(picture.All, pixel => pixel == color) > picture.Count(plot, pixel => pixel == color),
                $"no key of {i}"
            );
        }
        Assert.Contains("the curve of number 9", figure.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void ColourImagesKeepTheirColours()
    {
        byte[] pixels = [.. Enumerable.Range(0, 16).SelectMany(_ => new byte[] { 200, 30, 60 })];
        var figure = Figures.Examples(ImageSet.FromPixels(pixels, 1, 4, 4, 3));
        using var picture = new Picture(figure);
        Assert.True(picture.Count(figure.Body, color => color == new SKColor(200, 30, 60)) > 10_000);
    }

    [Fact]
    public void TheBestEpochIsMarked()
    {
        var figure = Figures.LossCurve(Samples.History(8));
        Assert.Contains("after epoch 8 of 8", figure.Subtitle, StringComparison.Ordinal);
        using var picture = new Picture(figure);
        var red = new SKColor(0xd7, 0x30, 0x27);
        var right = new SKRect(figure.Body.Right - 120, figure.Body.Top + 60, figure.Body.Right, figure.Body.Bottom);
        Assert.True(picture.Count(right, color => color == red) > 50);
    }

    [Fact]
    public void ALossThatIsNoNumberStillHasItsCurve()
    {
        var history = Samples.History(3).Select(epoch => epoch with { Loss = double.NaN, ValLoss = double.NaN }).ToList();
        Assert.NotEmpty(Figures.LossCurve(history).ToPng());
        Assert.Contains("epoch", Assert.Throws<LatentException>(() => Figures.LossCurve([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsAreCheckedAllAtOnce()
    {
        var options = new FigureOptions
        {
            Count = 0,
            Range = -1,
            Steps = 99,
            Scale = 100,
        };
        string message = Assert.Throws<LatentException>(() => Figures.Examples(Samples.Grey(), options)).Message;
        Assert.All(new[] { "count", "range", "steps", "scale" }, name => Assert.Contains(name, message, StringComparison.Ordinal));
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        Assert.Contains(
            "(8, 8, 2)",
            Assert.Throws<LatentException>(() => Figures.Examples(Samples.Set(3, 8, 8, 2))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "640 numbers",
            Assert.Throws<LatentException>(() => Figures.Reconstructions(Samples.Grey(), new float[64])).Message,
            StringComparison.Ordinal
        );
        var shape = new Shape(2, 2, 1);
        Assert.Contains(
            "5 numbers in 'wrong'",
            Assert
                .Throws<LatentException>(() => Figures.ImageRows("", null, shape, [new("right", new float[4]), new("wrong", new float[5])]))
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no row",
            Assert.Throws<LatentException>(() => Figures.ImageRows("", null, shape, [])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'wrong' with 2 X and 1 Y",
            Assert.Throws<LatentException>(() => Figures.Curves("", null, "", "", [new("wrong", [1, 2], [1])])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "0 curves",
            Assert.Throws<LatentException>(() => Figures.Curves("", null, "", "", [])).Message,
            StringComparison.Ordinal
        );
        var plane = CodePlane.Of(Samples.Codes(5, 2), 2);
        Assert.Contains(
            "5 labels",
            Assert.Throws<LatentException>(() => Figures.LatentScatter(plane, Samples.Codes(5, 2), [1, 2])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "3 numbers",
            Assert.Throws<LatentException>(() => Figures.LatentGrid(plane, _ => new float[3], new Shape(8, 8, 1))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ColoursLieOnStraightLines()
    {
        Assert.Equal((0xa5, 0x00, 0x26), ColorMap.RdYlBu.At(0));
        Assert.Equal((0xff, 0xff, 0xbf), ColorMap.RdYlBu.At(0.5));
        Assert.Equal((0x31, 0x36, 0x95), ColorMap.RdYlBu.At(2));
        Assert.Equal((0xbe, 0x18, 0x26), ColorMap.RdYlBu.At(0.05)); // half way from a50026 to d73027
        Assert.Same(ColorMap.Viridis, ColorMap.ByName("VIRIDIS"));
        Assert.Contains("RdYlBu", Assert.Throws<LatentException>(() => ColorMap.ByName("jet")).Message, StringComparison.Ordinal);
    }
}
