using Latent.Models;
using Latent.Networks;
using SkiaSharp;

namespace Latent.Images;

/// <summary>From the bytes of an image file to the pixels of a shape: decoded, turned as the file says, scaled and cut.</summary>
internal static class ImageDecoder
{
    public const string Kinds = "PNG, JPEG, WebP, BMP, GIF or TIFF";

    private const int MostPixels = 1 << 26; // 256 MiB decoded: a file of some kilobytes can claim more than memory has

    private static readonly SKSamplingOptions s_sampling = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    /// <param name="name">What messages call it, as the start of a sentence.</param>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="shape">The shape to give: 1 or 3 channels.</param>
    /// <param name="fit">What to do with an image of another size.</param>
    /// <param name="target">Receives height × width × channels bytes.</param>
    /// <param name="fix">What to do where the size is another and <paramref name="fit"/> refuses it.</param>
    /// <exception cref="LatentException">It is no image, is damaged or too large, or has another size.</exception>
    public static void Decode(string name, byte[] file, Shape shape, ImageFit fit, Span<byte> target, string fix)
    {
        var (stored, origin) = TiffImage.Is(file) ? TiffImage.Decode(name, file, MostPixels) : DecodeBySkia(name, file, shape, fit);
        using (stored)
        {
            using var turned = origin == SKEncodedOrigin.TopLeft ? null : Turned(stored, origin);
            var upright = turned ?? stored;
            bool fits = upright.Width == shape.Width && upright.Height == shape.Height;
            if (!fits && fit == ImageFit.Refuse)
                throw new LatentException(
                    $"{name} has another size than the model's images.",
                    $"{shape.Height} × {shape.Width} pixels (height × width)",
                    $"{upright.Height} × {upright.Width}",
                    fix
                );
            if (fits)
                Copy(upright, shape, target);
            else if (fit == ImageFit.Pad)
                CopyWhole(upright, shape, target);
            else
                CopyScaled(upright, fit == ImageFit.Crop ? Middle(upright, shape) : upright.Info.Rect, shape, target);
        }
    }

    public static LatentException TooLarge(string name, int height, int width) =>
        new($"{name} is too large.", $"at most {MostPixels:N0} pixels", $"{height:N0} × {width:N0}", "scale it first");

    private static (SKBitmap Bitmap, SKEncodedOrigin Origin) DecodeBySkia(string name, byte[] file, Shape shape, ImageFit fit)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        if (codec is not null)
        {
            var size = SizeFor(codec, shape, fit);
            if ((long)size.Width * size.Height > MostPixels)
                throw TooLarge(name, size.Height, size.Width);
            // premultiplied: colours over black where they are transparent
            var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
            if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) == SKCodecResult.Success)
                return (bitmap, codec.EncodedOrigin);
            bitmap.Dispose();
        }
        throw new LatentException(
            $"{name} cannot be decoded.",
            $"a {Kinds} file that is whole",
            file.Length == 0 ? "an empty file"
                : codec is null ? $"{file.Length} bytes of something else"
                : "a damaged or truncated file"
        );
    }

    /// <summary>The size to decode at: JPEG can be had at some eighths of its own, which takes a fraction of the time, and is shrunk well.</summary>
    private static SKSizeI SizeFor(SKCodec codec, Shape shape, ImageFit fit)
    {
        var own = codec.Info.Size;
        bool lies = codec.EncodedOrigin >= SKEncodedOrigin.LeftTop; // rows are columns
        double across = (double)(lies ? shape.Height : shape.Width) / own.Width,
            down = (double)(lies ? shape.Width : shape.Height) / own.Height,
            wanted = fit == ImageFit.Pad ? Math.Min(across, down) : Math.Max(across, down);
        if (fit == ImageFit.Refuse || wanted >= 1 || codec.EncodedFormat != SKEncodedImageFormat.Jpeg)
            return own;
        for (int eighths = 1; eighths < 8; eighths++)
        {
            var size = codec.GetScaledDimensions(eighths / 8f);
            if (size.Width >= wanted * own.Width && size.Height >= wanted * own.Height)
                return size;
        }
        return own;
    }

    /// <summary>The picture as it should be shown: EXIF's orientation says where the first row and column of the file belong.</summary>
    private static SKBitmap Turned(SKBitmap stored, SKEncodedOrigin origin)
    {
        bool lies = origin >= SKEncodedOrigin.LeftTop;
        float width = stored.Width,
            height = stored.Height;
        var upright = new SKBitmap(stored.Info.WithSize(lies ? stored.Height : stored.Width, lies ? stored.Width : stored.Height));
        using var canvas = new SKCanvas(upright);
        canvas.SetMatrix(
            origin switch
            {
                SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
                SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
                SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
                SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
                SKEncodedOrigin.RightTop => new(0, -1, height, 1, 0, 0, 0, 0, 1),
                SKEncodedOrigin.RightBottom => new(0, -1, height, -1, 0, width, 0, 0, 1),
                SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, width, 0, 0, 1),
                _ => SKMatrix.Identity,
            }
        );
        using var paint = new SKPaint { BlendMode = SKBlendMode.Src };
        canvas.DrawBitmap(stored, 0, 0, paint);
        return upright;
    }

    /// <summary>The largest part in the middle that has the shape's proportions.</summary>
    private static SKRectI Middle(SKBitmap bitmap, Shape shape)
    {
        double scale = Math.Min((double)bitmap.Width / shape.Width, (double)bitmap.Height / shape.Height);
        int width = Math.Clamp((int)Math.Round(shape.Width * scale), 1, bitmap.Width),
            height = Math.Clamp((int)Math.Round(shape.Height * scale), 1, bitmap.Height);
        return SKRectI.Create((bitmap.Width - width) / 2, (bitmap.Height - height) / 2, width, height);
    }

    private static void CopyScaled(SKBitmap bitmap, SKRectI part, Shape shape, Span<byte> target)
    {
        using var cut = new SKBitmap();
        if (!bitmap.ExtractSubset(cut, part))
            throw new InvalidOperationException("a part within the bitmap is a subset of it");
        using var scaled = Scaled(cut, shape.Width, shape.Height);
        Copy(scaled, shape, target);
    }

    /// <summary>The whole picture in the middle of black.</summary>
    private static void CopyWhole(SKBitmap bitmap, Shape shape, Span<byte> target)
    {
        target.Clear();
        double scale = Math.Min((double)shape.Width / bitmap.Width, (double)shape.Height / bitmap.Height);
        int width = Math.Clamp((int)Math.Round(bitmap.Width * scale), 1, shape.Width),
            height = Math.Clamp((int)Math.Round(bitmap.Height * scale), 1, shape.Height);
        using var scaled = Scaled(bitmap, width, height);
        Copy(scaled, shape, target, (shape.Height - height) / 2, (shape.Width - width) / 2);
    }

    private static SKBitmap Scaled(SKBitmap bitmap, int width, int height) =>
        bitmap.Resize(bitmap.Info.WithSize(width, height), s_sampling);

    private static void Copy(SKBitmap bitmap, Shape shape, Span<byte> target, int top = 0, int left = 0)
    {
        var source = bitmap.GetPixelSpan();
        for (int row = 0; row < bitmap.Height; row++)
        for (int column = 0; column < bitmap.Width; column++)
        {
            var pixel = source.Slice(row * bitmap.RowBytes + 4 * column, 3);
            int i = (top + row) * shape.Width + left + column;
            if (shape.Channels == 3)
                pixel.CopyTo(target[(3 * i)..]);
            else
                target[i] = (byte)((pixel[0] * 19595 + pixel[1] * 38470 + pixel[2] * 7471 + 0x8000) >> 16); // ITU-R BT.601 in 16 bits
        }
    }
}
