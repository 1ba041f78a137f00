using System.CommandLine;
using Latent.Cli.Describe;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Parsing;
using Latent.Training;

namespace Latent.Cli.Train;

/// <summary>latent train: trains a model and writes a run folder.</summary>
internal sealed class TrainCommand : LatentCommand
{
    private readonly Argument<string> _data = new("DATA") { Description = $"{DataSource.Name}, else a folder with IDX files" };

    private readonly Option<string?> _out = Make.Text(
        ["--out", "-o"],
        "The run folder to write (default runs/DATA-zN, with a number behind it where that exists)",
        "FOLDER"
    );
    private readonly Option<bool> _overwrite = Make.Flag("--overwrite", "Replace the run that lies in the folder of --out");
    private readonly Option<long?> _seed = Make.Seed(
        ["--seed", "-s"],
        "The same seed gives the same bits, with any number of threads",
        "0"
    );
    private readonly Option<int?> _threads = Make.Whole(["--threads", "-t"], "Threads to use; 0 is one per core", 0, "0");
    private readonly Toggle _figures = new("figures", "Draw the pictures and the report at the end", "yes");
    private readonly Option<bool> _json = Make.Flag(
        "--json",
        "One JSON document on standard output at the end; progress goes to standard error"
    );
    private readonly Option<string?> _init = Make.Text(["--init"], "Start from the weights of a run folder or a model file");
    private readonly Option<bool> _logSteps = Make.Flag(
        "--log-steps",
        "The loss of every step, into steps.csv in the run folder and into --json"
    );
    private readonly NetworkOptions _network = new();
    private readonly RecipeOptions _recipe = new();

    public TrainCommand(Terminal terminal)
        : base("train", "Trains an autoencoder and writes a run folder: the model, its history, pictures and a report.", terminal)
    {
        Arguments.Add(_data);
        Add("Network", _network.All);
        Add("Recipe", [.. _recipe.Main, .. _recipe.End]);
        Add("Run", _out, _overwrite, _figures, _seed, _threads, _json);
        Add("Optimizer", _recipe.Optimizer);
        Add("Schedule of the learning rate", _recipe.Schedule);
        Add("Reproducing and debugging", [_init, .. _recipe.Order, _logSteps]);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent train mnist", "The article's network with a code of 10 numbers, in seconds; into runs/mnist-z10."),
            new(
                "latent train mnist --latent 2 --recipe article --out runs/plane",
                "A code that can be drawn as a plane, trained as the article does."
            ),
            new(
                "latent train mnist --optimizer adam --learning-rate 2e-3 --schedule cosine --epochs 10",
                "Options of your own in place of the recipe's."
            ),
        ];

    public override string Notes =>
        "Ctrl-C ends the training after the step it is in: the best model is kept, the pictures of what there is are drawn, and the exit code is 130. A second Ctrl-C ends the program at once.";

    protected override int Run(ParseResult parsed)
    {
        var network = _network.In(parsed);
        // what cannot be meant does not depend on the size of the code, and is told before any file is read
        var (_, problems) = OptionsOf(parsed, network.LatentOrDefault);
        if (parsed.GetValue(_overwrite) && parsed.GetValue(_out) is null)
            problems.Add("--overwrite needs --out: without it the folder is always a new one");
        if (problems.Count > 0)
            throw new CommandLineException("latent train", problems);
        var request = new TrainRequest(
            parsed.GetRequiredValue(_data),
            network,
            latent => OptionsOf(parsed, latent).Options,
            parsed.GetValue(_init),
            parsed.GetValue(_out),
            parsed.GetValue(_overwrite),
            _figures.In(parsed) ?? true,
            parsed.GetValue(_json)
        );
        return new TrainingSession(request, Terminal).Run();
    }

    private (TrainingOptions Options, List<string> Problems) OptionsOf(ParseResult parsed, int latent)
    {
        var problems = new List<string>();
        var options = _recipe.In(parsed, latent, problems) with
        {
            Seed = parsed.GetValue(_seed) ?? 0,
            Threads = parsed.GetValue(_threads) ?? 0,
            LogSteps = parsed.GetValue(_logSteps),
        };
        return (options, problems);
    }
}
