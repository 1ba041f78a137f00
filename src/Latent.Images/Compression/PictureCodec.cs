using System.Buffers.Binary;
using Latent.Networks;
using SkiaSharp;

namespace Latent.Images;

/// <summary>Images through Skia's encoders and back.</summary>
internal static class PictureCodec
{
    public static byte[] Encode(ReadOnlySpan<byte> pixels, Shape shape, PictureFormat format, int quality)
    {
        using var image = PixelImage.Create(pixels, shape);
        using var map = image.PeekPixels();
        using var data = format switch
        {
            PictureFormat.Jpeg => map.Encode(
                new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore)
            ),
            PictureFormat.WebP => map.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, quality)),
            _ => map.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 9)),
        };
        return data?.ToArray()
            ?? throw new LatentException(
                $"Images cannot be written as {format}.",
                "images of a size that the format has",
                $"{shape.Height:N0} × {shape.Width:N0} pixels"
            );
    }

    public static byte[] Decode(byte[] file, Shape shape) => ImageFiles.Read(file, shape);

    /// <summary>The bytes of a file that are neither header nor table: JPEG's scan, WebP's and PNG's chunks of image data.</summary>
    public static int Payload(ReadOnlySpan<byte> file, PictureFormat format) =>
        format switch
        {
            PictureFormat.Jpeg => JpegScan(file),
            PictureFormat.WebP => Chunks(file, 12, bigEndian: false, nameFirst: true, ["VP8 ", "VP8L", "ALPH"]),
            _ => Chunks(file, 8, bigEndian: true, nameFirst: false, ["IDAT"]),
        };

    private static int JpegScan(ReadOnlySpan<byte> file)
    {
        // segments from the start: a marker, and a length that counts itself
        for (int at = 2; at + 4 <= file.Length && file[at] == 0xFF; )
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (file[at + 1] == 0xDA)
                return Math.Max(0, file.Length - (at + 2 + length) - 2); // without the marker at the end
            at += 2 + length;
        }
        return file.Length;
    }

    private static int Chunks(ReadOnlySpan<byte> file, int at, bool bigEndian, bool nameFirst, string[] names)
    {
        int sum = 0;
        while (at + 8 <= file.Length)
        {
            var name = file.Slice(nameFirst ? at : at + 4, 4);
            var size = file.Slice(nameFirst ? at + 4 : at, 4);
            int length = bigEndian ? BinaryPrimitives.ReadInt32BigEndian(size) : BinaryPrimitives.ReadInt32LittleEndian(size);
            foreach (string wanted in names)
                if (name is [var a, var b, var c, var d] && a == wanted[0] && b == wanted[1] && c == wanted[2] && d == wanted[3])
                    sum += length;
            at += bigEndian ? 12 + length : 8 + length + (length & 1); // PNG's have a checksum, RIFF's are even
        }
        return sum;
    }
}
