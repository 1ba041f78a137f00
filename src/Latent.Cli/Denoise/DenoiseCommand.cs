using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Cli.Train;
using Latent.Data;
using Latent.Engine;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Cli.Denoise;

/// <summary>latent denoise: noisy images in, clean ones out; or a comparison on clean images that are made noisy first.</summary>
internal sealed class DenoiseCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "denoise";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose =
        "Removes noise from images, with a model that was trained with --noise, and compares it with two filters.";

    private const string DefaultOut = "denoised.png";
    private const int Drawn = 10;
    private const string OwnNoise = "model";

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly ImageInputs _inputs = new($"all; a picture shows the first {Drawn}");
    private readonly Option<string?> _noise = Make.Text(
        ["--noise"],
        $"The images are clean: add this noise first, and measure. As in latent train (gaussian:0.4), or '{OwnNoise}': the noise that the model was trained with (default none: the images are noisy already)",
        $"KIND:X|{OwnNoise}"
    );
    private readonly Option<long?> _seed = Make.Seed(["--seed", "-s"], "What the noise is drawn from", "0");
    private readonly Option<string?> _out = Make.Text(
        ["--out", "-o"],
        $"A folder: a PNG for each denoised image, under its name; a .png or .svg file: the images before and after as one picture (of a single image file: the denoised one alone, as .png) (default {DefaultOut})",
        "FILE|FOLDER"
    );
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public DenoiseCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Arguments.Add(_inputs.Argument);
        Add("Images", _inputs.All);
        Add("Comparison", _noise, _seed);
        Add("Output", _out, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent denoise runs/denoiser scans/ --out clean/", "The images of a folder, which are noisy, into another folder."),
            new(
                "latent denoise runs/denoiser mnist --noise gaussian:0.4",
                $"Clean test images with noise: PSNR and SSIM beside a median and a bilateral filter, and a picture, {DefaultOut}."
            ),
            new(
                "latent denoise runs/denoiser mnist --noise model --count 1000 --json",
                "The noise of the training, the numbers for a program."
            ),
        ];

    public override string Notes =>
        $"The two filters have the settings with the highest PSNR on 200 training images with the same kind of noise, of a grid: {Baselines.Grid}. The images that are measured have no part in it.";

    protected override int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_out) ?? DefaultOut,
            run = parsed.GetRequiredValue(_model);
        Endings.CheckOrFolder("latent denoise", "--out", path, ".png", ".svg");
        string? asked = parsed.GetValue(_noise);
        var noise = asked is null or OwnNoise ? null : NoiseOptions.Parse("latent denoise", asked);
        if (asked is null && parsed.GetValue(_seed) is not null)
            throw new CommandLineException("latent denoise", ["--seed needs --noise: without it nothing is drawn"]);
        var model = ModelArgument.Open(run);
        model.RequireImages();
        if (asked == OwnNoise)
            noise =
                model.Info.Noise
                ?? throw new LatentException(
                    $"The model in '{run}' was not trained with a noise.",
                    "a model of latent train … --noise",
                    fix: "say the noise: --noise gaussian:0.4"
                );
        if (model.Info.Noise is null)
            Terminal.Error.Writer.WriteLine(
                "warning: the model was trained without noise, so it has learned to remove none: latent train DATA --noise gaussian:0.4"
            );
        long seed = parsed.GetValue(_seed) ?? 0;
        return noise is null ? Clean(parsed, model, path) : Compare(parsed, model, run, noise, seed, path);
    }

    /// <summary>Noisy images to clean ones.</summary>
    private int Clean(ParseResult parsed, Autoencoder model, string path)
    {
        var shape = model.ImageShape;
        var images = new ImagesOut(shape, path);
        bool picture = IsPicture(path);
        var rows = new Rows(shape, DrawnOf(parsed));
        int count = 0;
        bool single = false;
        foreach (var block in _inputs.Blocks(parsed, model, Terminal))
        {
            float[] denoised = model.Reconstruct(block.Images);
            single = count == 0 && block is { AreFiles: true, Images.Count: 1 };
            count += block.Images.Count;
            if (!picture)
                images.Write(denoised, block.Places);
            else
            {
                rows.Add("noisy", block.Images.ToFloats());
                rows.Add("denoised", denoised);
            }
        }
        if (picture && single && Endings.Is(path, ".png"))
            images.Write(rows.Of("denoised"), ["denoised"]);
        else if (picture)
            rows.Figure("Denoised images", Trained(model), _ => null).Save(path);
        if (parsed.GetValue(_json))
            Json.Write(
                new()
                {
                    ["count"] = count,
                    ["trained_noise"] = model.Info.Noise?.Spec,
                    ["out"] = Path.GetFullPath(path),
                },
                Terminal.Output.Writer
            );
        else
            Terminal.Output.Writer.WriteLine($"{Numbers.Count(count, "image")} denoised, written to {Paths.Shown(path)}");
        return ExitCode.Done;
    }

    /// <summary>Clean images with noise, and how near several ways come to them again.</summary>
    private int Compare(ParseResult parsed, Autoencoder model, string run, InputNoise noise, long seed, string path)
    {
        var shape = model.ImageShape;
        var images = new ImagesOut(shape, path);
        bool picture = IsPicture(path);
        var rows = new Rows(shape, DrawnOf(parsed));
        var filters = Baselines.Choose(TrainingImages(run, model), noise, seed);
        var quality = new Dictionary<string, Quality>(StringComparer.Ordinal);
        int count = 0;
        foreach (var block in _inputs.Blocks(parsed, model, Terminal))
        {
            var noisy = noise.Apply(block.Images, seed, count);
            float[] clean = block.Images.ToFloats(),
                input = noisy.Numbers.ToArray(),
                denoised = model.Reconstruct(noisy);
            Add("noisy", input);
            Add(filters.MedianName, filters.Median(input, shape));
            Add(filters.BilateralName, filters.Bilateral(input, shape));
            Add("denoised", denoised);
            rows.Add("clean", clean);
            if (!picture)
                images.Write(denoised, block.Places);
            count += block.Images.Count;

            void Add(string name, float[] result)
            {
                quality[name] = quality.GetValueOrDefault(name, Quality.None).Plus(Quality.Of(result, clean, shape));
                rows.Add(name, result);
            }
        }
        if (picture)
            rows.Figure(
                    $"Images with the noise {noise.Spec}, and denoised",
                    $"{Trained(model)}; PSNR and SSIM are means over {Numbers.Count(count, "image")}",
                    name => quality.TryGetValue(name, out var q) ? q.InWords : null
                )
                .Save(path);
        if (parsed.GetValue(_json))
            Json.Write(Document(), Terminal.Output.Writer);
        else
            Write();
        return ExitCode.Done;

        void Write()
        {
            var writer = Terminal.Output.Writer;
            writer.Write(TextTable.Of(["", "mse", "psnr", "ssim"], quality.Select(q => (string[])[q.Key, .. q.Value.Cells])));
            writer.WriteLine($"means over {Numbers.Count(count, "image")} with the noise {noise.Spec}; psnr in decibels");
            writer.WriteLine(
                filters.ChosenOn is { } on
                    ? $"the filters' settings are the best of the grid for {on}"
                    : "the filters have usual settings: there are no training images to choose them on"
            );
            if (model.Info.Noise is { } trained && trained != noise)
                writer.WriteLine($"note: the model was trained with the noise {trained.Spec}");
            writer.WriteLine($"written to {Paths.Shown(path)}");
        }

        JsonObject Document()
        {
            JsonObject median = quality[filters.MedianName].ToJson(),
                bilateral = quality[filters.BilateralName].ToJson();
            median["radius"] = filters.Radius;
            (bilateral["spatial_deviation"], bilateral["range_deviation"]) = (filters.Spatial, filters.Range);
            return new()
            {
                ["count"] = count,
                ["noise"] = noise.Spec,
                ["seed"] = seed,
                ["trained_noise"] = model.Info.Noise?.Spec,
                ["noisy"] = quality["noisy"].ToJson(),
                ["median"] = median,
                ["bilateral"] = bilateral,
                ["denoised"] = quality["denoised"].ToJson(),
                ["filters_chosen_on"] = filters.ChosenOn,
                ["out"] = Path.GetFullPath(path),
            };
        }
    }

    /// <summary>The training images of the run, or of the data set that the model names; null where there are none of these.</summary>
    private ImageSet? TrainingImages(string run, Autoencoder model)
    {
        DataSet? data = null;
        try
        {
            if (Directory.Exists(run) && RunFolder.Open(run).ReadInfo().Data is not null)
                data = DataSource.Of(run, null, Terminal);
            else if (model.Info.DataSet is { } name && DataSource.IsName(name))
                data = DataSource.Open(name, Terminal);
        }
        catch (LatentException)
        {
            // the data are elsewhere now: the filters get usual settings, and the output says so
        }
        return data?.Train.Shape == model.ImageShape ? data.Train : null;
    }

    private int DrawnOf(ParseResult parsed) => Math.Min(_inputs.Count(parsed) ?? Drawn, Drawn);

    private static bool IsPicture(string path) => Endings.Is(path, ".png") || Endings.Is(path, ".svg");

    private static string Trained(Autoencoder model) =>
        model.Info.Noise is { } noise ? $"The model was trained with the noise {noise.Spec}" : "The model was trained without noise";

    /// <summary>The first images of each kind, for a figure.</summary>
    private sealed class Rows(Shape shape, int most)
    {
        private readonly Dictionary<string, List<float>> _rows = new(StringComparer.Ordinal);

        public void Add(string name, float[] images)
        {
            if (!_rows.TryGetValue(name, out var row))
                _rows[name] = row = [];
            row.AddRange(images.AsSpan(0, Math.Min(images.Length, most * shape.Size - row.Count)));
        }

        public float[] Of(string name) => [.. _rows[name]];

        public Figure Figure(string title, string subtitle, Func<string, string?> note) =>
            Figures.ImageRows(
                title,
                subtitle,
                shape,
                [.. _rows.Select(row => new ImageRow(row.Key, [.. row.Value]) { Note = note(row.Key) })]
            );
    }
}
