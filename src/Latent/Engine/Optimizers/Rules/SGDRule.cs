using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>Keras's SGD, with momentum where asked for.</summary>
internal sealed unsafe class SGDRule(SGD o, ParameterLayout layout) : UpdateRule(o, layout, o.Momentum > 0 ? ["momentum"] : [])
{
    protected override void Update(in Gradients gradients, Piece piece, int thread) =>
        Map.Run(
            new UpdateMap
            {
                Gradient = gradients,
                Weights = Weights,
                Momentum = o.Momentum > 0 ? Slots[0].Pointer : null,
                Start = piece.Start,
                Rate = Rate,
                Decay = Decay,
                Keep = o.Momentum,
                Nesterov = o.Nesterov,
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
            Keep;
        public bool Nesterov;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            index += Start;
            V step = T.Multiply(T.Broadcast(-Rate), Gradient.Load<T, V>(index));
            if (Momentum != null)
            {
                V keep = T.Broadcast(Keep),
                    m = T.Add(T.Multiply(*(V*)(Momentum + index), keep), step);
                *(V*)(Momentum + index) = m;
                step = Nesterov ? T.Add(T.Multiply(m, keep), step) : m;
            }
            *(V*)(Weights + index) = T.Add(Decay.Of<T, V>(*(V*)(Weights + index)), step);
        }
    }
}
