using Latent.Data;

namespace Latent.Cli.Inputs;

/// <summary>Images to use, and a name for each.</summary>
/// <param name="Images">The images.</param>
/// <param name="Names">
/// The path of a file as it was typed, or its path within the folder that was typed, or a data set's name with the image's number.
/// </param>
/// <param name="AreFiles">Whether the names are paths of image files.</param>
internal sealed record InputImages(ImageSet Images, IReadOnlyList<string> Names, bool AreFiles)
{
    /// <summary>Where a picture of each belongs within a folder: the name of a file, with the folders it was found in.</summary>
    public IReadOnlyList<string> Places { get; init; } = Names;

    /// <summary>Several inputs of one shape as one. Labels stay where all of them have labels of the same names.</summary>
    public static InputImages Join(IReadOnlyList<InputImages> parts)
    {
        if (parts is [var only])
            return only;
        var shape = parts[0].Images.Shape;
        var names = parts[0].Images.LabelNames;
        bool labels = parts.All(part => part.Images.HasLabels && part.Images.LabelNames.SequenceEqual(names, StringComparer.Ordinal));
        int count = parts.Sum(part => part.Images.Count);
        if ((long)count * shape.Size > Array.MaxLength)
            throw new LatentException(
                "These are too many images at once.",
                $"at most {Array.MaxLength / shape.Size:N0} of {shape}",
                $"{count:N0}",
                "give one folder or data set after the other"
            );
        var pixels = new byte[count * shape.Size];
        int at = 0;
        foreach (var part in parts)
        {
            part.Images.Pixels.CopyTo(pixels.AsSpan(at));
            at += part.Images.Pixels.Length;
        }
        var images = ImageSet.FromPixels(
            pixels,
            count,
            shape.Height,
            shape.Width,
            shape.Channels,
            labels ? parts.SelectMany(part => part.Images.Labels.ToArray()).ToArray() : [],
            labels ? names : null,
            parts.All(part => part.Images.Name == parts[0].Images.Name) ? parts[0].Images.Name : "images"
        );
        return new(images, [.. parts.SelectMany(part => part.Names)], parts.All(part => part.AreFiles))
        {
            Places = [.. parts.SelectMany(part => part.Places)],
        };
    }
}
