using Latent.Data;
using Latent.Engine.Kernels;
using Latent.Engine.Operations;
using Latent.Networks;

namespace Latent.Engine;

/// <summary>
/// A chain of networks compiled for training: forward, loss, backward and the optimizer's step. One owner at a time; it holds threads until
/// it is disposed.
/// </summary>
/// <remarks>
/// A batch is cut into chunks by its size alone. A thread takes a chunk through the whole network and back, a group of images at a time, and
/// sums its gradients; the chunks' sums are added in their order. So the same weights come out with any number of threads, to the bit.
/// </remarks>
public sealed unsafe class TrainingProgram : IDisposable
{
    private const int ImagesPerChunk = 16,
        MostChunks = 8;

    private readonly Plan _plan;
    private readonly PackedWeights _packed;
    private readonly Workspace[] _workspaces;
    private readonly Team _team;
    private readonly FloatBuffer _gradients,
        _targets;
    private readonly int _gradientStride,
        _targetStride;
    private readonly double[] _chunkLosses = new double[MostChunks];
    private readonly Action<int, int> _chunk,
        _measure,
        _update,
        _pack,
        _evaluation;

    // The step in hand; fields, so that handing it to the threads allocates nothing.
    private Batch _input,
        _target;
    private int _count,
        _chunkCount;
    private float _gradientScale;
    private double[] _imageLosses = [];

    /// <summary>Compiles the networks of the weights' layout.</summary>
    /// <param name="weights">Read and changed in place by each step.</param>
    /// <param name="loss">What is made small.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="threads">Threads to use, 0 for one per core. The results do not depend on it.</param>
    /// <exception cref="LatentException">An option is out of range, or the engine does not know a layer.</exception>
    public TrainingProgram(WeightStore weights, Loss loss, Optimizer optimizer, int threads = 0)
    {
        if (threads < 0)
            throw new LatentException("The number of threads is out of range.", "0 for one per core, or at least 1", $"{threads}");
        (Weights, Loss, Optimizer) = (weights, loss, new(optimizer, weights.Layout));
        _plan = Plan.Compile(weights.Layout, 0, weights.Layout.Networks.Length, training: true);
        _packed = new(_plan);
        _team = new(threads);
        _workspaces = [.. Enumerable.Range(0, _team.Count).Select(i => new Workspace(_plan, i))];
        _gradientStride = weights.Layout.Length + 80; // not a multiple of a page, see FloatBuffer
        _gradients = new(_gradientStride * MostChunks);
        _targetStride = (OutputShape.Size + 47) / 16 * 16;
        _targets = new(_targetStride * _team.Count);
        _chunk = RunChunk;
        _measure = Optimizer.Measure;
        _update = Optimizer.Run;
        _pack = (part, _) => _packed.Refresh(Weights, part);
        _evaluation = Evaluate;
    }

    /// <summary>The weights it works on.</summary>
    public WeightStore Weights { get; }

    /// <summary>The loss.</summary>
    public Loss Loss { get; }

    /// <summary>The optimizer's memory and step count: all that a resumed training needs beside the weights.</summary>
    public OptimizerState Optimizer { get; }

    /// <summary>Threads in use.</summary>
    public int Threads => _team.Count;

    private Shape InputShape => _plan.Input.Shape;

    private Shape OutputShape => _plan.Output.Shape;

    /// <summary>One update on some images of a set.</summary>
    /// <param name="images">The set; pixels are divided by 255.</param>
    /// <param name="rows">The batch: indices into the set, at least one.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    /// <param name="targets">What the outputs are compared with, row by row; null for the images themselves.</param>
    /// <returns>The batch's loss before the update.</returns>
    /// <exception cref="LatentException">A shape does not fit, or a row lies outside the set.</exception>
    public double Step(ImageSet images, ReadOnlySpan<int> rows, double factor = 1, ImageSet? targets = null)
    {
        targets ??= images;
        Check(images, targets);
        foreach (int row in rows)
            if ((uint)row >= (uint)images.Count)
                throw new LatentException("A row lies outside the images.", $"0 to {images.Count - 1}", $"{row}");
        fixed (byte* input = images.Pixels)
        fixed (byte* target = targets.Pixels)
        fixed (int* row = rows)
        {
            double loss = RunBatch(Bytes(input, row, InputShape), Bytes(target, row, OutputShape), rows.Length);
            Update(factor);
            return loss;
        }
    }

    /// <summary>One update on a batch of numbers.</summary>
    /// <param name="inputs">n inputs, one after the other.</param>
    /// <param name="targets">n targets of the output's shape.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    /// <returns>The batch's loss before the update.</returns>
    /// <exception cref="LatentException">The lengths do not fit the shapes.</exception>
    public double Step(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, double factor = 1)
    {
        double loss = RunBatch(inputs, targets);
        Update(factor);
        return loss;
    }

    /// <summary>The gradient of a batch's loss for every weight, without an update.</summary>
    /// <param name="inputs">n inputs, one after the other.</param>
    /// <param name="targets">n targets of the output's shape.</param>
    /// <param name="gradients">Receives the gradients, laid out as the weights are.</param>
    /// <returns>The batch's loss.</returns>
    /// <exception cref="LatentException">The lengths do not fit the shapes.</exception>
    public double Gradient(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients)
    {
        if (gradients.Length != Weights.Layout.Length)
            throw new LatentException("The gradients do not fit the layout.", $"{Weights.Layout.Length} numbers", $"{gradients.Length}");
        double loss = RunBatch(inputs, targets);
        for (int i = 0; i < gradients.Length; i++)
        {
            float sum = _gradients.Pointer[i];
            for (int chunk = 1; chunk < _chunkCount; chunk++)
                sum += _gradients.Pointer[(nint)chunk * _gradientStride + i];
            gradients[i] = sum;
        }
        return loss;
    }

    /// <summary>The mean loss over all images of a set, without an update.</summary>
    /// <exception cref="LatentException">A shape does not fit.</exception>
    public double Evaluate(ImageSet images, ImageSet? targets = null)
    {
        targets ??= images;
        Check(images, targets);
        if (targets.Count != images.Count)
            throw new LatentException("The targets do not fit the images.", $"{images.Count} images", $"{targets.Count}");
        _packed.Refresh(Weights);
        if (_imageLosses.Length < images.Count)
            _imageLosses = new double[images.Count];
        fixed (byte* input = images.Pixels)
        fixed (byte* target = targets.Pixels)
        {
            (_input, _target, _count) = (Bytes(input, null, InputShape), Bytes(target, null, OutputShape), images.Count);
            _team.Run((_count + _plan.Group - 1) / _plan.Group, _evaluation);
        }
        double sum = 0;
        for (int i = 0; i < images.Count; i++)
            sum += _imageLosses[i];
        return sum / ((double)images.Count * OutputShape.Size);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _team.Dispose();

    private static Batch Bytes(byte* pixels, int* rows, Shape shape) =>
        new()
        {
            Bytes = pixels,
            Rows = rows,
            Size = shape.Size,
        };

    private void Check(ImageSet images, ImageSet targets)
    {
        if (images.Shape != InputShape)
            throw new LatentException("The images do not fit the model.", $"{InputShape}", $"{images.Shape}");
        if (targets.Shape != OutputShape)
            throw new LatentException("The targets do not fit the model.", $"{OutputShape}", $"{targets.Shape}");
        if (targets.Count < images.Count)
            throw new LatentException("There are fewer targets than images.", $"{images.Count}", $"{targets.Count}");
    }

    private double RunBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        int count = inputs.Length / InputShape.Size;
        if (inputs.Length != (long)count * InputShape.Size)
            throw new LatentException(
                "The inputs do not fit the model.",
                $"a multiple of {InputShape.Size} numbers, {InputShape} each",
                $"{inputs.Length}"
            );
        if (targets.Length != (long)count * OutputShape.Size)
            throw new LatentException("The targets do not fit the inputs.", $"{count} × {OutputShape.Size} numbers", $"{targets.Length}");
        fixed (float* input = inputs)
        fixed (float* target = targets)
            return RunBatch(new() { Floats = input, Size = InputShape.Size }, new() { Floats = target, Size = OutputShape.Size }, count);
    }

    // The batch's loss; its gradients are left in the chunks'.
    private double RunBatch(Batch input, Batch target, int count)
    {
        if (count < 1)
            throw new LatentException("A batch is empty.", "at least one image", $"{count}");
        _packed.Refresh(Weights);
        (_input, _target, _count) = (input, target, count);
        _chunkCount = Math.Clamp((count + ImagesPerChunk - 1) / ImagesPerChunk, 1, MostChunks);
        double numbers = (double)count * OutputShape.Size;
        _gradientScale = (float)(1 / numbers);
        _team.Run(_chunkCount, _chunk);
        double sum = 0;
        for (int chunk = 0; chunk < _chunkCount; chunk++)
            sum += _chunkLosses[chunk];
        return sum / numbers;
    }

    private void Update(double factor)
    {
        Optimizer.Begin(Weights, _gradients.Pointer, _chunkCount, _gradientStride, factor);
        if (Optimizer.MeasuringTasks > 0)
            _team.Run(Optimizer.MeasuringTasks, _measure);
        Optimizer.Measured();
        _team.Run(Optimizer.Tasks, _update);
        Optimizer.End(Weights);
        _team.Run(_packed.Parts.Length, _pack);
        _packed.Mark(Weights);
    }

    private void RunChunk(int chunk, int thread)
    {
        float* gradient = _gradients.Pointer + (nint)chunk * _gradientStride;
        Arrays.Clear(gradient, Weights.Layout.Length);
        int first = (int)((long)_count * chunk / _chunkCount),
            end = (int)((long)_count * (chunk + 1) / _chunkCount);
        double loss = 0;
        var frame = _workspaces[thread].Frame(Weights, _packed, gradient);
        for (int group = first; group < end; group += frame.Images)
        {
            frame.Images = Math.Min(_plan.Group, end - group);
            Forward(frame, group);
            for (int n = 0; n < frame.Images; n++)
                loss += LossOf(frame, group + n, n, thread, backward: true);
            for (int i = _plan.Operations.Length - 1; i >= 0; i--)
                _plan.Operations[i].RunBackward(frame);
            frame.FirstGroup = false;
        }
        foreach (var operation in _plan.Operations)
            operation.FinishChunk(frame);
        _chunkLosses[chunk] = loss;
    }

    private void Evaluate(int group, int thread)
    {
        var frame = _workspaces[thread].Frame(Weights, _packed);
        int first = group * _plan.Group;
        frame.Images = Math.Min(_plan.Group, _count - first);
        Forward(frame, first);
        for (int n = 0; n < frame.Images; n++)
            _imageLosses[first + n] = LossOf(frame, first + n, n, thread, backward: false);
    }

    private void Forward(in Frame frame, int first)
    {
        for (int n = 0; n < frame.Images; n++)
            _input.Load(first + n, frame.Arena, _plan.Input, n);
        foreach (var operation in _plan.Operations)
            operation.Run(frame);
    }

    // The output has no borders, its gradient may have some; so the loss makes the gradient next to the target and it is copied.
    private double LossOf(in Frame frame, int image, int n, int thread, bool backward)
    {
        int size = OutputShape.Size;
        float* target = _targets.Pointer + (nint)thread * _targetStride,
            output = frame.Arena + _plan.Output.Start + (nint)n * _plan.Output.ImageStride;
        _target.Load(image, 0, size, target);
        double loss = Losses.Sum(Loss, output, target, backward ? target : null, _gradientScale, size);
        if (backward)
        {
            var gradient = _plan.OutputGradient!;
            for (int run = 0; run < gradient.Runs; run++)
                Arrays.Copy(
                    target + run * gradient.RunLength,
                    frame.Arena + gradient.Start + (nint)n * gradient.ImageStride + (nint)run * gradient.RowStride,
                    gradient.RunLength
                );
        }
        return loss;
    }
}
