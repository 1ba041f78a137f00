using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using SkiaSharp;

namespace Latent.Images.Tests;

public sealed class ImageFilesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WhatIsSavedIsLoaded(int channels)
    {
        using var folder = new TemporaryFolder();
        var shape = new Shape(5, 7, channels);
        var images = Samples.Set(2, 5, 7, channels);
        ImageFiles.Save(folder["a.png"], images.Image(0), shape);
        ImageFiles.Save(folder["b.png"], images.Image(1).ToArray().Select(b => b / 255f).ToArray(), shape);
        var loaded = ImageFiles.Load([folder["a.png"], folder["b.png"]], shape);
        Assert.Equal(shape, loaded.Shape);
        Assert.Equal(images.Pixels.ToArray(), loaded.Pixels.ToArray());
        Assert.False(loaded.HasLabels);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void OtherFormatsAreRead(SKEncodedImageFormat format)
    {
        using var folder = new TemporaryFolder();
        Write(folder["a"], 16, 12, new SKColor(100, 150, 200), format);
        var image = ImageFiles.Load([folder["a"]], new Shape(12, 16, 3));
        Assert.InRange(image.Pixels[0], 97, 103);
        Assert.InRange(image.Pixels[2], 196, 204);
    }

    [Fact]
    public void ColourBecomesGreyByItsBrightness()
    {
        using var folder = new TemporaryFolder();
        Write(folder["a.png"], 2, 2, new SKColor(255, 0, 0), SKEncodedImageFormat.Png);
        Assert.Equal(76, ImageFiles.Load([folder["a.png"]], new Shape(2, 2, 1)).Pixels[0]); // 0.299 · 255
        Write(folder["b.png"], 2, 2, new SKColor(255, 255, 255, 0), SKEncodedImageFormat.Png);
        Assert.Equal(0, ImageFiles.Load([folder["b.png"]], new Shape(2, 2, 1)).Pixels[0]);
    }

    [Fact]
    public void AnotherSizeIsRefusedOrScaled()
    {
        using var folder = new TemporaryFolder();
        Write(folder["a.png"], 40, 20, new SKColor(90, 90, 90), SKEncodedImageFormat.Png);
        var shape = new Shape(28, 28, 1);
        string message = Assert.Throws<LatentException>(() => ImageFiles.Load([folder["a.png"]], shape)).Message;
        Assert.Contains("28 × 28", message, StringComparison.Ordinal);
        Assert.Contains("20 × 40", message, StringComparison.Ordinal);
        Assert.All(ImageFiles.Load([folder["a.png"]], shape, ImageFit.Stretch).Pixels.ToArray(), pixel => Assert.InRange(pixel, 89, 91));
    }

    [Fact]
    public void WhatIsNoImageIsNamed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.png"], "no image");
        Write(folder["whole.png"], 64, 64, SKColors.Red, SKEncodedImageFormat.Png);
        File.WriteAllBytes(folder["cut.png"], File.ReadAllBytes(folder["whole.png"])[..^60]);
        var shape = new Shape(64, 64, 3);
        foreach (string name in new[] { "text.png", "cut.png", "missing.png" })
            Assert.Contains(
                name,
                Assert.Throws<LatentException>(() => ImageFiles.Load([folder[name]], shape)).Message,
                StringComparison.Ordinal
            );
        Assert.Throws<LatentException>(() => ImageFiles.Load([], shape));
        Assert.Throws<LatentException>(() => ImageFiles.Save(folder["x.png"], new byte[5], shape));
        Assert.True(ImageFiles.HasImageExtension("a/B.JPG"));
        Assert.False(ImageFiles.HasImageExtension("mnist"));
    }

    [Fact]
    public void AnUploadIsReadFromMemory()
    {
        using var folder = new TemporaryFolder();
        Write(folder["a.jpg"], 40, 20, new SKColor(90, 90, 90), SKEncodedImageFormat.Jpeg);
        byte[] file = File.ReadAllBytes(folder["a.jpg"]);
        Assert.All(ImageFiles.Read(file, new(20, 40, 1)), pixel => Assert.InRange(pixel, 88, 92));
        Assert.All(ImageFiles.Read(file, new(28, 28, 1), ImageFit.Stretch), pixel => Assert.InRange(pixel, 88, 92));
        string message = Assert.Throws<LatentException>(() => ImageFiles.Read(file, new(28, 28, 1))).Message;
        Assert.StartsWith("The image has another size", message, StringComparison.Ordinal);
        Assert.Contains("20 × 40", message, StringComparison.Ordinal);
        Assert.Contains(
            "an empty file",
            Assert.Throws<LatentException>(() => ImageFiles.Read([], new(28, 28, 1))).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>A file of some bytes can claim an image that no memory holds: its size is looked at before anything is decoded.</summary>
    [Fact]
    public void AnImageThatClaimsToBeHugeIsRefused()
    {
        byte[] bitmap =
        [
            .. "BM"u8,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            54,
            0,
            0,
            0,
            40,
            0,
            0,
            0,
            .. BitConverter.GetBytes(60_000),
            .. BitConverter.GetBytes(60_000),
            1,
            0,
            24,
            0,
            .. new byte[224],
        ];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<LatentException>(() => ImageFiles.Read(bitmap, new(28, 28, 1), ImageFit.Stretch));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static void Write(string path, int width, int height, SKColor color, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(color);
        using var data = bitmap.Encode(format, 100);
        File.WriteAllBytes(path, data.ToArray());
    }
}
