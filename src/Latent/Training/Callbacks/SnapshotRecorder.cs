namespace Latent.Training;

/// <summary>
/// Keeps a look at the model before the first epoch, after each epoch and at the end, in the folder snapshots of a run: what it makes of a
/// few validation images and the codes of some more. It changes no bit of the training, and a training goes on with it or without it. At most
/// <see cref="MostEpochs"/> epochs and the last one are kept. Needs validation images; without them it does nothing. A snapshot that cannot be
/// written is warned of and no reason to end a training.
/// </summary>
/// <param name="run">The folder.</param>
public sealed class SnapshotRecorder(RunFolder run) : Callback
{
    /// <summary>The most codes in a snapshot; of codes of more than 32 numbers fewer.</summary>
    public const int MostCodes = 2000;

    /// <summary>The most images in a snapshot; large ones are fewer.</summary>
    public const int MostImages = 10;

    /// <summary>So many epochs are kept at most, and the last one: of a longer training every second one, then every fourth, ….</summary>
    public const int MostEpochs = 200;

    private SnapshotSamples? _samples;
    private bool _failed;

    /// <summary>The folder.</summary>
    public RunFolder Run { get; } = run;

    /// <summary>What is written.</summary>
    public SnapshotFolder Folder => new(Run);

    internal override bool OnlyRecords => true;

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingContext context)
    {
        _failed = false;
        _samples = context.Validation is { } validation ? SnapshotSamples.Of(validation, context.Model, MostCodes, MostImages) : null;
        if (context.Resumed)
            Guarded(
                context,
                samples =>
                {
                    Folder.RemoveAfter(context.History.Count);
                    if (context.WeightsOfEpoch > 0 && !File.Exists(Folder.PathOf(context.WeightsOfEpoch))) // it ended between state and snapshot
                        WriteEpoch(context, samples, context.WeightsOfEpoch);
                }
            );
    }

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingContext context)
    {
        if (context.Step == 0) // not at the training's begin: until then the folder may turn out to be another run's
            Guarded(
                context,
                samples =>
                {
                    Folder.RemoveAfter(-1);
                    Write(context, samples, 0);
                }
            );
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context) =>
        Guarded(context, samples => WriteEpoch(context, samples, context.Epoch + 1));

    /// <inheritdoc/>
    public override void OnFinished(TrainingContext context, TrainingResult result)
    {
        Guarded(context, samples => Write(context, samples, context.WeightsOfEpoch, isFinal: true));
        _samples = null; // a callback outlives its training: let the memory go
    }

    private void WriteEpoch(TrainingContext context, SnapshotSamples samples, int epoch)
    {
        context.With(context.ValidatesAverages, () => Write(context, samples, epoch));
        Folder.Thin(epoch, MostEpochs);
    }

    private void Write(TrainingContext context, SnapshotSamples samples, int epoch, bool isFinal = false)
    {
        var (model, last) = (context.Model, epoch > 0 ? context.History[epoch - 1] : null);
        float[] codes = model.Encode(samples.Inputs);
        foreach (float code in codes)
            if (!float.IsFinite(code))
                return; // the training diverged: there is nothing to see
        SnapshotFile.Write(
            isFinal ? Folder.FinalPath : Folder.PathOf(epoch),
            new()
            {
                Epoch = isFinal && epoch == 0 ? context.History.Count : epoch,
                IsFinal = isFinal,
                Calibrated = model.Info.Calibrated,
                Loss = last?.Loss,
                ValLoss = last?.ValLoss,
                LatentSize = model.LatentSize,
                Codes = codes,
                Indices = samples.Indices,
                Labels = samples.Labels,
                LabelNames = samples.LabelNames,
                ImageShape = model.ImageShape,
                ImageIndices = samples.ImageIndices,
                Images = samples.Images is { } images ? images.Pixels.ToArray() : default,
                Reconstructions = samples.Images is { } shown ? Bytes(model.Reconstruct(shown)) : default,
            }
        );
    }

    private static byte[] Bytes(float[] pixels)
    {
        var bytes = new byte[pixels.Length];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = PixelByte.Of(pixels[i]);
        return bytes;
    }

    /// <summary>Does something with the files, if the training has something to show; the first error is the last.</summary>
    private void Guarded(TrainingContext context, Action<SnapshotSamples> act)
    {
        if (_samples is null || _failed)
            return;
        try
        {
            act(_samples);
        }
        catch (Exception e)
            when (AtomicFile.IsUsersFault(e) || e is LatentException { InnerException: IOException or UnauthorizedAccessException })
        {
            _failed = true;
            // told, and not kept: what the state of the training holds does not depend on them
            context.Options.OnWarning?.Invoke(
                $"The snapshots in '{Folder.Path}' cannot be written; the training goes on without them. {(e.InnerException ?? e).Message}"
            );
        }
    }
}
