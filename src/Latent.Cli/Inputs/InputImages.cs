using Latent.Data;

namespace Latent.Cli.Inputs;

/// <summary>Images to use, and a name for each.</summary>
/// <param name="Images">The images.</param>
/// <param name="Names">The path of a file, or a data set's name with the image's number.</param>
/// <param name="AreFiles">Whether the names are paths of image files.</param>
internal sealed record InputImages(ImageSet Images, IReadOnlyList<string> Names, bool AreFiles)
{
    /// <summary>Some of them, in the order given.</summary>
    public InputImages Pick(IReadOnlyList<int> rows)
    {
        var shape = Images.Shape;
        var pixels = new byte[rows.Count * shape.Size];
        for (int i = 0; i < rows.Count; i++)
            Images.Image(rows[i]).CopyTo(pixels.AsSpan(i * shape.Size));
        byte[] labels = Images.HasLabels ? [.. rows.Select(row => Images.Labels[row])] : [];
        var images = ImageSet.FromPixels(
            pixels,
            rows.Count,
            shape.Height,
            shape.Width,
            shape.Channels,
            labels,
            Images.HasLabels ? Images.LabelNames : null,
            Images.Name
        );
        return new(images, [.. rows.Select(row => Names[row])], AreFiles);
    }

    /// <summary>Several inputs of one shape as one. Labels stay where all of them have labels of the same names.</summary>
    public static InputImages Join(IReadOnlyList<InputImages> parts)
    {
        if (parts is [var only])
            return only;
        var shape = parts[0].Images.Shape;
        var names = parts[0].Images.LabelNames;
        bool labels = parts.All(part => part.Images.HasLabels && part.Images.LabelNames.SequenceEqual(names, StringComparer.Ordinal));
        var images = ImageSet.FromPixels(
            parts.SelectMany(part => part.Images.Pixels.ToArray()).ToArray(),
            parts.Sum(part => part.Images.Count),
            shape.Height,
            shape.Width,
            shape.Channels,
            labels ? parts.SelectMany(part => part.Images.Labels.ToArray()).ToArray() : [],
            labels ? names : null
        );
        return new(images, [.. parts.SelectMany(part => part.Names)], parts.All(part => part.AreFiles));
    }
}
