using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Formats;
using Latent.Models;
using Latent.Training;

namespace Latent.Cli.Score;

/// <summary>latent score: how unlike its reconstruction each image is, and above which score it is unusual.</summary>
internal sealed class ScoreCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "score";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Scores images by how unlike their reconstructions they are, to find those unlike the training's.";

    private const int Shown = 10;

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly ImageInputs _inputs = new("all");
    private static readonly string[] s_kinds = ["error", "combined"];

    private readonly Option<string?> _kind = Make.Choice(
        ["--score"],
        "What a score is: the mean squared error of the reconstruction; or the error of the blurred reconstruction in relation to the image, times the root of how far the code is from those of the training images",
        s_kinds,
        "the model's, else error"
    );
    private readonly Option<string?> _normal = Make.Text(
        ["--normal"],
        "The labels of normal images: the others are anomalies, and it is measured how well the scores tell them apart",
        "LABEL,…"
    );
    private readonly Option<ThresholdChoice?> _threshold = Make.Of(
        ["--threshold"],
        "Above it an image is unusual: the score that so many per cent of the normal images stay below (percentile:99), that of the highest F1 (f1, with --normal), or a number; not chosen by a data set's test images (default the model's)",
        "percentile:P|f1|X",
        ThresholdChoice.Parse,
        ThresholdChoice.Expected
    );
    private readonly Option<bool> _save = Make.Flag(
        "--save",
        "Keep threshold and score in the model's file, for later calls and for what is exported"
    );
    private readonly Option<string?> _out = Make.Text(
        ["--out", "-o"],
        "A .csv file for the scores (default: CSV on standard output; on a terminal a table of the highest)"
    );
    private readonly Option<string?> _heatMaps = Make.Text(
        ["--heat-maps"],
        "The error of each pixel over the picture: a folder for a PNG of each image, or a .png or .svg file for one figure of the highest scores",
        "FOLDER|FILE"
    );
    private readonly Option<int?> _worst = Make.Whole(["--worst"], "How many images the table and the figure show", 1, $"{Shown}", 1000);
    private readonly Option<string?> _pixels = Make.Text(
        ["--pixels"],
        "A .npy file for the errors of all pixels, (n, height, width); their mean is the image's mean squared error"
    );
    private readonly Option<bool> _json = Make.Flag(
        "--json",
        "One JSON document on standard output; with each image's score where there is no --out"
    );

    public ScoreCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Arguments.Add(_inputs.Argument);
        Add("Images", [.. _inputs.All, _normal]);
        Add("Score", _kind);
        Add("Threshold", _threshold, _save);
        Add("Output", _out, _heatMaps, _worst, _pixels, _json);
    }

    public override string Notes =>
        "The error is the mean squared difference of an image and its reconstruction, pixels from 0 to 1. The combined score often tells more, most of all of a model trained with strong noise; where the codes of normal images lie is measured by the run's training images and kept with --save. AUROC and average precision are those of scikit-learn; F1max is the highest F1 of any threshold, precision@n the share of anomalies among the n highest scores, n being the number of anomalies (of equal scores at the cut each counts with the share of them that is among the n).";

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent score runs/mnist-z10 scans/ --out scores.csv", "The score of each image of a folder."),
            new(
                "latent score runs/mnist-z10 good/ --threshold percentile:99 --save",
                "Of images that are as they should be, 1 in 100 is above."
            ),
            new("latent score runs/mnist-z10 mnist --heat-maps worst.png", "Where the ten worst reconstructions err."),
            new("latent score runs/threes mnist --normal 3 --json", "How well the scores tell threes from all other digits."),
        ];

    protected override int Run(ParseResult parsed)
    {
        string? path = parsed.GetValue(_out),
            heatMaps = parsed.GetValue(_heatMaps),
            pixels = parsed.GetValue(_pixels);
        Endings.Check("latent score", "--out", path, ".csv");
        Endings.Check("latent score", "--pixels", pixels, ".npy");
        Endings.CheckOrFolder("latent score", "--heat-maps", heatMaps, ".png", ".svg");
        var choice = parsed.GetValue(_threshold);
        Check(parsed, choice);
        string model = parsed.GetRequiredValue(_model);
        bool keras = KerasModel.IsKeras(model);
        if (keras && parsed.GetValue(_save))
            throw new LatentException(
                "A file of Keras has no place for a threshold.",
                "a run folder, or a model file of Latent",
                $"'{model}'",
                "import it first: latent import FILE"
            );

        var autoencoder = ModelArgument.Open(model);
        autoencoder.RequireImages();
        var settings = WithScore(parsed, model, autoencoder);
        int worst = parsed.GetValue(_worst) ?? Shown;
        Terminal.TakeSignals();
        var scored = new ScoredImages(heatMaps is null ? worst : Math.Max(worst, HeatMaps.ScaledBy));
        if (pixels is null)
            Score(parsed, autoencoder, settings, scored, null);
        else
            AtomicFile.Write(pixels, stream => Score(parsed, autoencoder, settings, scored, stream));
        bool[]? unusual = parsed.GetValue(_normal) is { } normal ? NormalLabels.Unusual(scored, normal) : null;
        scored.Threshold = choice?.Of(scored.Scores, unusual) ?? settings.Threshold;
        scored.Separation = unusual is null ? null : Separation.Of(unusual, scored.Scores);

        string? saved = parsed.GetValue(_save) ? Save(model, settings with { Threshold = scored.Threshold }) : null;
        if (path is not null)
            AtomicFile.WriteText(path, Text(scored));
        if (heatMaps is not null)
        {
            var maps = new HeatMaps(autoencoder, scored, heatMaps);
            if (HeatMaps.IsFigure(heatMaps))
                maps.Figure(worst);
            else
                maps.Files(_inputs.Blocks(parsed, autoencoder, Terminal with { Error = new(TextWriter.Null) })); // what is left out has been told
        }
        var files = new Written(path, heatMaps, pixels, saved);
        if (parsed.GetValue(_json))
            Json.Write(Document(scored, settings, choice, files), Terminal.Output.Writer);
        else
            Write(scored, files, worst);
        return ExitCode.Done;
    }

    /// <summary>
    /// The model's settings with the score that is asked for. A threshold of another score is none of this one; where normal codes lie is
    /// measured by the run's own training images if the file does not know.
    /// </summary>
    private CodecSettings WithScore(ParseResult parsed, string path, Autoencoder model)
    {
        var settings = model.Info.Codec ?? new();
        var kind = parsed.GetValue(_kind) switch
        {
            "error" => ScoreKind.Error,
            "combined" => ScoreKind.Combined,
            _ => settings.Score,
        };
        if (kind != settings.Score)
            settings = settings with { Score = kind, Threshold = null };
        return kind == ScoreKind.Error || settings.Spread is not null
            ? settings
            : settings with
            {
                Spread = CodeSpread.Of(model, DataSource.Of(path, null, Terminal).Train),
            };
    }

    /// <summary>The files that were written.</summary>
    private sealed record Written(string? Scores, string? HeatMaps, string? Pixels, string? Model);

    private void Check(ParseResult parsed, ThresholdChoice? choice)
    {
        var problems = new List<string>();
        if (parsed.GetValue(_save) && choice is null && parsed.GetValue(_kind) is null)
            problems.Add("--save needs --threshold or --score: they say what to keep");
        if (choice is { NeedsKinds: true } && parsed.GetValue(_normal) is null)
            problems.Add("--threshold f1 needs --normal LABEL,…: it must be known which images are anomalies");
        if (problems.Count > 0)
            throw new CommandLineException("latent score", problems);
        if (choice is { NeedsScores: true } && _inputs.NamesTestPart(parsed) is { } data)
            throw new LatentException(
                "A threshold must not be chosen by the images that it is tested with.",
                "images of your own, or another part of the data set",
                $"the test images of '{data}'",
                $"choose it by others and test it then: --split train --threshold {choice} --save, and a second call without these three"
            );
    }

    private static string Save(string model, CodecSettings settings)
    {
        if (Directory.Exists(model) && RunFolder.IsRun(model))
        {
            var run = RunFolder.Open(model);
            run.SaveSettings(settings);
            return run.ModelPath;
        }
        ModelFile.SaveSettings(model, settings);
        return Directory.Exists(model) ? Path.Combine(model, ModelFile.FileName) : model;
    }

    private static string Text(ScoredImages scored)
    {
        using var writer = new StringWriter();
        scored.WriteCsv(writer);
        return writer.ToString();
    }

    /// <summary>Scores block by block, so that a folder of any size fits.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model.</param>
    /// <param name="settings">What a score is.</param>
    /// <param name="scored">Receives the scores.</param>
    /// <param name="pixels">Receives the errors of all pixels; null for nothing.</param>
    private void Score(ParseResult parsed, Autoencoder model, CodecSettings settings, ScoredImages scored, Stream? pixels)
    {
        var shape = model.ImageShape;
        var rows = pixels is null ? null : new NpyRows(pixels, shape.Height, shape.Width);
        foreach (var block in _inputs.Blocks(parsed, model, Terminal))
        {
            Terminal.Stop.ThrowIfCancellationRequested();
            scored.Add(block, model.Scores(block.Images, settings));
            rows?.Write(HeatMaps.Errors(block.Images, model.Reconstruct(block.Images)));
        }
        scored.End();
        rows?.End();
    }

    private void Write(ScoredImages scored, Written files, int worst)
    {
        bool csv = files.Scores is null && Terminal.Output.Live is null;
        if (csv)
            scored.WriteCsv(Terminal.Output.Writer);
        else
            Terminal.Output.Writer.WriteLine(scored.WorstTable(worst));
        // behind the CSV nothing may follow on standard output
        var writer = csv ? Terminal.Error.Writer : Terminal.Output.Writer;
        foreach (string line in Lines(scored, files))
            writer.WriteLine(line);
    }

    private static IEnumerable<string> Lines(ScoredImages scored, Written files)
    {
        double[] scores = scored.Scores;
        yield return $"{Numbers.Count(scores.Length, "image")}, mean score {Numbers.Loss(scores.Average())}"
            + (scored.Threshold is { } threshold ? $"; {scored.Above:N0} above the threshold {Numbers.Loss(threshold)}" : "");
        if (scored.Separation is { } kinds)
        {
            yield return $"normal {kinds.Normal:N0}, anomalies {kinds.Unusual:N0}: AUROC {kinds.Auroc:F4}, average precision {kinds.AveragePrecision:F4}, F1max {kinds.F1:F4} above {Numbers.Loss(kinds.F1Threshold)}, precision@{kinds.Unusual} {kinds.Precision:F4}";
        }
        if (files.Model is { } model)
            yield return $"kept in {Paths.Shown(model)}";
        if (files.Scores is { } path)
            yield return $"scores in {Paths.Shown(path)}";
        if (files.HeatMaps is { } maps)
            yield return $"heat maps in {Paths.Shown(maps)}";
        if (files.Pixels is { } pixels)
            yield return $"errors of all pixels in {Paths.Shown(pixels)}";
    }

    private static JsonObject Document(ScoredImages scored, CodecSettings settings, ThresholdChoice? choice, Written files)
    {
        var document = new JsonObject
        {
            ["count"] = scored.Scores.Length,
            ["score"] = settings.Score == ScoreKind.Error ? s_kinds[0] : s_kinds[1],
            ["mean"] = Json.Number(scored.Scores.Average()),
            ["threshold"] = Json.Number(scored.Threshold),
            ["threshold_from"] =
                choice is not null ? choice.ToString()
                : scored.Threshold is null ? null
                : "model",
            ["above"] = scored.Threshold is null ? null : scored.Above,
        };
        if (scored.Separation is { } kinds)
        {
            document["normal"] = kinds.Normal;
            document["anomalies"] = kinds.Unusual;
            document["auroc"] = Json.Number(kinds.Auroc);
            document["average_precision"] = Json.Number(kinds.AveragePrecision);
            document["f1_max"] = Json.Number(kinds.F1);
            document["f1_max_threshold"] = Json.Number(kinds.F1Threshold);
            document["precision_at_n"] = Json.Number(kinds.Precision);
        }
        Add("saved_in", files.Model);
        Add("out", files.Scores);
        Add("heat_maps", files.HeatMaps);
        Add("pixels", files.Pixels);
        if (files.Scores is null)
            document["images"] = new JsonArray([.. Enumerable.Range(0, scored.Scores.Length).Select(Image)]);
        return document;

        void Add(string key, string? path)
        {
            if (path is not null)
                document[key] = Path.GetFullPath(path);
        }

        JsonObject Image(int i)
        {
            var image = new JsonObject { ["name"] = scored.Names[i] };
            if (scored.Label(i) is { } label)
                image["label"] = label;
            image["score"] = Json.Number(scored.Scores[i]);
            if (scored.Threshold is { } threshold)
                image["unusual"] = scored.Scores[i] > threshold;
            return image;
        }
    }
}
