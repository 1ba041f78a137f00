using Latent.Data;

namespace Latent.Engine;

/// <summary>
/// A chain of networks compiled for training: forward, loss, backward and the optimizer's step. One owner at a time; it holds threads until
/// it is disposed.
/// </summary>
public sealed class TrainingProgram : IDisposable
{
    /// <summary>Compiles the networks of the weights' layout.</summary>
    /// <param name="weights">Read and changed in place by each step.</param>
    /// <param name="loss">What is made small.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="threads">Threads to use, 0 for one per core. The results do not depend on it.</param>
    public TrainingProgram(WeightStore weights, Loss loss, Optimizer optimizer, int threads = 0) =>
        (Weights, Loss, Optimizer, Threads) = (weights, loss, new(optimizer, weights.Layout), threads);

    /// <summary>The weights it works on.</summary>
    public WeightStore Weights { get; }

    /// <summary>The loss.</summary>
    public Loss Loss { get; }

    /// <summary>The optimizer's memory and step count: all that a resumed training needs beside the weights.</summary>
    public OptimizerState Optimizer { get; }

    /// <summary>Threads in use.</summary>
    public int Threads { get; }

    /// <summary>One update on some images of a set.</summary>
    /// <param name="images">The set; pixels are divided by 255.</param>
    /// <param name="rows">The batch: indices into the set, at least one.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    /// <param name="targets">What the outputs are compared with, row by row; null for the images themselves.</param>
    /// <returns>The batch's loss before the update.</returns>
    public double Step(ImageSet images, ReadOnlySpan<int> rows, double factor = 1, ImageSet? targets = null) =>
        throw new NotSupportedException();

    /// <summary>One update on a batch of numbers.</summary>
    /// <param name="inputs">n inputs, one after the other.</param>
    /// <param name="targets">n targets of the output's shape.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    /// <returns>The batch's loss before the update.</returns>
    public double Step(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, double factor = 1) => throw new NotSupportedException();

    /// <summary>The gradient of a batch's loss for every weight, without an update.</summary>
    /// <param name="inputs">n inputs, one after the other.</param>
    /// <param name="targets">n targets of the output's shape.</param>
    /// <param name="gradients">Receives the gradients, laid out as the weights are.</param>
    /// <returns>The batch's loss.</returns>
    public double Gradient(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients) =>
        throw new NotSupportedException();

    /// <summary>The mean loss over all images of a set, without an update.</summary>
    public double Evaluate(ImageSet images, ImageSet? targets = null) => throw new NotSupportedException();

    /// <summary>Ends the threads.</summary>
    public void Dispose() { }
}
