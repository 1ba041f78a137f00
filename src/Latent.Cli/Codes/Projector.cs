using System.Globalization;
using System.Text;
using Latent.Cli.Inputs;
using Latent.Data;
using Latent.Images;
using Latent.Networks;

namespace Latent.Cli.Codes;

/// <summary>
/// A folder that TensorFlow's Embedding Projector opens: vectors.tsv, metadata.tsv, sprite.png with a small picture of each image, and
/// projector_config.pbtxt, by which TensorBoard finds the three. It holds the first 10,000 codes: more than that the projector does not draw well.
/// </summary>
internal sealed class Projector(string folder, Shape shape) : ICodeWriter
{
    public const int Most = 10_000;

    private const int MostSpriteSide = 8192; // what the projector takes

    private readonly StringBuilder _vectors = new(),
        _metadata = new();
    private readonly List<byte[]> _pictures = [];

    public void Write(InputImages block, ReadOnlyMemory<float> codes)
    {
        var images = block.Images;
        int latent = codes.Length / images.Count;
        if (_pictures.Count == 0)
            _metadata.Append(images.HasLabels ? "name\tlabel\n" : ""); // a single column has no header
        for (int i = 0; i < images.Count && _pictures.Count < Most; i++)
        {
            for (int z = 0; z < latent; z++)
                _vectors.Append(z == 0 ? "" : "\t").Append(CultureInfo.InvariantCulture, $"{codes.Span[i * latent + z]:R}");
            _vectors.Append('\n');
            _metadata.Append(Field(block.Names[i]));
            if (images.HasLabels)
                _metadata.Append('\t').Append(Field(images.LabelNames[images.Labels[i]]));
            _metadata.Append('\n');
            _pictures.Add(images.Image(i).ToArray());
        }
    }

    public void End()
    {
        int across = (int)Math.Ceiling(Math.Sqrt(_pictures.Count)),
            shrink = 1;
        while (across * (Math.Max(shape.Height, shape.Width) / shrink) > MostSpriteSide)
            shrink++;
        var small = new Shape(Math.Max(1, shape.Height / shrink), Math.Max(1, shape.Width / shrink), shape.Channels);
        AtomicFile.WriteText(Path.Combine(folder, "vectors.tsv"), _vectors.ToString());
        AtomicFile.WriteText(Path.Combine(folder, "metadata.tsv"), _metadata.ToString());
        ImageFiles.Save(Path.Combine(folder, "sprite.png"), Sprite(across, small, shrink, out var sprite), sprite);
        AtomicFile.WriteText(
            Path.Combine(folder, "projector_config.pbtxt"),
            $$"""
            embeddings {
              tensor_name: "codes"
              tensor_path: "vectors.tsv"
              metadata_path: "metadata.tsv"
              sprite {
                image_path: "sprite.png"
                single_image_dim: {{small.Width}}
                single_image_dim: {{small.Height}}
              }
            }

            """
        );
    }

    private byte[] Sprite(int across, Shape small, int shrink, out Shape sprite)
    {
        sprite = new(across * small.Height, across * small.Width, shape.Channels);
        var pixels = new byte[sprite.Size];
        for (int i = 0; i < _pictures.Count; i++)
        {
            int top = i / across * small.Height,
                left = i % across * small.Width;
            for (int y = 0; y < small.Height; y++)
            for (int x = 0; x < small.Width; x++)
            for (int c = 0; c < shape.Channels; c++)
                pixels[((top + y) * sprite.Width + left + x) * shape.Channels + c] = Mean(_pictures[i], y * shrink, x * shrink, c, shrink);
        }
        return pixels;
    }

    private byte Mean(byte[] image, int top, int left, int channel, int size)
    {
        int sum = 0;
        for (int y = top; y < top + size; y++)
        for (int x = left; x < left + size; x++)
            sum += image[(y * shape.Width + x) * shape.Channels + channel];
        return (byte)((sum + size * size / 2) / (size * size));
    }

    private static string Field(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}
