using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>
/// The arithmetic of an optimizer, cut into tasks that touch different weights, so that any threads may share a step and get the same bits.
/// What all have in common is done here: clipping, the averages of the weights, and the decay's factor, which each rule applies where it reads
/// the weights. The sums and products are Keras's, in its order and rounded where it rounds, so that single precision gives the same bits but
/// for the last one here and there.
/// </summary>
internal abstract unsafe class UpdateRule
{
    /// <summary>The slot of the averages.</summary>
    public const string Average = "average";

    private readonly Optimizer _optimizer;
    private readonly Piece[] _pieces;
    private readonly Norms? _norms;
    private readonly FloatBuffer? _average;
    private Gradients _gradients;
    private float _averageKeeps;
    private bool _overwrites;

    protected UpdateRule(Optimizer optimizer, ParameterLayout layout, params ReadOnlySpan<string> slots)
        : this(optimizer, layout, Piece.Of(layout), slots) { }

    /// <param name="optimizer">Its options.</param>
    /// <param name="layout">The weights.</param>
    /// <param name="pieces">What the tasks work on, the most work first.</param>
    /// <param name="slots">The names of the arrays that are remembered.</param>
    protected UpdateRule(Optimizer optimizer, ParameterLayout layout, IEnumerable<Piece> pieces, ReadOnlySpan<string> slots)
    {
        _optimizer = optimizer;
        _pieces = [.. pieces];
        SlotNames = optimizer.UseEma ? [.. slots, Average] : [.. slots];
        Slots = [.. SlotNames.Select((_, i) => new FloatBuffer(layout.Length, i + 1))];
        if (optimizer.UseEma)
            _average = Slots[^1];
        if (optimizer.ClipNorm is not null || optimizer.GlobalClipNorm is not null)
            _norms = new(optimizer, layout);
    }

    public string[] SlotNames { get; }

    public FloatBuffer[] Slots { get; }

    /// <summary>Tasks of the first phase, which must all be done before those of the second begin; 0 where there is nothing to measure.</summary>
    public int MeasuringTasks => _norms?.Tasks ?? 0;

    /// <summary>Tasks of the second phase, the step itself.</summary>
    public int Tasks => _pieces.Length;

    protected float* Weights { get; private set; }

    /// <summary>The step's learning rate.</summary>
    protected float Rate { get; private set; }

    /// <summary>What is taken from the weights before the step.</summary>
    protected Decay Decay { get; private set; }

    public static UpdateRule For(Optimizer optimizer, ParameterLayout layout)
    {
        var problems = new List<string>();
        optimizer.Check(new(optimizer.GetType().Name, problems));
        if (problems.Count > 0)
            throw new LatentException($"The optimizer cannot be used: {string.Join(' ', problems)}");
        return optimizer switch
        {
            SGD o => new SGDRule(o, layout),
            RMSprop o => new RMSpropRule(o, layout),
            Adam o => new AdamRule(o, o.Beta1, o.Beta2, o.Epsilon, o.AmsGrad, layout),
            AdamW o => new AdamRule(o, o.Beta1, o.Beta2, o.Epsilon, o.AmsGrad, layout),
            Nadam o => new NadamRule(o, layout),
            Lion o => new LionRule(o, layout),
            Muon o => new MuonRule(o, layout),
            _ => throw new LatentException($"The engine does not know the optimizer {optimizer.Name}."),
        };
    }

    public void Begin(float* weights, float* gradients, int chunks, nint stride, long step, double factor)
    {
        Weights = weights;
        Rate = (float)(_optimizer.LearningRate * factor);
        Decay = new(_optimizer.WeightDecay, Rate);
        _gradients = new()
        {
            Start = gradients,
            Chunks = chunks,
            Stride = stride,
            Scale = 1,
            Limit = _optimizer.ClipValue ?? float.PositiveInfinity,
        };
        _averageKeeps = step == 0 ? 0 : _optimizer.EmaMomentum;
        _overwrites = _optimizer.EmaOverwriteFrequency is int steps && (step + 1) % steps == 0;
        Prepare(step, factor);
    }

    /// <summary>A task of the first phase.</summary>
    public void Measure(int task, int thread) => _norms!.Measure(_gradients, task);

    /// <summary>To be called between the phases, on one thread.</summary>
    public void Measured()
    {
        if (_norms is null)
            return;
        _norms.Combine();
        _gradients.Chunks = 1; // they are added up
    }

    /// <summary>A task of the second phase.</summary>
    public void Run(int task, int thread)
    {
        var piece = _pieces[task];
        var gradients = _gradients;
        if (_norms is not null)
            gradients.Scale = _norms.Scales[piece.Parameter];
        Update(gradients, piece, thread);
        if (_average is not null)
            Map.Run(
                new AverageMap
                {
                    Weights = Weights + piece.Start,
                    Average = _average.Pointer + piece.Start,
                    Keep = _averageKeeps,
                    Overwrites = _overwrites,
                },
                piece.Count
            );
    }

    /// <summary>1 − β from the decimal number that was written, as Keras has it: 0.001 for 0.999, not 0.00100005.</summary>
    protected static float OneMinus(float beta) => (float)(1 - (decimal)beta);

    /// <summary>βᵗ, rounded once.</summary>
    protected static float Power(float beta, long t) => (float)Math.Pow(beta, t);

    /// <summary>Computes what all numbers of a step share beside the rate.</summary>
    /// <param name="step">Steps taken before this one.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    protected virtual void Prepare(long step, double factor) { }

    /// <summary>Updates the weights of a piece.</summary>
    protected abstract void Update(in Gradients gradients, Piece piece, int thread);

    private struct AverageMap : IMap
    {
        public float* Weights,
            Average;
        public float Keep;
        public bool Overwrites;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V w = T.Multiply(T.Broadcast(1 - Keep), *(V*)(Weights + index));
            // at the first step the array may hold anything, for what is 0 · it is not always 0
            V average = Keep == 0 ? w : T.Add(T.Multiply(T.Broadcast(Keep), *(V*)(Average + index)), w);
            *(V*)(Average + index) = average;
            if (Overwrites)
                *(V*)(Weights + index) = average;
        }
    }
}
