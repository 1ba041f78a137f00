using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Data;

namespace Latent.Cli.Bench;

/// <summary>latent bench one-class: train on one label, test on all.</summary>
internal sealed class OneClassCommand : LatentCommand
{
    private const int DefaultSeeds = 3;
    private const int DefaultEpochs = 10;
    private const string Command = "latent bench one-class";

    /// <summary>What others report for MNIST, per cent: one-class Deep SVDD (Ruff et al., 2018), as a program that repeats it quotes it; and its baseline, not confirmed.</summary>
    private static readonly (string Name, double[] Auroc)[] s_reported =
    [
        ("Deep SVDD, as reported", [98.0, 99.7, 91.7, 91.9, 94.9, 88.5, 98.3, 94.6, 93.9, 96.5]),
        ("deep autoencoder, unconfirmed", [97.6, 98.3, 85.4, 86.7, 86.5, 78.2, 94.6, 92.3, 86.5, 90.4]),
    ];

    private readonly Argument<string> _data = new("DATA") { Description = $"{DataSource.Name} with labels, else a folder" };
    private readonly Option<int?> _seeds = Make.Whole(
        ["--seeds"],
        "Models for each label, of which the mean is told",
        1,
        $"{DefaultSeeds}",
        100
    );
    private readonly Option<int?> _epochs = Make.Whole(["--epochs", "-e"], "Epochs of each training", 1, $"{DefaultEpochs}");
    private readonly Option<string?> _labels = Make.Text(
        ["--labels", "--digits"],
        "Only these labels, with commas between (default all)",
        "LABEL,…"
    );
    private readonly Toggle _baselines = new("baselines", "Also principal components and the nearest training images", "yes");
    private readonly Option<int?> _threads = Make.Whole(["--threads", "-t"], "Threads to use; 0 is one per core", 0, "0");
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output; progress goes to standard error");

    public OneClassCommand(Terminal terminal)
        : base("one-class", "Trains on one label at a time and tells by score which test images are of another.", terminal)
    {
        Arguments.Add(_data);
        Add("What to measure", [_labels, _seeds, _epochs, _baselines]);
        Add("Output", _threads, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent bench one-class mnist", "All ten digits, three seeds, with baselines."),
            new("latent bench one-class mnist --digits 2,5,8 --seeds 1 --no-baselines", "The three hardest, once."),
        ];

    public override string Notes =>
        $"Protocol: for each label an autoencoder (the article's, {OneClassBench.Latent} numbers in the code, Gaussian noise of {OneClassBench.Noise} on its input) is trained on all training images of that label and on nothing else, for a fixed number of epochs: no validation, no early stopping. Its scores of all test images are held against their labels: the area under the curve (AUROC), others being anomalies. Network, score and epochs were chosen by training images alone, the same for all labels.";

    protected override int Run(ParseResult parsed)
    {
        var data = DataSource.Open(parsed.GetRequiredValue(_data), Terminal);
        int[] labels = Labels(data, parsed.GetValue(_labels));
        int seeds = parsed.GetValue(_seeds) ?? DefaultSeeds,
            epochs = parsed.GetValue(_epochs) ?? DefaultEpochs;
        bool json = parsed.GetValue(_json);
        var bench = new OneClassBench(data, labels);
        Terminal.TakeSignals();
        long start = TimeProvider.System.GetTimestamp();
        List<OneClassRow> rows = [.. bench.Models(seeds, epochs, parsed.GetValue(_threads) ?? 0, Say, Terminal.Stop)];
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        if (_baselines.In(parsed) ?? true)
            rows.AddRange(bench.Baselines(Say, Terminal.Stop));
        var names = labels.Select(label => data.Train.LabelNames[label]).ToList();
        (string Name, double[] Auroc)[] reported =
            data.Name == "mnist" ? [.. s_reported.Select(row => (row.Name, (double[])[.. labels.Select(label => row.Auroc[label])]))] : [];
        if (json)
            Json.Write(Document(data, names, seeds, epochs, rows, reported, seconds), Terminal.Output.Writer);
        else
            Write(data, names, seeds, epochs, rows, reported, seconds);
        return ExitCode.Done;

        void Say(string line) => Terminal.Error.Writer.WriteLine(line);
    }

    private static int[] Labels(DataSet data, string? some)
    {
        if (!data.Train.HasLabels || !data.Test.HasLabels)
            throw new LatentException(
                $"'{data.Name}' has no labels, of which one would be normal.",
                "training and test images with labels"
            );
        var names = data.Train.LabelNames.ToList();
        byte[] train = data.Train.Labels.ToArray(),
            test = data.Test.Labels.ToArray();
        int[] labels = some is null
            ? [.. Enumerable.Range(0, names.Count)]
            :
            [
                .. some.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(name =>
                        names.IndexOf(name) is >= 0 and var label
                            ? label
                            : throw new LatentException(
                                $"'{data.Name}' has no label '{name}'.",
                                string.Join(", ", names),
                                fix: Suggestion.Nearest(name, names) is { } nearest ? $"did you mean '{nearest}'?" : null
                            )
                    )
                    .Distinct(),
            ];
        foreach (int label in labels)
            if (train.Count(l => l == label) < 2 || !test.Contains((byte)label) || test.All(l => l == label))
                throw new LatentException(
                    $"The label '{names[label]}' of '{data.Name}' cannot be told from others.",
                    "at least two training images of it, and test images of it and of others",
                    $"{train.Count(l => l == label)} training images, {test.Count(l => l == label)} of {test.Length} test images",
                    "leave it out: --labels LABEL,…"
                );
        return labels.Length > 0
            ? labels
            : throw new CommandLineException(Command, [$"--labels expects at least one label. Received: '{some}'"]);
    }

    private void Write(
        DataSet data,
        List<string> names,
        int seeds,
        int epochs,
        List<OneClassRow> rows,
        (string Name, double[] Auroc)[] reported,
        double seconds
    )
    {
        var writer = Terminal.Output.Writer;
        writer.Write(
            TextTable.Of(
                ["AUROC, per cent", .. names, "mean"],
                [
                    .. rows.Select(row => Row(row.Name, [.. row.Means.Select(mean => 100 * mean)])),
                    .. reported.Select(row => Row(row.Name, row.Auroc)),
                ]
            )
        );
        writer.WriteLine();
        writer.WriteLine($"{data.Name}, {Numbers.Count(seeds, "seed")}, {Numbers.Count(epochs, "epoch")}, {seconds:F0} s for the models");
        foreach (string line in Wrapping.Wrap(Notes, Terminal.Width))
            writer.WriteLine(line);

        static string[] Row(string name, double[] values) => [name, .. values.Select(value => $"{value:F1}"), $"{values.Average():F2}"];
    }

    private JsonObject Document(
        DataSet data,
        List<string> names,
        int seeds,
        int epochs,
        List<OneClassRow> rows,
        (string Name, double[] Auroc)[] reported,
        double seconds
    ) =>
        new()
        {
            ["data"] = data.Name,
            ["protocol"] = Notes,
            ["labels"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]),
            ["seeds"] = seeds,
            ["epochs"] = epochs,
            ["seconds"] = Json.Number(seconds),
            ["measured"] = new JsonArray([
                .. rows.Select(row => new JsonObject
                {
                    ["name"] = row.Name,
                    ["auroc"] = Array(row.Means),
                    ["mean"] = Json.Number(row.Means.Average()),
                    ["by_seed"] = new JsonArray([.. row.Auroc.Select(Array)]),
                }),
            ]),
            ["reported"] = new JsonArray([
                .. reported.Select(row => new JsonObject
                {
                    ["name"] = row.Name,
                    ["auroc"] = Array([.. row.Auroc.Select(value => value / 100)]),
                    ["mean"] = Json.Number(row.Auroc.Average() / 100),
                }),
            ]),
        };

    private static JsonArray Array(double[] values) => new([.. values.Select(value => Json.Number(value))]);
}
