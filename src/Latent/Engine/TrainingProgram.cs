using Latent.Data;
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
public sealed unsafe partial class TrainingProgram : IDisposable
{
    private readonly bool _wantsInputGradient,
        _drawn;
    private readonly Team _team;
    private readonly Plan? _use; // how the networks run in use, where that is otherwise
    private readonly PackedWeights? _usePacked;
    private readonly Workspace[] _useWorkspaces = [];
    private readonly FloatBuffer _gradients,
        _targets;
    private readonly int _gradientStride,
        _targetStride,
        _terms;
    private readonly (int Offset, int Count, float L1, float L2)[] _penalties; // on weights
    private readonly double[] _chunkLosses = new double[Chunks.Most];
    private readonly int[] _chunkImages = new int[Chunks.Most];
    private readonly FloatBuffer _moved;
    private readonly Action<int, int> _chunk,
        _forwardPart,
        _backwardPart,
        _measure,
        _update,
        _pack,
        _evaluation;

    // Made anew where chunks meet and a batch is larger than those before.
    private Plan _plan;
    private PackedWeights[] _packed; // one for each thread, or one for all
    private Workspace[] _workspaces;

    // The step in hand; fields, so that handing it to the threads allocates nothing.
    private Batch _input,
        _target;
    private int _count,
        _chunkCount,
        _part;
    private float _gradientScale;
    private double[] _imageLosses = [];
    private bool _trains;
    private readonly FloatBuffer?[] _room; // of each thread, for what is done to an image
    private float* _outputs,
        _inputGradients;

    /// <summary>Compiles the networks of the weights' layout.</summary>
    /// <param name="weights">Read and changed in place by each step.</param>
    /// <param name="loss">What is made small.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="threads">Threads to use, 0 for one per core. The results do not depend on it.</param>
    /// <param name="seed">What dropout and noise are drawn from, with the count of steps.</param>
    /// <exception cref="LatentException">An option is out of range, or the engine does not know a layer.</exception>
    public TrainingProgram(WeightStore weights, Loss loss, Optimizer optimizer, int threads = 0, long seed = 0)
        : this(weights, loss, optimizer, threads, seed, inputGradient: false, drawn: true) { }

    /// <param name="weights">As above.</param>
    /// <param name="loss">As above.</param>
    /// <param name="optimizer">As above.</param>
    /// <param name="threads">As above.</param>
    /// <param name="seed">As above.</param>
    /// <param name="inputGradient">Whether <see cref="Backpropagate"/> gives the gradient of the inputs.</param>
    /// <param name="drawn">Whether layers do what they do in training; else what they do in use.</param>
    internal TrainingProgram(WeightStore weights, Loss loss, Optimizer optimizer, int threads, long seed, bool inputGradient, bool drawn)
    {
        if (threads < 0)
            throw new LatentException("The number of threads is out of range.", "0 for one per core, or at least 1", $"{threads}");
        (Weights, Loss, Optimizer, Seed, _wantsInputGradient) = (weights, loss, new(optimizer, weights.Layout), seed, inputGradient);
        _drawn = drawn;
        _team = new(threads);
        _room = new FloatBuffer?[_team.Count];
        int networks = weights.Layout.Networks.Length;
        _plan = Plan.Compile(weights.Layout, 0, networks, training: true, inputGradient, drawn: drawn);
        _packed = [.. Enumerable.Range(0, PacksOf(_plan)).Select(_ => new PackedWeights(_plan))];
        _workspaces = _plan.Meetings.Length > 0 ? [] : [.. Enumerable.Range(0, _team.Count).Select(i => new Workspace(_plan, i))];
        if (_plan.DiffersInUse)
        {
            _use = Plan.Compile(weights.Layout, 0, networks, training: false, penalties: true);
            _usePacked = new(_use);
            _useWorkspaces = [.. Enumerable.Range(0, _team.Count).Select(i => new Workspace(_use, i))];
        }
        _moved = new(_plan.Meetings.Length > 0 ? weights.Layout.Length : 0);
        _gradientStride = weights.Layout.Length + 80; // not a multiple of a page, see FloatBuffer
        _gradients = new(_gradientStride * Chunks.Most);
        _targetStride = (OutputShape.Size + 47) / 16 * 16;
        _targets = new(checked(2 * _targetStride * _team.Count)); // the second part for the gradients of a user's own loss
        _terms = loss.Terms(OutputShape);
        _penalties =
        [
            .. weights
                .Layout.Parameters.Where(p => p.Weight.Regularizer is not null)
                .Select(p => (p.Offset, p.Count, p.Weight.Regularizer!.L1, p.Weight.Regularizer.L2)),
        ];
        _chunk = RunChunk;
        _forwardPart = RunForwardPart;
        _backwardPart = RunBackwardPart;
        _measure = Optimizer.Measure;
        _update = Optimizer.Run;
        _pack = (part, _) => _packed[0].Refresh(Weights, part);
        _evaluation = Evaluate;
    }

    /// <summary>The weights it works on.</summary>
    public WeightStore Weights { get; }

    /// <summary>The loss.</summary>
    public Loss Loss { get; }

    /// <summary>The optimizer's memory and step count: all that a resumed training needs beside the weights.</summary>
    public OptimizerState Optimizer { get; }

    /// <summary>What dropout and noise are drawn from.</summary>
    public long Seed { get; }

    /// <summary>What is done to the inputs and not to the targets, in a step and in a validation; null for nothing.</summary>
    public InputNoise? Noise { get; init; }

    /// <summary>What is done to inputs and targets alike in a step; null for nothing.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Threads in use.</summary>
    public int Threads => _team.Count;

    private Shape InputShape => _plan.Input.Shape;

    private Shape OutputShape => _plan.Output.Shape;

    /// <summary>One update on some samples of a set.</summary>
    /// <param name="images">The set.</param>
    /// <param name="rows">The batch: indices into the set, at least one.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    /// <param name="targets">What the outputs are compared with, row by row; null for the samples themselves.</param>
    /// <returns>The batch's loss before the update.</returns>
    /// <exception cref="LatentException">A shape does not fit, or a row lies outside the set.</exception>
    public double Step(SampleSet images, ReadOnlySpan<int> rows, double factor = 1, SampleSet? targets = null)
    {
        targets ??= images;
        Check(images, targets);
        foreach (int row in rows)
            if ((uint)row >= (uint)images.Count)
                throw new LatentException("A row lies outside the images.", $"0 to {images.Count - 1}", $"{row}");
        using var input = images.Pin();
        using var target = targets.Pin();
        fixed (int* row = rows)
        {
            double loss = RunBatch(Batch.Of(images, input.Pointer, row), Batch.Of(targets, target.Pointer, row), rows.Length);
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

    /// <summary>
    /// Forward, and back from a given gradient of the outputs in place of a loss's: outputs, the gradient of the inputs, and that of the
    /// weights as <see cref="Gradient"/> gives it.
    /// </summary>
    internal void Backpropagate(
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<float> outputGradients,
        Span<float> outputs,
        Span<float> inputGradients,
        Span<float> gradients
    )
    {
        fixed (float* y = outputs)
        fixed (float* dx = inputGradients)
        {
            _outputs = y;
            _inputGradients = dx;
            try
            {
                Gradient(inputs, outputGradients, gradients);
            }
            finally
            {
                _outputs = _inputGradients = null; // no longer pinned
            }
        }
    }

    /// <summary>The moving statistics after the batch that <see cref="Gradient"/> or <see cref="Backpropagate"/> was given last.</summary>
    internal void MoveStatistics()
    {
        foreach (int meeting in _plan.Meetings)
        {
            var operation = (WholeBatchOperation)_plan.Operations[meeting];
            operation.Keep(Weights.Pointer, _moved.Pointer);
            operation.Move(_moved.Pointer, Weights.Pointer);
        }
        Weights.Touch();
    }

    /// <summary>The mean loss over all samples of a set with the penalties of the layers, without an update.</summary>
    /// <exception cref="LatentException">A shape does not fit.</exception>
    public double Evaluate(SampleSet images, SampleSet? targets = null)
    {
        targets ??= images;
        Check(images, targets);
        if (targets.Count != images.Count)
            throw new LatentException("The targets do not fit the images.", $"{images.Count} images", $"{targets.Count}");
        (_usePacked ?? _packed[0]).Refresh(Weights);
        if (_imageLosses.Length < images.Count)
            _imageLosses = new double[images.Count];
        using var input = images.Pin();
        using var target = targets.Pin();
        (_input, _target, _count, _trains) = (Batch.Of(images, input.Pointer), Batch.Of(targets, target.Pointer), images.Count, false);
        int group = (_use ?? _plan).Group;
        _team.Run((_count + group - 1) / group, _evaluation);
        double sum = 0;
        for (int i = 0; i < images.Count; i++)
            sum += _imageLosses[i];
        return sum / ((double)images.Count * _terms) + PenaltyOfWeights();
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _team.Dispose();

    private void Check(SampleSet images, SampleSet targets)
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
}
