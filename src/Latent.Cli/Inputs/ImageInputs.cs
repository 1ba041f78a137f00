using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Data;
using Latent.Images;
using Latent.Networks;

namespace Latent.Cli.Inputs;

/// <summary>The arguments and options that say which images: data sets by name, folders and files.</summary>
internal sealed class ImageInputs(string allOrSome)
{
    private static readonly string[] s_splits = ["test", "train"];

    private readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description =
            $"{DataSource.Name}, else an image file ({string.Join(", ", ImageFiles.Extensions)}), a folder of such files, or a folder with IDX files",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _split = Make.Choice(["--split"], "Which images of a data set", s_splits, s_splits[0]);
    private readonly Option<int?> _count = Make.Whole(["--count", "-n"], "Only so many images of each data set, the first", 1, allOrSome);
    private readonly Option<bool> _resize = Make.Flag(
        "--resize",
        "Scale image files of another size than the model's; else they are refused"
    );
    private readonly Option<bool> _round = Make.Flag(
        "--round",
        "Round pixels to black and white first, as the article does for its scatter"
    );

    public Argument<string[]> Argument => _inputs;

    public IReadOnlyList<Option> All => [_split, _count, _resize, _round];

    /// <summary>The number of --count, or null.</summary>
    public int? Count(ParseResult parsed) => parsed.GetValue(_count);

    /// <summary>The first data set of the inputs whose test images are meant; null where there is none.</summary>
    public string? NamesTestPart(ParseResult parsed) =>
        (parsed.GetValue(_split) ?? s_splits[0]) == s_splits[0] ? parsed.GetRequiredValue(_inputs).FirstOrDefault(IsDataSet) : null;

    /// <summary>Reads the images.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="shape">What the model takes.</param>
    /// <param name="terminal">Where a download is shown.</param>
    /// <exception cref="LatentException">There is no such input, or its images have another shape.</exception>
    public InputImages Read(ParseResult parsed, Shape shape, Terminal terminal)
    {
        var parts = new List<InputImages>();
        var files = new List<string>();
        foreach (string input in parsed.GetRequiredValue(_inputs))
        {
            if (IsDataSet(input))
            {
                Flush();
                parts.Add(OfDataSet(parsed, DataSource.Open(input, terminal), shape));
            }
            else
                files.AddRange(FilesOf(input));
        }
        Flush();
        var all = InputImages.Join(parts);
        return parsed.GetValue(_round) ? all with { Images = all.Images.Rounded() } : all;

        void Flush()
        {
            if (files.Count > 0)
                parts.Add(new(ImageFiles.Load(files, shape, parsed.GetValue(_resize)), [.. files], AreFiles: true));
            files.Clear();
        }
    }

    private static bool IsDataSet(string input) => DataSource.IsName(input) || (Directory.Exists(input) && Idx.IsFolder(input));

    private InputImages OfDataSet(ParseResult parsed, DataSet data, Shape shape)
    {
        string split = parsed.GetValue(_split) ?? s_splits[0];
        var images = split == "train" ? data.Train : data.Test;
        if (images.Shape != shape)
            throw new LatentException(
                $"The images of '{data.Name}' have another size than the model's.",
                $"{shape} (height, width, channels)",
                $"{images.Shape}",
                "give images of that size, or train a model on these"
            );
        images = parsed.GetValue(_count) is { } count ? images.Take(count) : images;
        return new(images, [.. Enumerable.Range(0, images.Count).Select(i => $"{data.Name}-{split}-{i:D5}")], AreFiles: false);
    }

    private static string[] FilesOf(string input)
    {
        if (Directory.Exists(input))
        {
            string[] images = [.. Directory.EnumerateFiles(input).Where(ImageFiles.HasImageExtension).Order(StringComparer.Ordinal)];
            return images.Length > 0
                ? images
                : throw new LatentException(
                    $"The folder '{input}' has no images.",
                    $"files ending in {string.Join(", ", ImageFiles.Extensions)}, or the four IDX files of a data set",
                    Directory.EnumerateFileSystemEntries(input).Any() ? "other files only" : "an empty folder"
                );
        }
        if (File.Exists(input))
            return [input];
        string? nearest = Suggestion.Nearest(input, DataSets.Names);
        throw new LatentException(
            $"There is no data set, file or folder '{input}'.",
            $"a data set's name ({string.Join(", ", DataSets.Names)}) or the path of an image file or a folder",
            fix: nearest is null ? "check the path from the folder you are in" : $"did you mean '{nearest}'?"
        );
    }
}
