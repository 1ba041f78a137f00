using System.CommandLine;
using Latent.Cli.Describe;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Parsing;
using Latent.Images;
using Latent.Training;

namespace Latent.Cli.Train;

/// <summary>latent train: trains a model and writes a run folder.</summary>
internal sealed class TrainCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "train";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Trains an autoencoder and writes a run folder: the model, its history, pictures and a report.";

    private readonly Argument<string?> _data = new("DATA")
    {
        Description =
            $"{DataSource.Name}, else a folder of image files, whose subfolders are labels, or a folder with IDX files; not needed with --resume",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _out = Make.Text(
        ["--out", "-o"],
        "The run folder to write (default runs/DATA-zN, with a number behind it where that exists)",
        "FOLDER"
    );
    private readonly Option<bool> _overwrite = Make.Flag("--overwrite", "Replace the run that lies in the folder of --out");
    private readonly Option<string?> _resume = Make.Text(
        ["--resume"],
        "Go on with the training of a run folder, however it ended: with the bits of one that was never interrupted. Its data and options are known; only --epochs or --steps may grow, where the schedule allows",
        "RUN"
    );
    private readonly Option<SaveEvery?> _saveEvery = Make.Of(
        ["--save-every"],
        "Save the state within an epoch after so many steps (500), seconds (30s) or minutes (5m), or off; at an epoch's end it always is (default 30s)",
        "N|Ns|Nm|off",
        SaveEvery.Parse,
        SaveEvery.Expected
    );
    private readonly Option<long?> _seed = Make.Seed(
        ["--seed", "-s"],
        "The same seed gives the same bits, with any number of threads",
        "0"
    );
    private readonly Option<int?> _threads = Make.Whole(["--threads", "-t"], "Threads to use; 0 is one per core", 0, "0");
    private readonly Toggle _figures = new("figures", "Draw the pictures and the report at the end", "yes");
    private readonly Toggle _snapshots = new(
        "snapshots",
        "Keep what the model makes of some test images after each epoch, for latent studio",
        "yes; --no-snapshots with --resume also removes them"
    );
    private readonly Option<bool> _json = Make.Flag(
        "--json",
        "One JSON document on standard output at the end; progress goes to standard error"
    );
    private readonly Option<string?> _init = Make.Text(
        ["--init"],
        "Start from the weights of a run folder or a model file, of Keras too (.keras, .h5)"
    );
    private readonly Option<bool> _initOptimizer = Make.Flag(
        "--init-optimizer",
        "With --init and a file of Keras: go on with its optimizer, its learning rate and its memory, in place of the recipe's"
    );
    private readonly Option<bool> _logSteps = Make.Flag(
        "--log-steps",
        "The loss of every step, into steps.csv in the run folder and into --json"
    );
    private readonly FolderOptions _folder = new();
    private readonly NetworkOptions _network = new();
    private readonly RecipeOptions _recipe = new();
    private readonly NoiseOptions _noise = new();

    public TrainCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_data);
        Add("Folder of image files", _folder.All);
        Add("Network", _network.All);
        Add("Recipe", [.. _recipe.Main, .. _recipe.End]);
        Add("Run", _out, _overwrite, _resume, _saveEvery, _figures, _snapshots, _seed, _threads, _json);
        Add("Noise and augmentation", _noise.All);
        Add("Optimizer", _recipe.Optimizer);
        Add("Schedule of the learning rate", _recipe.Schedule);
        Add("Reproducing and debugging", [_init, _initOptimizer, .. _recipe.Order, _logSteps]);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent train mnist", "The article's network with a code of 10 numbers, in seconds; into runs/mnist-z10."),
            new(
                "latent train mnist --latent 2 --recipe article --out runs/plane",
                "A code that can be drawn as a plane, trained as the article does."
            ),
            new(
                "latent train ./photos --size 64x64 --color --latent 32",
                "Your own images: every file in the folder and below it; a subfolder's name is a label."
            ),
            new("latent train --resume runs/mnist-z10", "Goes on where a training was stopped or killed, to the same end bit by bit."),
        ];

    public override string Notes =>
        "Ctrl-C, SIGTERM or a closed terminal end the training after the step it is in: the best model is kept, the pictures of what there is are drawn, and the exit code is 130. A second Ctrl-C ends the program at once. Whatever ended it, --resume goes on.";

    protected override int Run(ParseResult parsed)
    {
        var network = _network.In(parsed);
        string? data = parsed.GetValue(_data),
            resume = parsed.GetValue(_resume);
        // what cannot be meant does not depend on the size of the code, and is told before any file is read
        var problems = resume is null ? OptionsOf(parsed, network.LatentOrDefault, null).Problems : [];
        problems.AddRange(network.Problems());
        var folder = _folder.In(parsed);
        if (folder.Given.Count > 0 && resume is not null)
            problems.Add($"{folder.Given[0]} and --resume exclude each other: the run knows how its images were read");
        else if (folder.Given.Count > 0 && data is not null && !ImageFolder.IsMeant(data))
            problems.Add($"{folder.Given[0]} is for a folder of image files; '{data}' is none");
        if (data is null && resume is null)
            problems.Insert(0, "the argument DATA is missing");
        if (resume is not null)
            foreach (var option in (ReadOnlySpan<Option>)[_out, _overwrite, _init, _initOptimizer])
                if (parsed.GetResult(option) is { Implicit: false })
                    problems.Add(
                        $"{option.Name} and --resume exclude each other: the training goes on in its own folder, from its own weights"
                    );
        if (resume is null && parsed.GetValue(_overwrite) && parsed.GetValue(_out) is null)
            problems.Add("--overwrite needs --out: without it the folder is always a new one");
        if (parsed.GetValue(_initOptimizer))
        {
            if (parsed.GetValue(_init) is null && resume is null)
                problems.Add("--init-optimizer needs --init with a file of Keras");
            foreach (string name in Given(parsed, _recipe.Optimizer))
                problems.Add($"{name} and --init-optimizer exclude each other: the file says the optimizer");
        }
        if (problems.Count > 0)
            throw new CommandLineException("latent train", problems);
        var request = new TrainRequest(
            data,
            resume,
            folder,
            network,
            (latent, saved) => Checked(OptionsOf(parsed, latent, saved)),
            _recipe.SaysLength(parsed),
            parsed.GetValue(_init),
            parsed.GetValue(_initOptimizer),
            Given(parsed, _recipe.Schedule).Any(),
            parsed.GetValue(_out),
            parsed.GetValue(_overwrite),
            parsed.GetValue(_saveEvery),
            _figures.In(parsed) ?? true,
            _snapshots.In(parsed) ?? true,
            parsed.GetValue(_json)
        );
        return new TrainingSession(request, Terminal).Run();
    }

    private static IEnumerable<string> Given(ParseResult parsed, IReadOnlyList<Option> options) =>
        options.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name);

    private static TrainingOptions Checked((TrainingOptions Options, List<string> Problems) of) =>
        of.Problems.Count == 0 ? of.Options : throw new CommandLineException("latent train", of.Problems);

    private (TrainingOptions Options, List<string> Problems) OptionsOf(ParseResult parsed, int latent, TrainingOptions? saved)
    {
        var problems = new List<string>();
        var options = _noise.In(parsed, _recipe.In(parsed, latent, saved, problems));
        options = options with
        {
            Seed = parsed.GetValue(_seed) ?? saved?.Seed ?? 0,
            Threads = parsed.GetValue(_threads) ?? saved?.Threads ?? 0,
            LogSteps = parsed.GetValue(_logSteps) || saved?.LogSteps == true,
        };
        return (options, problems);
    }
}
