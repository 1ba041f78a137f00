using BitMiracle.LibTiff.Classic;
using SkiaSharp;

namespace Latent.Images;

/// <summary>TIFF files, which Skia does not read: the first picture of a file.</summary>
internal static class TiffImage
{
    [ThreadStatic]
    private static string? s_problem;

    static TiffImage() => Tiff.SetErrorHandler(new Quiet());

    /// <summary>Whether a file begins as a TIFF file does, of either byte order.</summary>
    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8);

    /// <summary>The picture as it lies in the file, with the orientation it should be shown in. The caller disposes it.</summary>
    /// <param name="name">What messages call it, as the start of a sentence.</param>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="mostPixels">The most pixels to decode.</param>
    /// <exception cref="LatentException">It is damaged, too large, or of a kind that cannot be read.</exception>
    public static (SKBitmap Bitmap, SKEncodedOrigin Origin) Decode(string name, byte[] file, int mostPixels)
    {
        s_problem = null;
        try
        {
            using var stream = new MemoryStream(file, writable: false);
            using var tiff = Tiff.ClientOpen(name, "r", stream, new TiffStream()) ?? throw Damaged(name, null);
            int width = Number(tiff, TiffTag.IMAGEWIDTH),
                height = Number(tiff, TiffTag.IMAGELENGTH);
            if (width < 1 || height < 1)
                throw Damaged(name, null);
            if ((long)width * height > mostPixels)
                throw ImageDecoder.TooLarge(name, height, width);
            if (!tiff.RGBAImageOK(out string reason))
                throw new LatentException(
                    $"{name} is a TIFF file of a kind that cannot be read.",
                    "grey, colour or palette of 8 or 16 bits",
                    reason,
                    "save it as PNG"
                );
            int origin = Number(tiff, TiffTag.ORIENTATION, 1);
            tiff.SetField(TiffTag.ORIENTATION, Orientation.TOPLEFT); // turned with all others' pictures, by Skia
            int[] pixels = new int[width * height];
            if (!tiff.ReadRGBAImageOriented(width, height, pixels, Orientation.TOPLEFT, stopOnError: true))
                throw Damaged(name, null);
            var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
            pixels.CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(bitmap.GetPixelSpan()));
            return (bitmap, origin is >= 1 and <= 8 ? (SKEncodedOrigin)origin : SKEncodedOrigin.TopLeft);
        }
        catch (Exception e) when (e is not (LatentException or OutOfMemoryException))
        {
            throw Damaged(name, e); // of a damaged file the reader may throw anything
        }
    }

    private static int Number(Tiff tiff, TiffTag tag, int missing = 0) => tiff.GetField(tag) is [var value, ..] ? value.ToInt() : missing;

    private static LatentException Damaged(string name, Exception? inner) =>
        new($"{name} cannot be decoded.", "a TIFF file that is whole", s_problem ?? "a damaged or truncated file", inner: inner);

    /// <summary>Keeps what the reader would write to the console.</summary>
    private sealed class Quiet : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args) => Keep(format, args);

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args) { }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args) { }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args) { }

        private static void Keep(string format, object[] args)
        {
            try
            {
                s_problem ??= string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args);
            }
            catch (FormatException)
            {
                s_problem ??= format;
            }
        }
    }
}
