using Latent.Engine.Kernels;
using Latent.Engine.Operations;

namespace Latent.Engine;

// A batch on its way: chunk by chunk forward and back, from meeting to meeting where chunks meet, then the update.
public sealed unsafe partial class TrainingProgram
{
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
        (_input, _target, _count, _trains) = (input, target, count, true);
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

    // What one thread packs lies in its own caches, and another's would have to come from there. So a few threads pack all for themselves; many
    // would spend more on that than it saves.
    private int PacksOf(Plan plan) => plan.Meetings.Length == 0 && _team.Count <= MostOwnPacks ? _team.Count : 1;

    private const int MostOwnPacks = 4;

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
        _packed = [new(_plan)];
        _workspaces = [.. Enumerable.Range(0, Chunks.Most).Select(i => new Workspace(_plan, i))];
    }

    // From meeting to meeting: all chunks up to it, what they left is combined, all chunks from there. After the last one the loss, and back.
    private void RunWithMeetings()
    {
        _packed[0].Refresh(Weights);
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
            ClearGradient(frame.Gradient);
            Load(frame, _plan, thread);
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
            loss += LossOf(frame, _plan, n, thread, backward: true);
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
        var frame = _workspaces[chunk].Frame(Weights, _packed[0], _gradients.Pointer + (nint)chunk * _gradientStride);
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
        if (_packed.Length > 1)
            return;
        _team.Run(_packed[0].Parts.Length, _pack);
        _packed[0].Mark(Weights);
    }

    private void RunChunk(int chunk, int thread)
    {
        float* gradient = _gradients.Pointer + (nint)chunk * _gradientStride;
        ClearGradient(gradient);
        int first = Chunks.First(chunk, _chunkCount, _count),
            end = first + _chunkImages[chunk];
        double loss = 0;
        var packed = _packed[thread % _packed.Length];
        packed.Refresh(Weights); // nothing where that is done already
        var frame = _workspaces[thread].Frame(Weights, packed, gradient);
        (frame.NoiseSeed, frame.Step, frame.PenaltyScale) = (Seed, Optimizer.Steps, 1f / _count);
        for (int group = first; group < end; group += frame.Images)
        {
            (frame.First, frame.Images) = (group, Math.Min(_plan.Group, end - group));
            Load(frame, _plan, thread);
            _plan.RunHead(frame);
            foreach (var part in frame.Parts(_plan.Part))
            {
                _plan.RunTail(part);
                for (int n = 0; n < part.Images; n++)
                    loss += LossOf(part, _plan, n, thread, backward: true);
                _plan.RunTailBack(part);
            }
            _plan.RunHeadBack(frame);
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
        var frame = _use is null ? _workspaces[thread].Frame(Weights, _packed[0]) : _useWorkspaces[thread].Frame(Weights, _usePacked!);
        frame.First = group * plan.Group;
        frame.Images = Math.Min(plan.Group, _count - frame.First);
        Load(frame, plan, thread);
        plan.RunHead(frame);
        foreach (var part in frame.Parts(plan.Part))
        {
            plan.RunTail(part);
            for (int n = 0; n < part.Images; n++)
                _imageLosses[part.First + n] = LossOf(part, plan, n, thread, backward: false);
        }
    }

    private void Load(in Frame frame, Plan plan, int thread)
    {
        bool changes = Noise is not null || (_trains && Augmentation is not null);
        for (int n = 0; n < frame.Images; n++)
        {
            if (changes)
                LoadChanged(frame.First + n, frame.Of(plan.Input, n), plan.Input, thread);
            else
                _input.Load(frame.First + n, frame.Of(plan.Input, n), plan.Input);
            frame.Penalties[n] = 0;
        }
    }

    // What is drawn follows from the seed, the step and the image: the target's is the same again, and that of a validation always the same.
    private void LoadChanged(int image, float* to, Tensor tensor, int thread)
    {
        int size = InputShape.Size,
            row = _input.Row(image);
        float* changed = Room(thread),
            free = changed + size;
        _input.Load(image, 0, size, changed);
        if (_trains)
            Augmentation?.Apply(changed, free, InputShape, Seed, Optimizer.Steps, row, onlyMoves: false);
        if (Noise is { } noise)
            noise.Apply(
                changed,
                free,
                InputShape,
                _trains
                    ? NoiseBits.Key(Seed, InputNoise.InTraining, Optimizer.Steps, row)
                    : NoiseBits.Key(Seed, InputNoise.InValidation, 0, row)
            );
        int length = tensor.RunLength;
        for (int run = 0; run < tensor.Runs; run++, to += tensor.RowStride)
            Arrays.Copy(changed + run * length, to, length);
    }

    // The target of an image, changed as the image is.
    private void LoadTarget(int image, float* target, int thread)
    {
        _target.Load(image, 0, OutputShape.Size, target);
        if (_trains && Augmentation is { } augmentation)
            augmentation.Apply(
                target,
                Room(thread),
                OutputShape,
                Seed,
                Optimizer.Steps,
                _input.Row(image),
                onlyMoves: !_target.IsOf(_input)
            );
    }

    private float* Room(int thread) =>
        (
            _room[thread] ??= new(
                checked(InputShape.Size + Math.Max(Math.Max(InputShape.Size, OutputShape.Size), Noise?.Room(InputShape) ?? 0))
            )
        ).Pointer;

    // All but what the operations start themselves.
    private void ClearGradient(float* gradient)
    {
        int end = 0;
        foreach (var (start, count) in _plan.Starts)
        {
            Arrays.Clear(gradient + end, start - end);
            end = start + count;
        }
        Arrays.Clear(gradient + end, Weights.Layout.Length - end);
    }

    // The terms of an image's loss with its penalties. The output has no borders, its gradient may have some; so the loss makes the gradient
    // in the target's place, or next to it, and it is copied.
    private double LossOf(in Frame frame, Plan plan, int n, int thread, bool backward)
    {
        int size = OutputShape.Size,
            image = frame.First + n;
        float* target = _targets.Pointer + (nint)thread * _targetStride,
            output = frame.Of(plan.Output, n);
        LoadTarget(image, target, thread);
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
                Arrays.Copy(slopes + run * gradient.RunLength, frame.Of(gradient, n) + (nint)run * gradient.RowStride, gradient.RunLength);
        }
        return loss;
    }

    private void SaveInputGradients(in Frame frame)
    {
        if (_inputGradients == null || _plan.InputGradient is not { } gradient)
            return;
        int size = InputShape.Size;
        for (int n = 0; n < frame.Images; n++)
            Arrays.Copy(frame.Of(gradient, n), _inputGradients + (nint)(frame.First + n) * size, size);
    }
}
