using System.Text;
using Latent.Cli.Describe;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Data;
using Latent.Images;
using Latent.Models;
using Latent.Training;

namespace Latent.Cli.Train;

/// <summary>One training from a request to its run folder, its pictures and its summary.</summary>
internal sealed class TrainingSession(TrainRequest request, Terminal terminal)
{
    /// <summary>The file of the steps' losses in a run folder.</summary>
    public const string StepsFile = "steps.csv";

    private readonly TextStream _progress = request.AsJson ? terminal.Error : terminal.Output;

    public int Run()
    {
        var data = DataSource.Open(request.Data, terminal);
        long seed = request.OptionsFor(request.Network.LatentOrDefault).Seed;
        var model = Model(data, seed);
        IProgressView view = _progress.Live is { } console ? new LiveProgress(console) : new LineProgress(_progress.Writer);
        var options = request.OptionsFor(model.LatentSize) with { OnWarning = message => view.Say($"warning: {message}") };
        options.Validate(); // before a folder is made
        var run = Folder(data, model);
        var source = new RunData(data.Name, Source(), data.Checksum, data.Train.Count, data.Test.Count);
        options = options with { Callbacks = [.. options.Callbacks, new RunRecorder(run, source)] };

        view.Say(Title(data, model, options, run));
        terminal.TakeSignals();
        var result = view.Watch(progress => model.Fit(data.Train, data.Test, options, progress, terminal.Stop));
        if (options.LogSteps)
            WriteSteps(run, result.StepLosses);
        bool hasModel = File.Exists(run.ModelPath); // a training that diverged at once has none
        bool figures = request.Figures && hasModel;
        if (result.Stopped == StopReason.Cancelled)
            view.Say(
                result.BestEpoch > 0
                    ? $"stopped: the model of epoch {result.BestEpoch} is kept{(figures ? "; drawing its pictures" : "")}"
                    : "stopped before the first epoch ended: the weights so far are kept"
            );
        if (figures)
            RunFigures.Draw(run, model, data);
        if (hasModel || request.AsJson)
            Finish(new TrainingReport(data, model, options, run, result, figures, request.Data));
        return result.Stopped switch
        {
            StopReason.Cancelled => ExitCode.Stopped,
            StopReason.NotANumber => Diverged(),
            _ => ExitCode.Done,
        };
    }

    private Autoencoder Model(DataSet data, long seed)
    {
        var network = request.Network;
        if (request.Init is not { } file)
            return new(network.Encoder(data.Train.Shape), network.Decoder(data.Train.Shape), seed);
        var model = Autoencoder.Open(file);
        network.RequireOf(model, file);
        if (model.ImageShape != data.Train.Shape)
            throw new LatentException(
                $"The weights in '{file}' are for other images.",
                $"{data.Train.Shape}, as '{data.Name}' has them",
                $"{model.ImageShape}"
            );
        return model;
    }

    private RunFolder Folder(DataSet data, Autoencoder model) =>
        request.Out is { } path
            ? RunFolder.Create(path, request.Overwrite)
            : RunFolder.CreateNext("runs", $"{data.Name}-z{model.LatentSize}");

    /// <summary>What opens the data again from any folder: a name as it is, a path in full.</summary>
    private string Source() =>
        DataSets.Names.Contains(request.Data, StringComparer.OrdinalIgnoreCase) ? request.Data : Path.GetFullPath(request.Data);

    private string Title(DataSet data, Autoencoder model, TrainingOptions options, RunFolder run)
    {
        string path = Paths.Shown(run.Path);
        return _progress.Live is null
            ? $"run={path} data={data.Name} images={data.Train.Count} latent={model.LatentSize} parameters={model.Weights.Layout.Count} recipe={options.RecipeName} seed={options.Seed}"
            : $"{data.Name}: {data.Train.Count:N0} images, a code of {model.LatentSize}, {model.Weights.Layout.Count:N0} parameters, recipe {options.RecipeName}, into {path}";
    }

    private void Finish(TrainingReport report)
    {
        if (request.AsJson)
            Json.Write(report.ToJson(), terminal.Output.Writer);
        else if (terminal.Output.Live is not null)
            report.WriteText(terminal.Output.Writer);
        else
            report.WriteLine(terminal.Output.Writer);
    }

    private int Diverged()
    {
        Failure.Report(
            "The loss is no number any more: the training diverged.\nFix: a lower --learning-rate, or a longer --warm-up",
            terminal
        );
        return ExitCode.Failed;
    }

    private static void WriteSteps(RunFolder run, IReadOnlyList<double> losses)
    {
        var text = new StringBuilder("step,loss\n");
        for (int i = 0; i < losses.Count; i++)
            text.Append($"{i + 1},{losses[i]:R}\n");
        AtomicFile.WriteText(Path.Combine(run.Path, StepsFile), text.ToString());
    }
}
