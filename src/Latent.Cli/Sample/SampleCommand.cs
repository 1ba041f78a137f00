using System.CommandLine;
using System.Globalization;
using Latent.Analysis;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Data;
using Latent.Models;

namespace Latent.Cli.Sample;

/// <summary>latent sample: new images from codes that are drawn.</summary>
internal sealed class SampleCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "sample";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Draws codes, decodes them, and says how near the images are to the data.";

    private const string DefaultOut = "samples.png";
    private const int DefaultCount = 100;

    private static readonly string[] s_sources = ["uniform", "gaussian", "gmm"];

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<int?> _count = Make.Whole(["--count", "-n"], "How many", 1, $"{DefaultCount}", maximum: 1_000_000);
    private readonly Option<string?> _from = Make.Choice(
        ["--from"],
        "Where the codes come from: evenly from the box that holds the training codes, from a normal distribution, or from a mixture of such",
        s_sources,
        "gmm"
    );
    private readonly Option<long?> _seed = Make.Seed(["--seed"], "The same seed gives the same images", "0");
    private readonly Option<int?> _components = Make.Of<int?>(
        ["--components"],
        "Fit the mixture anew, of so many components (1 to 100), or of as many as codes that are held out want (default the model's own, 10)",
        "N|auto",
        text =>
            text == "auto" ? 0
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 1 and <= 100 ? n
            : null,
        "a whole number from 1 to 100, or auto"
    );
    private readonly Option<string?> _data = Make.Text(
        ["--data"],
        "The data that the run was trained on, where it does not say so itself: a name, else a folder",
        "DATA"
    );
    private readonly Option<string?> _out = Make.Text(
        ["--out", "-o"],
        $"A .png or .svg file: the samples, each with the nearest training image beside it; a folder: a PNG for each; a .npy file: all numbers, (n, height, width, channels) (default {DefaultOut})",
        "FILE|FOLDER"
    );
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public SampleCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Add("Codes", _count, _from, _seed, _components);
        Add("Output", _out, _data, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent sample runs/mnist-z10", $"100 digits that nobody wrote, into {DefaultOut}."),
            new("latent sample runs/mnist-z2 --from uniform --seed 7 --out even.png", "Codes from a box, as the article's grid."),
            new("latent sample runs/mnist-z10 -n 1000 --out samples.npy", "For NumPy."),
        ];

    public override string Notes =>
        "Nearest means in pixel space. A sample is far from the data where no training image is as near as one is to 99 % of the test images.";

    protected override int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_out) ?? DefaultOut;
        Endings.CheckOrFolder("latent sample", "--out", path, ".png", ".svg", ".npy");
        string run = parsed.GetRequiredValue(_model);
        var model = ModelArgument.Open(run);
        model.RequireImages();
        var data = Data(run, parsed.GetValue(_data), model);
        var codes = Codes(run, model, data, parsed.GetValue(_components));
        var source = (CodeSource)Array.IndexOf(s_sources, parsed.GetValue(_from) ?? "gmm");
        var sampling = new Sampling(model, data, codes, source, parsed.GetValue(_count) ?? DefaultCount, parsed.GetValue(_seed) ?? 0);
        sampling.Save(path);
        if (parsed.GetValue(_json))
            Json.Write(sampling.ToJson(s_sources[(int)source], path), Terminal.Output.Writer);
        else
            sampling.WriteText(path, Terminal.Output.Writer);
        return ExitCode.Done;
    }

    /// <summary>The run's data; null where nothing says which they are and the model needs none.</summary>
    private DataSet? Data(string run, string? other, Autoencoder model)
    {
        if (File.Exists(run) && other is null && model.Info.Codes is not null)
            return null;
        var data = DataSource.Of(run, other, Terminal);
        if (data.Train.Shape != model.ImageShape)
            throw new LatentException(
                $"The images of '{data.Name}' have another size than the model's.",
                $"{model.ImageShape} (height, width, channels)",
                $"{data.Train.Shape}"
            );
        return data;
    }

    private static CodeDistribution Codes(string run, Autoencoder model, DataSet? data, int? components)
    {
        if (model.Info.Codes is { } kept && components is null)
            return kept;
        if (data is null)
            throw new LatentException(
                $"The mixture of '{run}' cannot be fitted without the data that it was trained on.",
                fix: "name them: --data mnist, or --data FOLDER"
            );
        return CodeSampling.Fit(model, data.Train, components is { } n ? new() { Components = n } : null);
    }
}
