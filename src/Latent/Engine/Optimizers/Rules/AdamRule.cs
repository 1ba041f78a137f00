using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>Keras's Adam and AdamW, which differ in the decay alone.</summary>
internal sealed unsafe class AdamRule(Optimizer optimizer, float beta1, float beta2, float epsilon, bool amsGrad, ParameterLayout layout)
    : UpdateRule(optimizer, layout, [.. (string[])["momentum", "velocity"], .. amsGrad ? ["velocity_hat"] : (string[])[]])
{
    private float _alpha;

    protected override void Prepare(long step, double factor)
    {
        // with a large β₂ it depends on the rounding of its power: at the first steps 1 − 0.9999ᵗ has four digits
        _alpha = Rate * MathF.Sqrt(1 - Power(beta2, step + 1)) / (1 - Power(beta1, step + 1));
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
                Decay = Decay,
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
        public Decay Decay;
        public float Alpha,
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
            m = T.Add(m, T.Multiply(T.Subtract(g, m), T.Broadcast(Rest1)));
            v = T.Add(v, T.Multiply(T.Subtract(T.Multiply(g, g), v), T.Broadcast(Rest2)));
            *(V*)(Momentum + index) = m;
            *(V*)(Velocity + index) = v;
            if (Largest != null)
            {
                V largest = *(V*)(Largest + index);
                v = T.WhereNegative(T.Subtract(largest, v), v, largest);
                *(V*)(Largest + index) = v;
            }
            V w = Decay.Of<T, V>(*(V*)(Weights + index));
            V step = T.Divide(T.Multiply(T.Broadcast(Alpha), m), T.Add(T.SquareRoot(v), T.Broadcast(Epsilon)));
            *(V*)(Weights + index) = T.Subtract(w, step);
        }
    }
}
