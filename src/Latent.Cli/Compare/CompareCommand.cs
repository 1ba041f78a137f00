using System.CommandLine;
using System.Globalization;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Data;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Cli.Compare;

/// <summary>latent compare: codes beside principal components and image files, by bytes and by what is left of the images.</summary>
internal sealed class CompareCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "compare";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Compares codes with PCA, JPEG and WebP: bytes an image, PSNR, SSIM.";

    private const string DefaultOut = "rate-distortion.png";
    private const int DefaultCount = 1000;

    private static readonly int[] s_sizes = [4, 10, 32];

    private readonly Argument<string[]> _what = new("DATA|RUN")
    {
        Description =
            $"{DataSource.Name} or a folder, for which models are trained quickly where --run names none; or run folders, which are compared on their own data",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string[]> _runs = new("--run")
    {
        Description = "A run of the data; may be given several times",
        HelpName = "RUN",
    };
    private readonly Option<int[]?> _sizes = Make.Of<int[]>(
        ["--latent"],
        $"Sizes of the codes of the models to train, with commas between (default {string.Join(',', s_sizes)})",
        "N,N,...",
        text => Sizes(text),
        "whole numbers from 1 to 4096 with commas between, each once"
    );
    private readonly Option<long?> _seed = Make.Seed(["--seed"], "For the models to train", "0");
    private readonly Option<int?> _count = Make.Whole(["--count", "-n"], "So many test images, the first", 1, $"{DefaultCount}");
    private readonly Option<string?> _out = Make.Text(["--out", "-o"], $"The figure, .png or .svg (default {DefaultOut})");
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public CompareCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_what);
        Add("Models", _runs, _sizes, _seed);
        Add("Output", _count, _out, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent compare runs/mnist-z10", $"A run on its own test images: a table, and {DefaultOut}."),
            new("latent compare mnist", "Trains three models first, some seconds each, and keeps none of them."),
            new("latent compare mnist --run runs/mnist-z10 --run runs/mnist-z32 -n 10000", "Two runs, all test images."),
        ];

    public override string Notes =>
        "A file for each small image is mostly header: 'payload' leaves headers out, and 'one file' has all images side by side in a single picture. "
        + "The model and the principal components are known to both sides and are not counted.";

    protected override int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_out) ?? DefaultOut;
        Endings.Check("latent compare", "--out", path, ".png", ".svg");
        string[] what = parsed.GetRequiredValue(_what);
        string[] named = parsed.GetValue(_runs) ?? [];
        bool areRuns = !DataSource.IsName(what[0]) && (File.Exists(what[0]) || RunFolder.IsRun(what[0]));
        if (!areRuns && what.Length > 1)
            throw new CommandLineException("latent compare", [$"one argument too many: '{what[1]}'; name runs by --run"]);
        string[] runs = areRuns ? [.. what, .. named] : named;
        if (runs.Length > 0 && (parsed.GetValue(_sizes) is { Length: > 0 } || parsed.GetValue(_seed) is not null))
            throw new CommandLineException("latent compare", ["--latent and --seed are for models to train, and runs are given"]);
        var data = areRuns ? DataSource.Of(what[0], null, Terminal) : DataSource.Open(what[0], Terminal);
        PictureCheck(data);
        Autoencoder[] models =
            runs.Length > 0
                ? [.. runs.Select(run => Open(run, data))]
                : Train(data, parsed.GetValue(_sizes) is { Length: > 0 } sizes ? sizes : s_sizes, parsed.GetValue(_seed) ?? 0);
        var comparison = new Comparison(data, data.Test.Take(parsed.GetValue(_count) ?? DefaultCount), models);
        comparison.Draw(path);
        if (parsed.GetValue(_json))
            Json.Write(comparison.ToJson(path), Terminal.Output.Writer);
        else
            comparison.WriteText(path, Terminal.Output.Writer);
        return ExitCode.Done;
    }

    private static void PictureCheck(DataSet data)
    {
        if (data.Test.Shape is { IsVector: true } or { Channels: not (1 or 3) })
            throw new LatentException(
                $"'{data.Name}' are no images that a file can hold.",
                "height × width × 1 (grey) or × 3 (colour)",
                $"{data.Test.Shape}"
            );
    }

    private static Autoencoder Open(string run, DataSet data)
    {
        var model = ModelArgument.Open(run);
        model.RequireImages();
        return model.ImageShape == data.Test.Shape
            ? model
            : throw new LatentException(
                $"The images of '{data.Name}' have another size than those of '{run}'.",
                $"{model.ImageShape} (height, width, channels)",
                $"{data.Test.Shape}",
                "compare runs of the same data"
            );
    }

    /// <summary>The article's network with the recipe fast, for each size.</summary>
    private Autoencoder[] Train(DataSet data, int[] sizes, long seed)
    {
        var models = new List<Autoencoder>();
        Terminal.TakeSignals();
        foreach (int size in sizes)
        {
            Terminal.Error.Writer.WriteLine($"training a model with codes of {Numbers.Count(size, "number")}");
            var model = new Autoencoder(Article.Encoder(size, data.Train.Shape), Article.Decoder(size, data.Train.Shape), seed);
            Trainer.Fit(model, data.Train, data.Test, Recipes.Fast(size) with { Seed = seed }, cancellation: Terminal.Stop);
            Terminal.Stop.ThrowIfCancellationRequested();
            models.Add(model);
        }
        Terminal.LeaveSignals();
        return [.. models];
    }

    private static int[]? Sizes(string text)
    {
        var sizes = new List<int>();
        foreach (string word in text.Split(','))
        {
            if (
                !int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
                || size is < 1 or > 4096
                || sizes.Contains(size)
            )
                return null;
            sizes.Add(size);
        }
        return [.. sizes];
    }
}
