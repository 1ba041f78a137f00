using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>Keras's Adam and AdamW, which differ in the decay alone.</summary>
internal sealed unsafe class AdamRule(
    Optimizer optimizer,
    float rate,
    float beta1,
    float beta2,
    float epsilon,
    bool amsGrad,
    ParameterLayout layout
) : UpdateRule(optimizer, layout, [.. (string[])["momentum", "velocity"], .. amsGrad ? ["velocity_hat"] : (string[])[]])
{
    private float _alpha;

    protected override void Prepare(long step, double factor)
    {
        double t = step + 1;
        _alpha = (float)(rate * factor * Math.Sqrt(1 - Math.Pow(beta2, t)) / (1 - Math.Pow(beta1, t)));
    }

    protected override void Update(in Gradients gradients, Piece piece, int thread) =>
        Map.Run(
            new UpdateMap
            {
                Gradient = gradients,
                Weights = Weights,
                Momentum = Slots[0].Pointer,
                Velocity = Slots[1].Pointer,
                Largest = amsGrad ? Slots[2].Pointer : null,
                Start = piece.Start,
                Alpha = _alpha,
                Keep = Keep,
                Rest1 = OneMinus(beta1),
                Rest2 = OneMinus(beta2),
                Epsilon = epsilon,
            },
            piece.Count
        );

    private struct UpdateMap : IMap
    {
        public Gradients Gradient;
        public float* Weights,
            Momentum,
            Velocity,
            Largest;
        public int Start;
        public float Alpha,
            Keep,
            Rest1,
            Rest2,
            Epsilon;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            index += Start;
            V g = Gradient.Load<T, V>(index),
                m = *(V*)(Momentum + index),
                v = *(V*)(Velocity + index);
            m = T.MultiplyAdd(T.Subtract(g, m), T.Broadcast(Rest1), m);
            v = T.MultiplyAdd(T.Subtract(T.Multiply(g, g), v), T.Broadcast(Rest2), v);
            *(V*)(Momentum + index) = m;
            *(V*)(Velocity + index) = v;
            if (Largest != null)
            {
                V largest = *(V*)(Largest + index);
                v = T.WhereNegative(T.Subtract(largest, v), v, largest);
                *(V*)(Largest + index) = v;
            }
            V w = T.Multiply(*(V*)(Weights + index), T.Broadcast(Keep));
            V step = T.Divide(T.Multiply(T.Broadcast(Alpha), m), T.Add(T.SquareRoot(v), T.Broadcast(Epsilon)));
            *(V*)(Weights + index) = T.Subtract(w, step);
        }
    }
}
