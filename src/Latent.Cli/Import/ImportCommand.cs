using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Data;
using Latent.Formats;
using Latent.Images;
using Latent.Models;
using Latent.Training;

namespace Latent.Cli.Import;

/// <summary>latent import: a model of Keras as a run folder or a model file, which every command opens.</summary>
internal sealed class ImportCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "import";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Makes a run of a model that Keras saved.";

    private readonly Argument<string> _file = new("FILE")
    {
        Description = "A model that Keras saved with model.save: .keras, or .h5 of Keras 2 or 3",
    };
    private readonly Option<string?> _code = Make.Text(
        ["--code"],
        "The layer whose output is the code; where it is not given, the narrowest one",
        "LAYER"
    );
    private readonly Option<string?> _data = Make.Text(
        ["--data"],
        "The data that it was trained on, which the run then knows: a data set's name, else a folder with image or IDX files; its loss on the test images is measured",
        "DATA"
    );
    private readonly Option<string?> _out = Make.Text(
        ["--out", "-o"],
        "The run folder to write, or a file ending in .safetensors (default runs/NAME, with a number behind it where that exists)",
        "FOLDER"
    );
    private readonly Option<bool> _overwrite = Make.Flag("--overwrite", "Replace the run that lies in the folder of --out");
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public ImportCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_file);
        Add("Model", _code, _data);
        Add("Output", _out, _overwrite, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent import model.keras", "An autoencoder, split where it is narrowest; into runs/model."),
            new(
                "latent import model.h5 --code bottleneck --data mnist --out runs/theirs",
                "Split behind a layer, with the data that belong to it."
            ),
        ];

    public override string Notes =>
        "Read are chains of layers, Functional or Sequential, nested or not. A lone encoder or decoder has no code to be split at: 'latent predict' takes it as it is. To train on with the optimizer in the file: latent train DATA --init FILE --init-optimizer.";

    protected override int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_file);
        string? target = parsed.GetValue(_out);
        bool isFile = Endings.Is(target, ".safetensors") && !Directory.Exists(target);
        if (parsed.GetValue(_overwrite) && (target is null || isFile))
            throw new CommandLineException("latent import", ["--overwrite needs --out with a folder"]);
        var keras = KerasModel.Open(path);
        var model = keras.ToAutoencoder(parsed.GetValue(_code));
        foreach (string note in keras.Notes)
            Terminal.Error.Writer.WriteLine($"note: {note}");
        string? source = parsed.GetValue(_data);
        var reading = source is not null && ImageFolder.IsMeant(source) ? new FolderReading(model.ImageShape) : null;
        var data = source is null ? null : DataSource.Open(source, Terminal, reading);
        if (reading is not null)
            model.Info = model.Info with { Codec = (model.Info.Codec ?? new()) with { Fit = reading.Fit } };
        Describe(model, path, data);
        string written = isFile ? target! : Folder(path, target, parsed.GetValue(_overwrite), model, data, source, reading).Path;
        if (isFile)
            model.Save(target!);
        Tell(keras, model, written, isFile, parsed.GetValue(_json));
        return ExitCode.Done;
    }

    private static void Describe(Autoencoder model, string path, DataSet? data)
    {
        if (data is null)
            return;
        if (data.Test.Shape != model.ImageShape)
            throw new LatentException(
                $"The images of '{data.Name}' have another size than the model in '{path}' takes.",
                $"{model.ImageShape} (height, width, channels)",
                $"{data.Test.Shape}",
                "give the data that it was trained on, or leave --data out"
            );
        model.Info = model.Info with
        {
            DataSet = data.Name,
            LabelNames = data.Test.LabelNames,
            ValLoss = model.GivesImages ? model.Evaluate(data.Test) : null,
            Loss = model.Info.Loss ?? "mse",
        };
    }

    private static RunFolder Folder(
        string path,
        string? target,
        bool overwrite,
        Autoencoder model,
        DataSet? data,
        string? source,
        FolderReading? reading
    )
    {
        var run = target is null
            ? RunFolder.CreateNext("runs", Path.GetFileNameWithoutExtension(path))
            : RunFolder.Create(target, overwrite);
        model.Save(run.ModelPath);
        int encoder = model.Weights.Layout.Parameters.Where(p => p.Layer < model.Encoder.Layers.Length).Sum(p => p.Count);
        run.WriteInfo(
            new()
            {
                LatentVersion = Root.Version,
                DotnetVersion = $"{Environment.Version}",
                Data = data is null
                    ? null
                    : RunRecorder.Describe(data, DataSource.IsName(source!) ? source : Path.GetFullPath(source!), reading),
                ImageShape = [model.ImageShape.Height, model.ImageShape.Width, model.ImageShape.Channels],
                LatentSize = model.LatentSize,
                EncoderParameters = encoder,
                DecoderParameters = model.Weights.Layout.Count - encoder,
                Options = new() { ["imported"] = Path.GetFileName(path) },
                Status = StopReason.Finished.Word,
                BestValLoss = model.Info.ValLoss,
            }
        );
        return run;
    }

    private void Tell(KerasModel keras, Autoencoder model, string written, bool isFile, bool json)
    {
        string code = model.Weights.Layout.LayerNames[model.Encoder.Layers.Length - 1]["encoder/".Length..];
        if (json)
            Json.Write(
                new()
                {
                    ["out"] = Path.GetFullPath(written),
                    ["keras_version"] = keras.KerasVersion,
                    ["image"] = Json.Of(model.ImageShape),
                    ["code_layer"] = code,
                    ["latent"] = model.LatentSize,
                    ["parameters"] = model.Weights.Layout.Count,
                    ["optimizer"] = keras.Optimizer?.Name,
                    ["optimizer_steps"] = keras.OptimizerState?.Steps,
                    ["val_loss"] = model.Info.ValLoss,
                    ["notes"] = new JsonArray([.. keras.Notes.Select(note => JsonValue.Create(note))]),
                },
                Terminal.Output.Writer
            );
        else
            Terminal.Output.Writer.WriteLine(
                $"{(isFile ? Paths.Shown(written) : Paths.Shown(written) + "/")}: {model.ImageShape} to a code of {model.LatentSize} behind '{code}', {model.Weights.Layout.Count:N0} parameters"
                    + (model.Info.ValLoss is { } loss ? $", val_loss {Numbers.Loss(loss)}" : "")
            );
    }
}
