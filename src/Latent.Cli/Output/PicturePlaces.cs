namespace Latent.Cli.Output;

/// <summary>Where pictures made of images go within a folder: the image's own place with the ending .png, no two the same.</summary>
internal sealed class PicturePlaces
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The place for the picture of the next image, with a number where it is taken: by a file that differs in its ending, or of the same name from another folder.</summary>
    /// <param name="place">The image's file with the folders it was found in.</param>
    public string Of(string place)
    {
        string stem = Path.ChangeExtension(place, null),
            free = stem;
        for (int n = 2; !_taken.Add(free); n++)
            free = $"{stem}-{n}";
        return free + ".png";
    }
}
