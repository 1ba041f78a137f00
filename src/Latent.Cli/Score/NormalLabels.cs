namespace Latent.Cli.Score;

/// <summary>Which images are normal, by their labels.</summary>
internal static class NormalLabels
{
    /// <summary>Whether each image has another label than the normal ones.</summary>
    /// <param name="images">Images with labels.</param>
    /// <param name="normal">Names of labels, with commas between them.</param>
    /// <exception cref="LatentException">There are no labels, a name is none of them, or the images are all of one kind.</exception>
    public static bool[] Unusual(ScoredImages images, string normal)
    {
        if (images.Labels.Count == 0)
            throw new LatentException(
                "The images have no labels to be normal.",
                "a data set with labels, or a folder with a folder of images for each label",
                "images without",
                "leave out --normal"
            );
        string[] names = normal.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var labels = new HashSet<int>();
        foreach (string name in names)
        {
            int label = images.LabelNames.ToList().IndexOf(name);
            if (label < 0)
                throw new LatentException(
                    $"The images have no label '{name}'.",
                    string.Join(", ", images.LabelNames),
                    $"'{normal}'",
                    Suggestion.Nearest(name, images.LabelNames) is { } nearest ? $"did you mean '{nearest}'?" : null
                );
            labels.Add(label);
        }
        bool[] unusual = [.. images.Labels.Select(label => !labels.Contains(label))];
        return unusual.Contains(true) && unusual.Contains(false)
            ? unusual
            : throw new LatentException(
                "There is nothing to tell apart.",
                "normal images and others",
                $"{unusual.Length:N0} {(unusual.Contains(true) ? "others" : "normal ones")} only, with --normal '{normal}'",
                "give more images, or other labels"
            );
    }
}
