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
    private PackedWeights _packed;
    private Workspace[] _workspaces;

    // The step in hand; fields, so that handing it to the threads allocates nothing.
    private Batch _input,
        _target;
    private int _count,
        _chunkCount,
        _part;
    private float _gradientScale;
    private double[] _imageLosses = [];
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
        int networks = weights.Layout.Networks.Length;
        _plan = Plan.Compile(weights.Layout, 0, networks, training: true, inputGradient, drawn: drawn);
        _packed = new(_plan);
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
        _pack = (part, _) => _packed.Refresh(Weights, part);
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
        fixed (byte* input = images.Memory)
        fixed (byte* target = targets.Memory)
        fixed (int* row = rows)
        {
            double loss = RunBatch(Batch.Of(images, input, row), Batch.Of(targets, target, row), rows.Length);
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
            Gradient(inputs, outputGradients, gradients);
            _outputs = _inputGradients = null;
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
        (_usePacked ?? _packed).Refresh(Weights);
        if (_imageLosses.Length < images.Count)
            _imageLosses = new double[images.Count];
        fixed (byte* input = images.Memory)
        fixed (byte* target = targets.Memory)
        {
            (_input, _target, _count) = (Batch.Of(images, input), Batch.Of(targets, target), images.Count);
            int group = (_use ?? _plan).Group;
            _team.Run((_count + group - 1) / group, _evaluation);
        }
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

    // The batch's loss; its gradients are left in the chunks'.
    private double RunBatch(Batch input, Batch target, int count)
    {
        if (count < 1)
            throw new LatentException("A batch is empty.", "at least one image", $"{count}");
        _chunkCount = Chunks.Of(count);
        for (int chunk = 0; chunk < _chunkCount; chunk++)
            _chunkImages[chunk] = Chunks.First(chunk + 1, _chunkCount, count) - Chunks.First(chunk, _chunkCount, count);
        if (_plan.Meetings.Length > 0)
            MakeRoom();
        _packed.Refresh(Weights);
        (_input, _target, _count) = (input, target, count);
        double terms = (double)count * _terms;
        _gradientScale = (float)(1 / terms);
        if (_plan.Meetings.Length == 0)
            _team.Run(_chunkCount, _chunk);
        else
            RunWithMeetings();
        double sum = 0;
        for (int chunk = 0; chunk < _chunkCount; chunk++)
            sum += _chunkLosses[chunk];
        return sum / terms + PenaltyOfWeights(_gradients.Pointer);
    }

    // The gradient, where it is wanted, goes to the first chunk's.
    private double PenaltyOfWeights(float* gradients = null)
    {
        double sum = 0;
        foreach (var (offset, count, l1, l2) in _penalties)
            sum += Penalty.Of(Weights.Pointer + offset, gradients == null ? null : gradients + offset, l1, l2, count);
        return sum;
    }

    // Where chunks meet, all of a batch lies in memory at once, each chunk in a workspace of its own.
    private void MakeRoom()
    {
        int most = 0;
        for (int chunk = 0; chunk < _chunkCount; chunk++)
            most = Math.Max(most, _chunkImages[chunk]);
        if (_workspaces.Length > 0 && most <= _plan.Group)
            return;
        _plan = Plan.Compile(
            Weights.Layout,
            0,
            Weights.Layout.Networks.Length,
            training: true,
            _wantsInputGradient,
            chunk: Math.Max(most, Chunks.Images),
            drawn: _drawn
        );
        _packed = new(_plan);
        _workspaces = [.. Enumerable.Range(0, Chunks.Most).Select(i => new Workspace(_plan, i))];
    }

    // From meeting to meeting: all chunks up to it, what they left is combined, all chunks from there. After the last one the loss, and back.
    private void RunWithMeetings()
    {
        var images = _chunkImages.AsSpan(0, _chunkCount);
        int meetings = _plan.Meetings.Length;
        for (_part = 0; _part <= meetings; _part++)
        {
            _team.Run(_chunkCount, _forwardPart);
            if (_part < meetings)
                Meeting(_part).CombineStatistics(images, Weights.Pointer);
        }
        for (_part = meetings - 1; _part >= 0; _part--)
        {
            Meeting(_part).CombineGradients(images);
            _team.Run(_chunkCount, _backwardPart);
        }
    }

    private WholeBatchOperation Meeting(int index) => (WholeBatchOperation)_plan.Operations[_plan.Meetings[index]];

    private void RunForwardPart(int chunk, int thread)
    {
        var frame = ChunkFrame(chunk);
        int from = _part == 0 ? 0 : _plan.Meetings[_part - 1],
            to = _part == _plan.Meetings.Length ? _plan.Operations.Length : _plan.Meetings[_part];
        if (_part == 0)
        {
            Arrays.Clear(frame.Gradient, Weights.Layout.Length);
            for (int n = 0; n < frame.Images; n++)
            {
                _input.Load(frame.First + n, frame.Arena, _plan.Input, n);
                frame.Penalties[n] = 0;
            }
        }
        for (int i = from; i < to; i++)
            _plan.Operations[i].Run(frame);
        if (_part < _plan.Meetings.Length)
        {
            Meeting(_part).LeaveStatistics(frame, chunk);
            return;
        }
        double loss = 0;
        for (int n = 0; n < frame.Images; n++)
            loss += LossOf(frame, _plan, frame.First + n, n, thread, backward: true);
        _chunkLosses[chunk] = loss;
        RunBack(frame, chunk, _plan.Operations.Length - 1);
    }

    private void RunBackwardPart(int chunk, int thread)
    {
        var frame = ChunkFrame(chunk);
        Meeting(_part).Backward(frame);
        RunBack(frame, chunk, _plan.Meetings[_part] - 1);
    }

    // Back to the meeting before, or to the input.
    private void RunBack(in Frame frame, int chunk, int from)
    {
        int i = from;
        for (; i >= 0 && _plan.Operations[i] is not WholeBatchOperation; i--)
            _plan.Operations[i].RunBackward(frame);
        if (i >= 0)
        {
            var meeting = (WholeBatchOperation)_plan.Operations[i];
            meeting.BackwardThroughActivation(frame);
            meeting.LeaveGradients(frame, chunk);
            return;
        }
        SaveInputGradients(frame);
        foreach (var operation in _plan.Operations)
            operation.FinishChunk(frame);
    }

    private Frame ChunkFrame(int chunk)
    {
        var frame = _workspaces[chunk].Frame(Weights, _packed, _gradients.Pointer + (nint)chunk * _gradientStride);
        (frame.NoiseSeed, frame.Step, frame.PenaltyScale) = (Seed, Optimizer.Steps, 1f / _count);
        (frame.First, frame.Images) = (Chunks.First(chunk, _chunkCount, _count), _chunkImages[chunk]);
        return frame;
    }

    private void Update(double factor)
    {
        foreach (int meeting in _plan.Meetings)
            ((WholeBatchOperation)_plan.Operations[meeting]).Keep(Weights.Pointer, _moved.Pointer);
        Optimizer.Begin(Weights, _gradients.Pointer, _chunkCount, _gradientStride, factor);
        if (Optimizer.MeasuringTasks > 0)
            _team.Run(Optimizer.MeasuringTasks, _measure);
        Optimizer.Measured();
        _team.Run(Optimizer.Tasks, _update);
        foreach (int meeting in _plan.Meetings)
            ((WholeBatchOperation)_plan.Operations[meeting]).Move(_moved.Pointer, Weights.Pointer);
        Optimizer.End(Weights);
        _team.Run(_packed.Parts.Length, _pack);
        _packed.Mark(Weights);
    }

    private void RunChunk(int chunk, int thread)
    {
        float* gradient = _gradients.Pointer + (nint)chunk * _gradientStride;
        Arrays.Clear(gradient, Weights.Layout.Length);
        int first = Chunks.First(chunk, _chunkCount, _count),
            end = first + _chunkImages[chunk];
        double loss = 0;
        var frame = _workspaces[thread].Frame(Weights, _packed, gradient);
        (frame.NoiseSeed, frame.Step, frame.PenaltyScale) = (Seed, Optimizer.Steps, 1f / _count);
        for (int group = first; group < end; group += frame.Images)
        {
            (frame.First, frame.Images) = (group, Math.Min(_plan.Group, end - group));
            Forward(frame, _plan, group);
            for (int n = 0; n < frame.Images; n++)
                loss += LossOf(frame, _plan, group + n, n, thread, backward: true);
            for (int i = _plan.Operations.Length - 1; i >= 0; i--)
                _plan.Operations[i].RunBackward(frame);
            SaveInputGradients(frame);
            frame.FirstGroup = false;
        }
        foreach (var operation in _plan.Operations)
            operation.FinishChunk(frame);
        _chunkLosses[chunk] = loss;
    }

    private void Evaluate(int group, int thread)
    {
        var plan = _use ?? _plan;
        var frame = _use is null ? _workspaces[thread].Frame(Weights, _packed) : _useWorkspaces[thread].Frame(Weights, _usePacked!);
        int first = group * plan.Group;
        frame.Images = Math.Min(plan.Group, _count - first);
        Forward(frame, plan, first);
        for (int n = 0; n < frame.Images; n++)
            _imageLosses[first + n] = LossOf(frame, plan, first + n, n, thread, backward: false);
    }

    private void Forward(in Frame frame, Plan plan, int first)
    {
        for (int n = 0; n < frame.Images; n++)
        {
            _input.Load(first + n, frame.Arena, plan.Input, n);
            frame.Penalties[n] = 0;
        }
        foreach (var operation in plan.Operations)
            operation.Run(frame);
    }

    // The terms of an image's loss with its penalties. The output has no borders, its gradient may have some; so the loss makes the gradient
    // in the target's place, or next to it, and it is copied.
    private double LossOf(in Frame frame, Plan plan, int image, int n, int thread, bool backward)
    {
        int size = OutputShape.Size;
        float* target = _targets.Pointer + (nint)thread * _targetStride,
            output = frame.Arena + plan.Output.Start + (nint)n * plan.Output.ImageStride;
        _target.Load(image, 0, size, target);
        double loss = frame.Penalties[n] * _terms;
        float* slopes = Loss is CustomLoss && _outputs == null ? target + _targetStride * _team.Count : target;
        if (_outputs == null)
            loss += Losses.Sum(Loss, output, target, backward ? slopes : null, _gradientScale, OutputShape);
        else
            Arrays.Copy(output, _outputs + (nint)image * size, size); // what stands for the target is the gradient
        if (backward)
        {
            var gradient = plan.OutputGradient!;
            for (int run = 0; run < gradient.Runs; run++)
                Arrays.Copy(
                    slopes + run * gradient.RunLength,
                    frame.Arena + gradient.Start + (nint)n * gradient.ImageStride + (nint)run * gradient.RowStride,
                    gradient.RunLength
                );
        }
        return loss;
    }

    private void SaveInputGradients(in Frame frame)
    {
        if (_inputGradients == null || _plan.InputGradient is not { } gradient)
            return;
        int size = InputShape.Size;
        for (int n = 0; n < frame.Images; n++)
            Arrays.Copy(
                frame.Arena + gradient.Start + (nint)n * gradient.ImageStride,
                _inputGradients + (nint)(frame.First + n) * size,
                size
            );
    }
}
