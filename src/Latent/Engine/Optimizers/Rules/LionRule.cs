using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>Keras's Lion.</summary>
internal sealed unsafe class LionRule(Lion o, ParameterLayout layout) : UpdateRule(o, layout, "momentum")
{
    private float _rate;

    protected override void Prepare(long step, double factor) => _rate = (float)(o.LearningRate * factor);

    protected override void Update(in Gradients gradients, Piece piece, int thread) =>
        Map.Run(
            new UpdateMap
            {
                Gradient = gradients,
                Weights = Weights,
                Momentum = Slots[0].Pointer,
                Start = piece.Start,
                Rate = _rate,
                Keep = Keep,
                Beta1 = o.Beta1,
                Rest1 = OneMinus(o.Beta1),
                Beta2 = o.Beta2,
                Rest2 = OneMinus(o.Beta2),
            },
            piece.Count
        );

    private struct UpdateMap : IMap
    {
        public Gradients Gradient;
        public float* Weights,
            Momentum;
        public int Start;
        public float Rate,
            Keep,
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
            V c = T.MultiplyAdd(T.Broadcast(Beta1), m, T.Multiply(T.Broadcast(Rest1), g));
            V sign = T.WherePositive(c, T.Broadcast(1), T.WhereNegative(c, T.Broadcast(-1), c)); // 0 and NaN stay what they are
            *(V*)(Momentum + index) = T.MultiplyAdd(T.Broadcast(Beta2), m, T.Multiply(T.Broadcast(Rest2), g));
            V w = T.Multiply(*(V*)(Weights + index), T.Broadcast(Keep));
            *(V*)(Weights + index) = T.Subtract(w, T.Multiply(T.Broadcast(Rate), sign));
        }
    }
}
