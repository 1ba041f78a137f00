using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>
/// The arithmetic of an optimizer, cut into tasks that touch different weights, so that any threads may share a step and get the same bits.
/// </summary>
internal abstract unsafe class UpdateRule
{
    protected const int Block = 4096; // numbers a task takes: small enough to share, large enough to hide the hand-over
    private readonly int _length;

    protected UpdateRule(ParameterLayout layout, params string[] slots)
    {
        _length = layout.Length;
        SlotNames = slots;
        Slots = [.. slots.Select((_, i) => new FloatBuffer(layout.Length, i + 1))];
    }

    public string[] SlotNames { get; }

    public FloatBuffer[] Slots { get; }

    public virtual int Tasks => (_length + Block - 1) / Block;

    protected float* Weights { get; private set; }

    protected Gradients Gradient { get; private set; }

    public static UpdateRule For(Optimizer optimizer, ParameterLayout layout)
    {
        if (!(optimizer.LearningRate > 0) || !float.IsFinite(optimizer.LearningRate))
            throw new LatentException("The learning rate is out of range.", "a number above 0", $"{optimizer.LearningRate}");
        return optimizer switch
        {
            RMSprop o => new RMSpropRule(o, layout),
            Adam o => new AdamRule(o.LearningRate, 0, o.Beta1, o.Beta2, o.Epsilon, layout),
            AdamW o => new AdamRule(o.LearningRate, o.WeightDecay, o.Beta1, o.Beta2, o.Epsilon, layout),
            Muon o => new MuonRule(o, layout),
            _ => throw new LatentException($"The engine does not know the optimizer {optimizer.Name}."),
        };
    }

    public void Begin(float* weights, float* gradients, int chunks, nint stride, long step, double factor)
    {
        Weights = weights;
        Gradient = new()
        {
            Start = gradients,
            Chunks = chunks,
            Stride = stride,
        };
        Prepare(step, factor);
    }

    public virtual void Run(int task, int thread)
    {
        int start = task * Block;
        Update(start, Math.Min(Block, _length - start));
    }

    /// <summary>Computes what all numbers of a step share.</summary>
    /// <param name="step">Steps taken before this one.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    protected abstract void Prepare(long step, double factor);

    /// <summary>Updates some weights one by one.</summary>
    protected abstract void Update(int start, int count);
}

/// <summary>The gradients of a batch's chunks, to be added in their order.</summary>
internal unsafe struct Gradients
{
    public float* Start;
    public int Chunks;
    public nint Stride;

    public readonly V Load<T, V>(int index)
        where T : ISimd<V>
        where V : unmanaged
    {
        float* g = Start + index;
        V sum = *(V*)g;
        for (int chunk = 1; chunk < Chunks; chunk++)
            sum = T.Add(sum, *(V*)(g += Stride));
        return sum;
    }
}

/// <summary>Keras's RMSprop, with momentum and centring where asked for.</summary>
internal sealed unsafe class RMSpropRule(RMSprop o, ParameterLayout layout)
    : UpdateRule(
        layout,
        [.. (string[])["velocity"], .. o.Momentum > 0 ? ["momentum"] : (string[])[], .. o.Centered ? ["average_gradient"] : (string[])[]]
    )
{
    private float _rate;

    protected override void Prepare(long step, double factor) => _rate = (float)(o.LearningRate * factor);

    protected override void Update(int start, int count) =>
        Map.Run(
            new UpdateMap
            {
                Gradient = Gradient,
                Weights = Weights,
                Velocity = Slots[0].Pointer,
                Momentum = o.Momentum > 0 ? Slots[1].Pointer : null,
                Average = o.Centered ? Slots[^1].Pointer : null,
                Start = start,
                Rate = _rate,
                Rho = o.Rho,
                Keep = o.Momentum,
                Epsilon = o.Epsilon,
            },
            count
        );

    private struct UpdateMap : IMap
    {
        public Gradients Gradient;
        public float* Weights,
            Velocity,
            Momentum,
            Average;
        public int Start;
        public float Rate,
            Rho,
            Keep,
            Epsilon;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            index += Start;
            V rho = T.Broadcast(Rho),
                rest = T.Broadcast(1 - Rho);
            V g = Gradient.Load<T, V>(index);
            V v = T.MultiplyAdd(rho, *(V*)(Velocity + index), T.Multiply(rest, T.Multiply(g, g)));
            *(V*)(Velocity + index) = v;
            V square = v;
            if (Average != null)
            {
                V average = T.MultiplyAdd(rho, *(V*)(Average + index), T.Multiply(rest, g));
                *(V*)(Average + index) = average;
                square = T.Subtract(square, T.Multiply(average, average));
            }
            V increment = T.Divide(T.Multiply(T.Broadcast(Rate), g), T.SquareRoot(T.Add(square, T.Broadcast(Epsilon))));
            if (Momentum != null)
            {
                increment = T.MultiplyAdd(T.Broadcast(Keep), *(V*)(Momentum + index), increment);
                *(V*)(Momentum + index) = increment;
            }
            *(V*)(Weights + index) = T.Subtract(*(V*)(Weights + index), increment);
        }
    }
}

/// <summary>Keras's Adam; with a decay AdamW.</summary>
internal sealed unsafe class AdamRule(float rate, float decay, float beta1, float beta2, float epsilon, ParameterLayout layout)
    : UpdateRule(layout, "momentum", "velocity")
{
    private float _alpha,
        _keep;

    protected override void Prepare(long step, double factor)
    {
        double t = step + 1;
        _alpha = (float)(rate * factor * Math.Sqrt(1 - Math.Pow(beta2, t)) / (1 - Math.Pow(beta1, t)));
        _keep = (float)(1 - decay * rate * factor);
    }

    protected override void Update(int start, int count) =>
        Map.Run(
            new UpdateMap
            {
                Gradient = Gradient,
                Weights = Weights,
                Momentum = Slots[0].Pointer,
                Velocity = Slots[1].Pointer,
                Start = start,
                Alpha = _alpha,
                Keep = _keep,
                Beta1 = beta1,
                Beta2 = beta2,
                Epsilon = epsilon,
            },
            count
        );

    private struct UpdateMap : IMap
    {
        public Gradients Gradient;
        public float* Weights,
            Momentum,
            Velocity;
        public int Start;
        public float Alpha,
            Keep,
            Beta1,
            Beta2,
            Epsilon;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            index += Start;
            V g = Gradient.Load<T, V>(index),
                m = *(V*)(Momentum + index),
                v = *(V*)(Velocity + index);
            m = T.MultiplyAdd(T.Subtract(g, m), T.Broadcast(1 - Beta1), m);
            v = T.MultiplyAdd(T.Subtract(T.Multiply(g, g), v), T.Broadcast(1 - Beta2), v);
            *(V*)(Momentum + index) = m;
            *(V*)(Velocity + index) = v;
            V w = T.Multiply(*(V*)(Weights + index), T.Broadcast(Keep));
            V step = T.Divide(T.Multiply(T.Broadcast(Alpha), m), T.Add(T.SquareRoot(v), T.Broadcast(Epsilon)));
            *(V*)(Weights + index) = T.Subtract(w, step);
        }
    }
}
