namespace Latent.Engine.Operations;

/// <summary>One thread's memory for a plan: the tensors of a group of images, and scratch.</summary>
internal sealed unsafe class Workspace(Plan plan, int skew = 0)
{
    // Buffers of different threads at the same offset in a page would fight for the same sets of a shared cache.
    private readonly FloatBuffer _arena = new(plan.ArenaLength, skew * 5 % 23),
        _scratch = new(plan.ScratchLength, (skew * 5 + 11) % 23),
        _extra = new(plan.ExtraLength, (skew * 5 + 17) % 23),
        _penalties = new(2 * plan.Group); // of doubles

    public Frame Frame(WeightStore weights, PackedWeights packed, float* gradient = null) =>
        new()
        {
            Arena = _arena.Pointer,
            Scratch = _scratch.Pointer,
            Weights = weights.Pointer,
            Packed = packed.Pointer,
            Gradient = gradient,
            Extra = _extra.Pointer,
            Penalties = (double*)_penalties.Pointer,
            FirstGroup = true,
        };
}

/// <summary>What the operations of a plan made of the weights, and of which version of them.</summary>
internal sealed unsafe class PackedWeights
{
    private readonly Plan _plan;
    private readonly FloatBuffer _buffer;
    private readonly Lock _gate = new();
    private volatile int _version = -1;

    public PackedWeights(Plan plan)
    {
        _plan = plan;
        _buffer = new(plan.PackedLength);
        Parts = [.. plan.Operations.SelectMany(o => Enumerable.Range(0, o.PackParts(plan.Training)).Select(part => (o, part)))];
    }

    public float* Pointer => _buffer.Pointer;

    /// <summary>All parts of the work, each independent of the others.</summary>
    public (Operation Operation, int Part)[] Parts { get; }

    /// <summary>Packs all anew on the calling thread if the weights have changed. Thread-safe.</summary>
    public void Refresh(WeightStore weights)
    {
        if (_version == weights.Version)
            return;
        lock (_gate)
        {
            if (_version == weights.Version)
                return;
            for (int part = 0; part < Parts.Length; part++)
                Refresh(weights, part);
            _version = weights.Version;
        }
    }

    /// <summary>Makes one part anew; when all parts are, <see cref="Mark"/> says so.</summary>
    public void Refresh(WeightStore weights, int part) => Parts[part].Operation.Pack(Parts[part].Part, weights.Pointer, Pointer);

    public void Mark(WeightStore weights) => _version = weights.Version;
}
