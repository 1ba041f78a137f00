using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Data;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Cli.Inputs;

/// <summary>The arguments and options that say which images: data sets by name, folders and files.</summary>
internal sealed class ImageInputs(string allOrSome)
{
    private const int DataSetBlock = 1000;

    private static readonly string[] s_splits = ["test", "train", "validation"];

    private readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description =
            $"{DataSource.Name}, else an image file ({string.Join(", ", ImageFiles.Extensions)}), a folder of such files and of folders with more, or a folder with IDX files",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _split = Make.Choice(
        ["--split"],
        "Which images of a data set, or which of a folder's, as its training parted them",
        s_splits,
        "test; of a folder all"
    );
    private readonly Option<int?> _count = Make.Whole(
        ["--count", "-n"],
        "Only so many images of each data set or folder, the first",
        1,
        allOrSome
    );
    private readonly Option<string?> _fit = Fits.Option(
        "Image files of another size than the model's",
        "as the model was trained, else refuse"
    );
    private readonly Option<bool> _resize = Make.Flag("--resize", "The same as --fit stretch");
    private readonly Option<bool> _round = Make.Flag(
        "--round",
        "Round pixels to black and white first, as the article does for its scatter"
    );

    public Argument<string[]> Argument => _inputs;

    public IReadOnlyList<Option> All => [_split, _count, _fit, _resize, _round];

    /// <summary>The number of --count, or null.</summary>
    public int? Count(ParseResult parsed) => parsed.GetValue(_count);

    /// <summary>The first data set or folder of the inputs whose test images are meant; null where there is none.</summary>
    public string? NamesTestPart(ParseResult parsed) =>
        parsed.GetValue(_split) is var split && (split ?? s_splits[0]) == s_splits[0]
            ? parsed.GetRequiredValue(_inputs).FirstOrDefault(input => IsDataSet(input) || (split is not null && Directory.Exists(input)))
            : null;

    /// <summary>Reads the images, all into memory.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">What says the size, and how image files are brought to it.</param>
    /// <param name="terminal">Where a download and files that are left out are shown.</param>
    /// <exception cref="LatentException">There is no such input, its images have another shape, or none can be read.</exception>
    public InputImages Read(ParseResult parsed, Autoencoder model, Terminal terminal) =>
        InputImages.Join([.. Parts(parsed, model.ImageShape, FitOf(parsed, model), terminal, whole: true)]);

    /// <summary>The same as a stream of blocks of some hundred images: of a folder of any size one block is in memory.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">What says the size, and how image files are brought to it.</param>
    /// <param name="terminal">Where a download and files that are left out are shown.</param>
    /// <returns>At least one block; all have labels, of the same names, or none has.</returns>
    /// <exception cref="LatentException">There is no such input, its images have another shape, or none can be read.</exception>
    public IEnumerable<InputImages> Blocks(ParseResult parsed, Autoencoder model, Terminal terminal) =>
        Parts(parsed, model.ImageShape, FitOf(parsed, model), terminal, whole: false);

    /// <summary>How image files of another size are brought to the model's.</summary>
    public ImageFit FitOf(ParseResult parsed, Autoencoder model) =>
        Fits.Of(parsed.GetValue(_fit)) ?? (parsed.GetValue(_resize) ? ImageFit.Stretch : model.Info.Codec?.Fit ?? ImageFit.Refuse);

    private IEnumerable<InputImages> Parts(ParseResult parsed, Shape shape, ImageFit fit, Terminal terminal, bool whole)
    {
        bool rounds = parsed.GetValue(_round);
        string[] inputs = parsed.GetRequiredValue(_inputs);
        var groups = Group(inputs);
        string[]? labels = groups.TrueForAll(group => group.DataSet is null) ? FolderLabels(groups, terminal) : null;
        foreach (var group in groups)
        foreach (
            var part in group.DataSet is { } name
                ? OfDataSet(parsed, DataSource.Open(name, terminal), shape, whole)
                : OfFiles(group, parsed, shape, fit, labels, terminal)
        )
            yield return rounds ? part with { Images = part.Images.Rounded() } : part;
    }

    private static bool IsDataSet(string input) => DataSource.IsName(input) || (Directory.Exists(input) && Idx.IsFolder(input));

    /// <summary>Inputs one after the other: data sets, folders, and files that stand together.</summary>
    private static List<InputGroup> Group(string[] inputs)
    {
        var groups = new List<InputGroup>();
        foreach (string input in inputs)
        {
            if (IsDataSet(input))
                groups.Add(new(input, null, []));
            else if (Directory.Exists(input))
                groups.Add(new(null, input, []));
            else if (!File.Exists(input))
                throw NoSuchInput(input);
            else if (groups is [.., { DataSet: null, Folder: null } files])
                files.Files.Add(input);
            else
                groups.Add(new(null, null, [input]));
        }
        return groups;
    }

    private IEnumerable<InputImages> OfDataSet(ParseResult parsed, DataSet data, Shape shape, bool whole)
    {
        string split = parsed.GetValue(_split) ?? s_splits[0];
        var images = split switch
        {
            "train" => data.Train,
            "validation" => data.Validation
                ?? throw new LatentException(
                    $"The data set '{data.Name}' has no images to validate with of its own.",
                    "--split test or train",
                    "validation"
                ),
            _ => data.Test,
        };
        if (images.Shape != shape)
            throw new LatentException(
                $"The images of '{data.Name}' have another size than the model's.",
                $"{shape} (height, width, channels)",
                $"{images.Shape}",
                "give images of that size, or train a model on these"
            );
        images = parsed.GetValue(_count) is { } count ? images.Take(count) : images;
        int step = whole ? images.Count : DataSetBlock;
        for (int start = 0; start < images.Count; start += step)
        {
            var part = images.Slice(start, Math.Min(step, images.Count - start));
            int first = start;
            yield return new(
                part,
                [.. Enumerable.Range(0, part.Count).Select(i => $"{data.Name}-{split}-{first + i:D5}")],
                AreFiles: false
            );
        }
    }

    private IEnumerable<InputImages> OfFiles(
        InputGroup group,
        ParseResult parsed,
        Shape shape,
        ImageFit fit,
        string[]? labelNames,
        Terminal terminal
    )
    {
        if (group.Folder is not { } folder)
        {
            foreach (string[] some in group.Files.Chunk(DataSetBlock))
                yield return new(ImageFiles.Load(some, shape, fit), some, AreFiles: true)
                {
                    Places = [.. some.Select(file => Path.GetFileName(file))],
                };
            yield break;
        }
        var files = parsed.GetValue(_split) is { } split
            ? ImageFolder.Files(folder, ReadingOf(parsed, shape), Enum.Parse<FolderPart>(split, ignoreCase: true))
            : ImageFolder.Files(folder);
        if (parsed.GetValue(_count) is { } count)
            files = files.Take(count);
        // of several folders each name begins with its folder's
        string folderName = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            prefix = parsed.GetRequiredValue(_inputs).Count(Directory.Exists) > 1 ? folderName + "/" : "";
        var skipped = new List<SkippedFile>();
        bool any = false;
        foreach (var (images, read) in ImageFolder.Blocks(files, shape, fit, Skip, terminal.Stop))
        {
            any = true;
            byte[] labels = labelNames is null
                ? []
                : [.. read.Select(file => (byte)Array.BinarySearch(labelNames, file.Label ?? "", StringComparer.Ordinal))];
            var labelled = ImageSet.FromPixels(
                images.Pixels,
                images.Count,
                shape.Height,
                shape.Width,
                shape.Channels,
                labels,
                labelNames,
                folderName
            );
            yield return new(labelled, [.. read.Select(file => prefix + file.Name)], AreFiles: true);
        }
        if (!any)
            throw skipped.Count == 0
                ? ImageFolder.NoImages(folder)
                : new LatentException(
                    $"The folder '{folder}' has no image that can be read.",
                    "at least one",
                    ImageFolder.Reasons(skipped),
                    skipped.Exists(file => file.Reason.Contains('×', StringComparison.Ordinal)) && fit == ImageFit.Refuse
                        ? "say how images of another size are fitted: --fit crop"
                        : null
                );

        void Skip(SkippedFile file)
        {
            if (skipped.Count < 100) // as many as a message could want
                skipped.Add(file);
            terminal.Error.Writer.WriteLine($"skipped {file with { Name = prefix + file.Name }}");
        }
    }

    /// <summary>How the run that is used parted its folder; the usual parts for a model file alone.</summary>
    private static FolderReading ReadingOf(ParseResult parsed, Shape shape)
    {
        string model = parsed.GetRequiredValue<string>("RUN");
        return RunFolder.IsRun(model) && RunFolder.Open(model).ReadInfo().Data?.Folder is { } reading ? reading : new(shape);
    }

    /// <summary>The names of all folders' subfolders, which are their images' labels; null where there are none, or too many.</summary>
    private static string[]? FolderLabels(List<InputGroup> groups, Terminal terminal)
    {
        if (!groups.TrueForAll(group => group.Folder is not null))
            return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in groups)
        foreach (var file in ImageFolder.Files(group.Folder!))
            if (names.Add(file.Label ?? "") && names.Count > ImageSet.MostLabels)
            {
                terminal.Error.Writer.WriteLine(
                    $"warning: the images have no labels: there are more than the {ImageSet.MostLabels} subfolders that labels can be made of"
                );
                return null;
            }
        return names.Any(name => name.Length > 0) ? [.. names.Order(StringComparer.Ordinal)] : null;
    }

    private static LatentException NoSuchInput(string input)
    {
        string? nearest = Suggestion.Nearest(input, DataSets.Names);
        return new(
            $"There is no data set, file or folder '{input}'.",
            $"a data set's name ({string.Join(", ", DataSets.Names)}) or the path of an image file or a folder",
            fix: nearest is null ? "check the path from the folder you are in" : $"did you mean '{nearest}'?"
        );
    }

    private sealed record InputGroup(string? DataSet, string? Folder, List<string> Files);
}
