using Latent.Cli.Output;
using Latent.Training;

namespace Latent.Cli.Train;

/// <summary>
/// Plain lines of key=value, for files, pipes and logs: one when the end is in sight, then one per epoch. A line that cannot be written is
/// told before the training; later it is no reason to end it, and the result that cannot be written either is.
/// </summary>
internal sealed class LineProgress(TextWriter writer) : IProgressView, IProgress<TrainingProgress>
{
    private bool _announced,
        _begun;

    public T Watch<T>(Func<IProgress<TrainingProgress>, T> train)
    {
        _begun = true;
        return train(this);
    }

    public void Say(string message) => Write(message);

    public void Report(TrainingProgress value)
    {
        if (!_announced && value.Remaining is { } remaining && value.TotalStep < value.TotalSteps)
        {
            _announced = true;
            Write($"steps={value.TotalStep}/{value.TotalSteps} eta={Seconds(remaining)}");
        }
        if (value.Completed is { } epoch)
            Write(
                $"epoch={epoch.Epoch}/{value.Epochs} loss={Numbers.Loss(epoch.Loss)}"
                    + (epoch.ValLoss is { } val ? $" val_loss={Numbers.Loss(val)}" : "")
                    + (value.BestValLoss is { } best ? $" best={Numbers.Loss(best)}" : "")
                    + $" learning_rate={epoch.LearningRate:G4} images_per_second={value.ImagesPerSecond:F0}"
                    + $" elapsed={Seconds(value.Elapsed)}"
                    + (value.Remaining is { } eta ? $" eta={Seconds(eta)}" : "")
            );
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:F1}s";

    private void Write(string line)
    {
        try
        {
            writer.WriteLine(line);
            writer.Flush(); // who reads a log as it grows sees it now
        }
        catch (LatentException) when (_begun) { }
    }
}
