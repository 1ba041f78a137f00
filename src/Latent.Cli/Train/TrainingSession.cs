using System.Text;
using Latent.Analysis;
using Latent.Cli.Describe;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Data;
using Latent.Engine;
using Latent.Formats;
using Latent.Images;
using Latent.Models;
using Latent.Training;

namespace Latent.Cli.Train;

/// <summary>One training from a request to its run folder, its pictures and its summary.</summary>
internal sealed class TrainingSession(TrainRequest request, Terminal terminal)
{
    private const int BlankImages = 8;
    private const int LeastSteps = 1000;

    private readonly TextStream _progress = request.AsJson ? terminal.Error : terminal.Output;
    private OptimizerState? _memory; // that the training begins with

    public int Run() => request.Resume is { } run ? Resume(run) : Start(request.Data!);

    private int Start(string name)
    {
        _ = Task.Run(CompileKernels);
        var start = request.Init is { } file ? Initial(file) : null;
        var reading = ImageFolder.IsMeant(name) ? request.Folder.Reading(start) : null;
        var data = DataSource.Open(name, terminal, reading);
        var model = start is null ? NewModel(data) : Fitting(start, data);
        if (reading is not null)
            model.Info = model.Info with { Codec = (model.Info.Codec ?? new()) with { Fit = reading.Fit } };
        var view = View();
        var options = Spoken(WithMemory(request.OptionsFor(model.LatentSize, null)), view);
        if (reading is not null && !request.LengthGiven)
            options = LongEnough(options, data.Train.Count, view);
        options.Validate(); // before a folder is made
        var run = Folder(data, model);
        options = Recorded(options, run, data, RunRecorder.Describe(data, Source(name), reading));
        view.Say(Title(data, model, options, run));
        return Finish(data, name, model, options, run, view, p => model.Fit(data.Train, data.ValidationOrTest, options, p, terminal.Stop));
    }

    /// <summary>A recipe's epochs are meant for tens of thousands of images: of a small folder they would be a handful of updates, and teach nothing.</summary>
    private static TrainingOptions LongEnough(TrainingOptions options, int images, IProgressView view)
    {
        int steps = options.StepsPerEpoch(images),
            epochs = (LeastSteps + steps - 1) / steps;
        if (options.Steps is not null || epochs <= options.Epochs)
            return options;
        view.Say(
            $"{images:N0} images are few: {epochs:N0} epochs in place of {options.Epochs:N0}, for {LeastSteps:N0} updates; --epochs or --steps says another length"
        );
        return options with { Epochs = epochs };
    }

    /// <summary>
    /// Trains a model of the same kind on a few blank images: compiling what a training runs takes half a second of one core, and reading the
    /// data about as long of another.
    /// </summary>
    private void CompileKernels()
    {
        try
        {
            var images = ImageSet.FromPixels(new byte[BlankImages * 28 * 28], BlankImages, 28, 28);
            var options = request.OptionsFor(request.Network.LatentOrDefault, null) with
            {
                Epochs = 1,
                BatchSize = BlankImages,
                Threads = 1,
            };
            new Autoencoder(request.Network.Encoder(images.Shape), request.Network.Decoder(images.Shape)).Fit(images, images, options);
        }
        catch (LatentException)
        {
            // the training itself will say it
        }
    }

    private int Resume(string path)
    {
        using var saved = SavedTraining.Open(path);
        request.Network.RequireOf(saved.Model, path);
        string source =
            request.Data
            ?? saved.Data?.Source
            ?? throw new LatentException(
                $"The run '{path}' does not say which data it was trained on.",
                fix: $"name it: latent train DATA --resume {Paths.Quoted(saved.Run.Path)}"
            );
        var reading = ImageFolder.IsMeant(source) ? saved.Data?.Folder ?? new(saved.Model.ImageShape) : null;
        var data = DataOf(saved, source, reading);
        var view = View();
        var options = Spoken(request.OptionsFor(saved.Model.LatentSize, saved.ReadOptions()), view);
        var known = saved.Data is { } kept && request.Data is null ? kept : RunRecorder.Describe(data, Source(source), reading);
        options = Recorded(options, saved.Run, data, known);
        saved.Check(data.Train, data.ValidationOrTest, options); // before anything is said of going on
        if (!request.Snapshots)
            new SnapshotFolder(saved.Run).Delete(); // they would no longer be the run's
        view.Say(Title(data, saved, options));
        return Finish(
            data,
            source,
            saved.Model,
            options,
            saved.Run,
            view,
            p =>
            {
                var result = saved.Resume(data.Train, data.ValidationOrTest, options, p, terminal.Stop);
                if (result.Steps == saved.Steps && result.Stopped is StopReason.Finished or StopReason.Early)
                    view.Say(
                        $"nothing was left to train: it had {(result.Stopped == StopReason.Early ? "been ended by a callback" : "finished")} after {Numbers.Count(result.History.Count, "epoch")}"
                    );
                return result;
            }
        );
    }

    /// <summary>The data of a run that goes on, or a message that says how to go on where it lies elsewhere now.</summary>
    private DataSet DataOf(SavedTraining saved, string source, FolderReading? reading)
    {
        try
        {
            return DataSource.Open(source, terminal, reading);
        }
        catch (LatentException e) when (request.Data is null)
        {
            throw new LatentException(
                $"The data of the run '{Paths.Shown(saved.Run.Path)}' cannot be opened. {e.Happened}",
                $"'{source}', as the run was trained on",
                fix: $"name where it is now: latent train DATA --resume {Paths.Quoted(saved.Run.Path)}",
                inner: e
            );
        }
    }

    /// <summary>Trains, and does what is left to do with the result.</summary>
    private int Finish(
        DataSet data,
        string source,
        Autoencoder model,
        TrainingOptions options,
        RunFolder run,
        IProgressView view,
        Func<IProgress<TrainingProgress>, TrainingResult> train
    )
    {
        terminal.TakeSignals();
        var result = view.Watch(train);
        try
        {
            Publish(data, source, model, options, run, view, result);
        }
        catch (LatentException e) when (e.InnerException is IOException or UnauthorizedAccessException)
        {
            throw new LatentException(
                $"The training is saved in '{Paths.Shown(run.Path)}', but what comes after it cannot be written.",
                "a disk with room, and a folder that you may write to",
                e.InnerException.Message,
                $"make room or the folder writable, then: latent train --resume {Paths.Quoted(run.Path)}",
                e
            );
        }
        return result.Stopped switch
        {
            StopReason.Cancelled => ExitCode.Stopped,
            StopReason.NotANumber => Diverged(),
            _ => ExitCode.Done,
        };
    }

    /// <summary>The steps' losses, the pictures and the summary. A run that has ended gives all of them again.</summary>
    private void Publish(
        DataSet data,
        string source,
        Autoencoder model,
        TrainingOptions options,
        RunFolder run,
        IProgressView view,
        TrainingResult result
    )
    {
        if (options.LogSteps)
            WriteSteps(run, result.StepLosses);
        bool hasModel = File.Exists(run.ModelPath); // a training that diverged at once has none
        bool figures = request.Figures && hasModel;
        if (result.Stopped == StopReason.Cancelled)
            view.Say(
                (
                    result.BestEpoch > 0
                        ? $"stopped: the model of epoch {result.BestEpoch} is kept{(figures ? "; drawing its pictures" : "")}"
                        : "stopped before the first epoch ended: the weights so far are kept"
                ) + $"; to go on: latent train --resume {Paths.Quoted(run.Path)}"
            );
        double[]? losses = hasModel && options.Noise is null ? model.Losses(data.Test, options.Loss) : null; // val_loss is of noisy ones
        if (figures)
            RunFigures.Draw(run, model, data, errors: options.Loss is MeanSquaredError ? losses : null);
        if (hasModel || request.AsJson)
            Report(new TrainingReport(data, model, options, run, result, figures, source, losses));
    }

    private IProgressView View() => _progress.Live is { } console ? new LiveProgress(console) : new LineProgress(_progress.Writer);

    private static TrainingOptions Spoken(TrainingOptions options, IProgressView view) =>
        options with
        {
            OnWarning = message => view.Say($"warning: {message}"),
        };

    private TrainingOptions Recorded(TrainingOptions options, RunFolder run, DataSet data, RunData known)
    {
        var recorder = request.SaveEvery is { } every
            ? new RunRecorder(run, known) { SaveEvery = every.Time, SaveEverySteps = every.Steps }
            : new RunRecorder(run, known);
        Callback[] snapshots = request.Snapshots ? [new SnapshotRecorder(run)] : [];
        return options with { Callbacks = [.. options.Callbacks, new ModelMeasures(data), .. snapshots, recorder] };
    }

    /// <summary>With the optimizer that a file brought. Of the recipe's rates only a schedule that was asked for stays.</summary>
    private TrainingOptions WithMemory(TrainingOptions options) =>
        _memory is null
            ? options
            : options with
            {
                Optimizer = _memory.Optimizer,
                OptimizerState = _memory,
                Schedule = request.KeepSchedule ? options.Schedule : new ConstantSchedule(),
            };

    private Autoencoder NewModel(DataSet data)
    {
        var network = request.Network;
        long seed = request.OptionsFor(network.LatentOrDefault, null).Seed;
        return new(network.Encoder(data.Train.Shape), network.Decoder(data.Train.Shape), seed);
    }

    /// <summary>The model of --init.</summary>
    private Autoencoder Initial(string file)
    {
        var keras = KerasModel.IsKeras(file) ? KerasModel.Open(file) : null;
        var model = keras?.ToAutoencoder() ?? Autoencoder.Open(file);
        foreach (string note in keras?.Notes ?? [])
            terminal.Error.Writer.WriteLine($"note: {note}");
        if (request.InitOptimizer)
            _memory =
                keras?.OptimizerState
                ?? throw new LatentException(
                    $"'{file}' has no optimizer with its memory to go on with.",
                    "a .keras or .h5 file of a model that was trained with SGD, RMSprop, Adam, AdamW, Nadam or Lion",
                    keras is null ? "a model of Latent: its training goes on with --resume RUN" : "a file without, see the notes",
                    "leave out --init-optimizer: only the weights are taken then"
                );
        request.Network.RequireOf(model, file);
        model.RequireImages();
        return model;
    }

    private Autoencoder Fitting(Autoencoder model, DataSet data) =>
        model.ImageShape == data.Train.Shape
            ? model
            : throw new LatentException(
                $"The weights in '{request.Init}' are for other images.",
                $"{data.Train.Shape}, as '{data.Name}' has them",
                $"{model.ImageShape}"
            );

    private RunFolder Folder(DataSet data, Autoencoder model) =>
        request.Out is { } path
            ? RunFolder.Create(path, request.Overwrite)
            : RunFolder.CreateNext("runs", $"{data.Name}-z{model.LatentSize}");

    /// <summary>What opens the data again from any folder: a name as it is, a path in full.</summary>
    private static string Source(string data) => DataSource.IsName(data) ? data : Path.GetFullPath(data);

    private string Title(DataSet data, Autoencoder model, TrainingOptions options, RunFolder run)
    {
        string path = Paths.Shown(run.Path);
        return _progress.Live is null
            ? $"run={path} data={data.Name} images={data.Train.Count} latent={model.LatentSize} parameters={model.Weights.Layout.Count} recipe={options.RecipeName} seed={options.Seed}"
            : $"{data.Name}: {data.Train.Count:N0} images, a code of {model.LatentSize}, {model.Weights.Layout.Count:N0} parameters, recipe {options.RecipeName}, into {path}";
    }

    private string Title(DataSet data, SavedTraining saved, TrainingOptions options)
    {
        string path = Paths.Shown(saved.Run.Path);
        long steps = options.StepsPerEpoch(data.Train.Count);
        return _progress.Live is null
            ? $"resume={path} data={data.Name} epoch={saved.History.Count + 1} step={saved.StepsInEpoch}/{steps} steps={saved.Steps}/{options.TotalSteps(data.Train.Count)}"
            : $"{path} goes on after {Numbers.Count(saved.History.Count, "epoch")}"
                + (saved.StepsInEpoch > 0 ? $" and {saved.StepsInEpoch:N0} of {steps:N0} steps" : "");
    }

    private void Report(TrainingReport report)
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
        AtomicFile.WriteText(run.StepsPath, text.ToString());
    }
}
