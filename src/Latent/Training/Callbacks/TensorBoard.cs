using Latent.Training.Events;

namespace Latent.Training;

/// <summary>
/// Writes event files that TensorBoard shows, with Keras's tags: after each epoch "epoch_loss", "epoch_learning_rate" and the other logs,
/// those of the validation into a folder of their own; histograms of the weights; images and their reconstructions. A training that starts
/// anew replaces the files of the one before in the same folder.
/// </summary>
/// <param name="LogDirectory">The folder; the files lie in its folders "train" and "validation".</param>
public sealed class TensorBoard(string LogDirectory = "logs") : Callback
{
    private const string Validation = "val_";
    private EventLog? _train,
        _validation;

    /// <summary>The folder.</summary>
    public string LogDirectory { get; } = LogDirectory;

    /// <summary>Every so many epochs the weights' distributions are written, as "LAYER/WEIGHT/histogram"; 0 for never.</summary>
    public int HistogramFrequency { get; init; }

    /// <summary>Every so many steps the epoch's running mean of the loss is written, as "batch_loss"; null for never.</summary>
    public int? UpdateFrequency { get; init; }

    /// <summary>
    /// So many validation images are written after each epoch, with their reconstructions below them, as "reconstructions"; 0 for none. They are
    /// grey or in colour by their channels; of other numbers of channels the first is shown.
    /// </summary>
    public int Images { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(LogDirectory))
            yield return "TensorBoard.LogDirectory must name a folder.";
        if (HistogramFrequency < 0)
            yield return $"TensorBoard.HistogramFrequency must be at least 0; it is {HistogramFrequency}.";
        if (UpdateFrequency < 1)
            yield return $"TensorBoard.UpdateFrequency must be at least 1; it is {UpdateFrequency}.";
        if (Images < 0)
            yield return $"TensorBoard.Images must be at least 0; it is {Images}.";
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingContext context)
    {
        var clock = context.Options.Clock;
        _train = new(Path.Combine(LogDirectory, "train"), clock);
        _validation = context.Validation is null ? null : new(Path.Combine(LogDirectory, "validation"), clock);
        if (!context.Resumed)
            Flush(); // a folder that cannot be written is told of before the first step
    }

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingContext context)
    {
        if (UpdateFrequency is int steps && context.Step % steps == 0)
            _train!.Scalar("batch_loss", context.Logs["loss"], context.Step);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context)
    {
        int epoch = context.Epoch;
        foreach (var (name, value) in context.Logs.OrderBy(log => log.Key, StringComparer.Ordinal))
            if (!name.StartsWith(Validation, StringComparison.Ordinal))
                _train!.Scalar($"epoch_{name}", value, epoch);
            else if (_validation is not null)
            {
                _validation.Scalar($"epoch_{name[Validation.Length..]}", value, epoch);
                _validation.Scalar($"evaluation_{name[Validation.Length..]}_vs_iterations", value, context.Step);
            }
        if (!context.Logs.ContainsKey("learning_rate"))
            _train!.Scalar("epoch_learning_rate", context.LearningRate, epoch);
        if (HistogramFrequency > 0 && epoch % HistogramFrequency == 0)
            foreach (var parameter in context.Model.Weights.Layout.Parameters)
                _train!.Histogram($"{parameter.Name}/histogram", context.Model.Weights[parameter], epoch);
        if (Images > 0 && _validation is not null)
            WriteImages(context, _validation);
        Flush();
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingContext context)
    {
        Flush();
        (_train, _validation) = (null, null); // a callback outlives its training: let the memory go
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        Flush();
        state.Set("train", _train?.Length ?? 0);
        state.Set("validation", _validation?.Length ?? 0);
    }

    /// <inheritdoc/>
    public override void LoadState(CallbackState state, TrainingContext context)
    {
        bool whole = _train!.Restore(state.Whole("train")) & (_validation?.Restore(state.Whole("validation")) ?? true);
        if (!whole)
            context.Warn(
                $"The event files in '{LogDirectory}' are shorter than they were: TensorBoard shows only what comes from here on."
            );
        Flush();
    }

    private void Flush()
    {
        _train?.Flush();
        _validation?.Flush();
    }

    // Two rows: the images, and below them what the model makes of them.
    private void WriteImages(TrainingContext context, EventLog log)
    {
        var images = context.Validation!.Take(Images);
        var from = images.Shape;
        if (!context.Model.GivesImages || from.IsVector)
            return; // the model makes something else of them
        int channels = from.Channels == 3 ? 3 : 1,
            width = images.Count * from.Width;
        float[] made = context.Model.Reconstruct(images);
        var given = new float[from.Size];
        var pixels = new byte[2 * from.Height * width * channels];
        for (int n = 0; n < images.Count; n++)
        {
            images.CopyTo(n, given);
            for (int y = 0; y < from.Height; y++)
            for (int x = 0; x < from.Width; x++)
            for (int c = 0; c < channels; c++)
            {
                int source = (y * from.Width + x) * from.Channels + c,
                    target = (y * width + n * from.Width + x) * channels + c;
                pixels[target] = PixelByte.Of(given[source]);
                pixels[from.Height * width * channels + target] = PixelByte.Of(made[n * from.Size + source]);
            }
        }
        log.Image("reconstructions", width, 2 * from.Height, channels, pixels, context.Epoch);
    }
}
