using System.Text;
using System.Text.Json.Nodes;
using Latent.Analysis;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Images;
using Latent.Models;

namespace Latent.Cli.Compress;

/// <summary>Images on their way into an archive, a block at a time, and what is measured on the way.</summary>
internal sealed class Compression
{
    private const int MostPixels = 1 << 25; // bytes of a block's images, which wait for their reconstructions

    private readonly Autoencoder _model;
    private readonly CodeArchiveWriter _writer;
    private readonly int _bits;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<InputImages> _parts = [];
    private readonly List<string> _places = [];
    private long _nameBytes;
    private long _count,
        _originalBytes;
    private double _squares;

    /// <exception cref="LatentException">The model does not give images back.</exception>
    public Compression(Stream stream, Autoencoder model, int bits)
    {
        (_model, _bits) = (model, bits);
        _writer = new(stream, model, bits);
    }

    private double MeanSquaredError => _squares / 255 / 255 / _count / _model.ImageShape.Size;

    private double? Psnr => _squares > 0 ? 10 * Math.Log10(1 / MeanSquaredError) : null;

    /// <summary>Adds images.</summary>
    /// <param name="part">Some images.</param>
    /// <param name="bytes">How many bytes they have now.</param>
    public void Add(InputImages part, long bytes)
    {
        _originalBytes += bytes;
        string[] places = [.. part.Places.Select(place => place.Replace(Path.DirectorySeparatorChar, '/'))];
        foreach (string place in places)
            if (!_taken.Add(place))
                throw new LatentException(
                    $"Two images have the name '{place}'.",
                    "a name for each image",
                    fix: "give one folder with all of them in it: names are paths within it"
                );
        long nameBytes = places.Sum(place => (long)Encoding.UTF8.GetByteCount(place));
        if (_places.Count > 0 && !FitsToo(part, nameBytes))
            Flush();
        _parts.Add(part);
        _places.AddRange(places);
        _nameBytes += nameBytes;
    }

    /// <summary>Writes what is left.</summary>
    public void Finish()
    {
        Flush();
        _writer.Finish();
    }

    public void WriteText(string path, TextWriter output)
    {
        double each = (double)_writer.Bytes / _count;
        output.WriteLine(
            $"{_count:N0} {(_count == 1 ? "image" : "images")} in {Paths.Shown(path)}: {Numbers.Size(_writer.Bytes)}, {each:F1} bytes an image ({(double)_writer.CodeBytes / _count:F1} of them codes, {(double)_writer.NameBytes / _count:F1} names)"
        );
        output.WriteLine($"originals {Numbers.Size(_originalBytes)}, {_originalBytes / (double)_writer.Bytes:F1} times as much");
        output.WriteLine(
            $"what comes back: PSNR {(Psnr is { } psnr ? $"{psnr:F2} dB" : "infinite")}, mean squared error {Numbers.Loss(MeanSquaredError)}"
        );
    }

    public JsonObject ToJson(string path) =>
        new()
        {
            ["count"] = _count,
            ["bits"] = _bits,
            ["bytes"] = _writer.Bytes,
            ["bytes_per_image"] = (double)_writer.Bytes / _count,
            ["code_bytes_per_image"] = (double)_writer.CodeBytes / _count,
            ["name_bytes_per_image"] = (double)_writer.NameBytes / _count,
            ["original_bytes"] = _originalBytes,
            ["ratio"] = _originalBytes / (double)_writer.Bytes,
            ["mse"] = MeanSquaredError,
            ["psnr"] = Json.Number(Psnr),
            ["out"] = Path.GetFullPath(path),
        };

    private bool FitsToo(InputImages part, long nameBytes)
    {
        int count = _places.Count + part.Images.Count;
        return CodeArchiveWriter.IsOneBlock(count, _model.LatentSize, _nameBytes + nameBytes)
            && (long)count * _model.ImageShape.Size <= MostPixels;
    }

    /// <summary>A part may be too large for a block by itself: it is written in pieces.</summary>
    private void Flush()
    {
        if (_parts is [var only])
        {
            int most = only.Images.Count;
            while (!CodeArchiveWriter.IsOneBlock(most, _model.LatentSize, _nameBytes * most / only.Images.Count))
                most = (most + 1) / 2;
            for (int start = 0; start < only.Images.Count; start += most)
            {
                var images = only.Images.Slice(start, Math.Min(most, only.Images.Count - start));
                Measure(images, _writer.Write([.. _places.Skip(start).Take(images.Count)], _model.Encode(images)));
            }
        }
        else if (_parts.Count > 1)
        {
            float[] codes = _writer.Write(_places, [.. _parts.SelectMany(part => _model.Encode(part.Images))]);
            int at = 0;
            foreach (var part in _parts)
            {
                int size = part.Images.Count * _model.LatentSize;
                Measure(part.Images, codes.AsSpan(at, size));
                at += size;
            }
        }
        _parts.Clear();
        _places.Clear();
        _nameBytes = 0;
    }

    /// <summary>Adds up what the pictures that will be unpacked differ by.</summary>
    private void Measure(Data.ImageSet images, ReadOnlySpan<float> codes)
    {
        byte[] pixels = Pixels.ToBytes(_model.Decode(codes));
        var originals = images.Pixels;
        long squares = 0;
        for (int i = 0; i < pixels.Length; i++)
            squares += (pixels[i] - originals[i]) * (pixels[i] - originals[i]);
        _squares += squares;
        _count += images.Count;
    }
}
