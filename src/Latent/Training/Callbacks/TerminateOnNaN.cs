namespace Latent.Training;

/// <summary>Ends the training when the loss is not a number or infinite, after the step that made it so.</summary>
public sealed class TerminateOnNaN : Callback
{
    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingContext context)
    {
        if (!context.Logs.TryGetValue("loss", out double loss) || double.IsFinite(loss))
            return;
        context.Warn($"The loss is {loss} at step {context.Batch + 1} of epoch {context.Epoch + 1}: the training ends.");
        context.NotANumber = true;
        context.StopTraining = true;
    }
}
