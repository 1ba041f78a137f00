using BitMiracle.LibTiff.Classic;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using SkiaSharp;

namespace Latent.Images.Tests.Folders;

public sealed class ImageDecoderTests
{
    private static readonly SKColor[] s_corners = [SKColors.Red, SKColors.Lime, SKColors.Blue, SKColors.White]; // in the order of reading

    // where each corner of what should be seen lies in the file, by EXIF's definition of the orientation
    [Theory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "GWRB")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "BRWG")]
    public void Pictures_are_turned_as_their_orientation_says(int orientation, string inFile)
    {
        bool lies = orientation >= 5;
        int width = lies ? 16 : 48,
            height = lies ? 48 : 16;
        using var bitmap = new SKBitmap(width, height);
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            bitmap.SetPixel(x, y, Named(inFile[(y >= height / 2 ? 2 : 0) + (x >= width / 2 ? 1 : 0)]));
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        byte[] jpeg = RareFiles.WithOrientation(encoded.ToArray(), orientation);
        byte[] tiff = Tiff(
            width,
            height,
            3,
            8,
            Photometric.RGB,
            (x, y) => (byte[])[bitmap.GetPixel(x, y).Red, bitmap.GetPixel(x, y).Green, bitmap.GetPixel(x, y).Blue],
            orientation
        );
        foreach (byte[] file in (byte[][])[jpeg, tiff])
        {
            byte[] upright = ImageFiles.Read(file, new(16, 48, 3)); // any other size would be refused
            for (int corner = 0; corner < 4; corner++)
            {
                int at = 3 * ((corner >= 2 ? 12 : 3) * 48 + (corner % 2 == 1 ? 40 : 8));
                Assert.InRange(Math.Abs(upright[at] - s_corners[corner].Red), 0, 12);
                Assert.InRange(Math.Abs(upright[at + 1] - s_corners[corner].Green), 0, 12);
                Assert.InRange(Math.Abs(upright[at + 2] - s_corners[corner].Blue), 0, 12);
            }
        }
    }

    [Fact]
    public void Tiff_of_several_kinds()
    {
        Assert.Equal([10, 20, 30], First(Tiff(2, 2, 3, 8, Photometric.RGB, (_, _) => [10, 20, 30])));
        Assert.Equal([77, 77, 77], First(Tiff(2, 2, 1, 8, Photometric.MINISBLACK, (_, _) => [77])));
        Assert.Equal([178, 178, 178], First(Tiff(2, 2, 1, 8, Photometric.MINISWHITE, (_, _) => [77])));
        Assert.All(First(Tiff(2, 2, 1, 16, Photometric.MINISBLACK, (_, _) => [0, 0x80])), p => Assert.InRange(p, 127, 129));
        Assert.Equal([255, 255, 255], First(Tiff(2, 2, 4, 8, Photometric.SEPARATED, (_, _) => [0, 0, 0, 0])));
        Assert.Equal([0, 255, 255], First(Tiff(2, 2, 4, 8, Photometric.SEPARATED, (_, _) => [255, 0, 0, 0])));

        byte[] First(byte[] file) => ImageFiles.Read(file, new(2, 2, 3))[..3];
    }

    [Fact]
    public void Sixteen_bits_four_inks_and_moving_pictures()
    {
        byte[] deep = RareFiles.Png(2, 1, 16, 0, [0x40, 0x12, 0xff, 0xff]);
        Assert.Equal([0x40, 0xff], ImageFiles.Read(deep, new(1, 2, 1)));
        byte[] cyan = ImageFiles.Read(RareFiles.CmykJpeg(0, 255, 255, 255), new(8, 8, 3));
        Assert.True(cyan[0] < 60 && cyan[1] > 120 && cyan[2] > 180, $"{cyan[0]} {cyan[1]} {cyan[2]}");
        Assert.All(ImageFiles.Read(RareFiles.CmykJpeg(255, 255, 255, 255), new(8, 8, 1)), p => Assert.InRange(p, 250, 255));
        Assert.Equal([1, 2, 3], ImageFiles.Read(RareFiles.Gif((1, 2, 3), (200, 100, 50)), new(2, 2, 3))[..3]);
    }

    [Fact]
    public void What_claims_to_be_huge_is_refused_before_it_is_decoded()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] bomb = RareFiles.Png(30_000, 30_000, 8, 6, []);
        var e = Assert.Throws<LatentException>(() => ImageFiles.Read(bomb, new(28, 28, 1), ImageFit.Crop));
        Assert.Contains("too large", e.Message, StringComparison.Ordinal);
        Assert.Contains("30,000 × 30,000", e.Message, StringComparison.Ordinal);
        byte[] tiff = Tiff(2, 2, 1, 8, Photometric.MINISBLACK, (_, _) => [1]);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10 << 20);
        Assert.Equal(
            "The image: Can not read TIFF directory count",
            Assert.Throws<LatentException>(() => ImageFiles.Read(tiff.AsSpan(0, 20), new(2, 2, 1))).Received
        );
    }

    [Fact]
    public void Damaged_tiff_ends_in_one_message()
    {
        byte[] whole = Tiff(16, 16, 3, 8, Photometric.RGB, (x, y) => [(byte)x, (byte)y, 7]);
        var random = new Random(1);
        for (int i = 0; i < 400; i++)
        {
            byte[] file = [.. whole];
            for (int n = 0; n < 4; n++)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            if (i % 3 == 0)
                file = file[..random.Next(file.Length)];
            try
            {
                ImageFiles.Read(file, new(8, 8, 1), ImageFit.Crop);
            }
            catch (LatentException)
            {
                // the only exception there may be
            }
        }
    }

    [Theory]
    [InlineData(ImageFit.Stretch)]
    [InlineData(ImageFit.Crop)]
    [InlineData(ImageFit.Pad)]
    public void Sizes_are_made_equal_in_three_ways(ImageFit fit)
    {
        // left third black, middle third grey, right third white; three times as wide as high
        using var bitmap = new SKBitmap(96, 32);
        for (int y = 0; y < 32; y++)
        for (int x = 0; x < 96; x++)
            bitmap.SetPixel(
                x,
                y,
                x < 32 ? SKColors.Black
                    : x < 64 ? new SKColor(100, 100, 100)
                    : SKColors.White
            );
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        byte[] pixels = ImageFiles.Read(png.ToArray(), new(24, 24, 1), fit);
        int At(int row, int column) => pixels[row * 24 + column];
        switch (fit)
        {
            case ImageFit.Stretch:
                Assert.Equal((0, 100, 255), (At(12, 2), At(12, 12), At(12, 22)));
                Assert.Equal((0, 100, 255), (At(0, 2), At(0, 12), At(0, 22)));
                break;
            case ImageFit.Crop:
                Assert.All(pixels, p => Assert.InRange(p, 95, 105)); // the middle third alone
                break;
            default:
                Assert.Equal((0, 100, 255), (At(12, 2), At(12, 12), At(12, 22)));
                Assert.Equal((0, 0, 0, 0), (At(0, 12), At(0, 22), At(23, 12), At(6, 22))); // black above and below
                break;
        }
    }

    [Fact]
    public void A_large_photograph_shrinks_as_well_from_an_eighth_as_from_the_whole()
    {
        using var bitmap = new SKBitmap(640, 480);
        for (int y = 0; y < 480; y++)
        for (int x = 0; x < 640; x++)
            bitmap.SetPixel(x, y, new SKColor((byte)(x * 255 / 640), (byte)(y * 255 / 480), (byte)(128 + 100 * Math.Sin(x / 40.0))));
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        byte[] fast = ImageFiles.Read(jpeg.ToArray(), new(48, 64, 3), ImageFit.Crop),
            whole = ImageFiles.Read(png.ToArray(), new(48, 64, 3), ImageFit.Crop);
        Assert.True(fast.Zip(whole, (a, b) => Math.Abs(a - b)).Average() < 3);
    }

    private static SKColor Named(char name) => s_corners["RGBW".IndexOf(name, StringComparison.Ordinal)];

    private static byte[] Tiff(
        int width,
        int height,
        int samples,
        int bits,
        Photometric photometric,
        Func<int, int, byte[]> pixel,
        int orientation = 1
    )
    {
        using var folder = new TemporaryFolder();
        using (var tiff = BitMiracle.LibTiff.Classic.Tiff.Open(folder["a.tif"], "w"))
        {
            tiff.SetField(TiffTag.IMAGEWIDTH, width);
            tiff.SetField(TiffTag.IMAGELENGTH, height);
            tiff.SetField(TiffTag.SAMPLESPERPIXEL, samples);
            tiff.SetField(TiffTag.BITSPERSAMPLE, bits);
            tiff.SetField(TiffTag.PHOTOMETRIC, photometric);
            tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
            tiff.SetField(TiffTag.COMPRESSION, Compression.LZW);
            tiff.SetField(TiffTag.ROWSPERSTRIP, 8);
            tiff.SetField(TiffTag.ORIENTATION, (Orientation)orientation);
            for (int y = 0; y < height; y++)
            {
                byte[] row = [.. Enumerable.Range(0, width).SelectMany(x => pixel(x, y))];
                tiff.WriteScanline(row, y);
            }
        }
        return File.ReadAllBytes(folder["a.tif"]);
    }
}
