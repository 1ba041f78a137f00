using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>Keras's Lion.</summary>
internal sealed unsafe class LionRule(Lion o, ParameterLayout layout) : UpdateRule(o, layout, "momentum")
{
    protected override void Update(in Gradients gradients, Piece piece, int thread) =>
        Map.Run(
            new UpdateMap
            {
                Gradient = gradients,
                Weights = Weights,
                Momentum = Slots[0].Pointer,
                Start = piece.Start,
                Rate = Rate,
                Decay = Decay,
                Beta1 = o.Beta1,
                Rest1 = 1 - o.Beta1,
                Beta2 = o.Beta2,
                Rest2 = 1 - o.Beta2,
            },
            piece.Count
        );

    private struct UpdateMap : IMap
    {
        public Gradients Gradient;
        public float* Weights,
            Momentum;
        public int Start;
        public Decay Decay;
        public float Rate,
            Beta1,
            Rest1,
            Beta2,
            Rest2;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            index += Start;
            V g = Gradient.Load<T, V>(index),
                m = *(V*)(Momentum + index);
            V c = T.Add(T.Multiply(m, T.Broadcast(Beta1)), T.Multiply(g, T.Broadcast(Rest1)));
            V sign = T.WherePositive(c, T.Broadcast(1), T.WhereNegative(c, T.Broadcast(-1), c)); // 0 and NaN stay what they are
            *(V*)(Momentum + index) = T.Add(T.Multiply(m, T.Broadcast(Beta2)), T.Multiply(g, T.Broadcast(Rest2)));
            V w = Decay.Of<T, V>(*(V*)(Weights + index));
            *(V*)(Weights + index) = T.Subtract(w, T.Multiply(T.Broadcast(Rate), sign));
        }
    }
}
