using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>Keras's RMSprop, with momentum and centring where asked for.</summary>
internal sealed unsafe class RMSpropRule(RMSprop o, ParameterLayout layout)
    : UpdateRule(
        o,
        layout,
        [.. (string[])["velocity"], .. o.Momentum > 0 ? ["momentum"] : (string[])[], .. o.Centered ? ["average_gradient"] : (string[])[]]
    )
{
    protected override void Update(in Gradients gradients, Piece piece, int thread) =>
        Map.Run(
            new UpdateMap
            {
                Gradient = gradients,
                Weights = Weights,
                Velocity = Slots[0].Pointer,
                Momentum = o.Momentum > 0 ? Slots[1].Pointer : null,
                Average = o.Centered ? Slots[o.Momentum > 0 ? 2 : 1].Pointer : null,
                Start = piece.Start,
                Rate = Rate,
                Rho = o.Rho,
                Rest = OneMinus(o.Rho),
                Decay = Decay,
                Keep = o.Momentum,
                Epsilon = o.Epsilon,
            },
            piece.Count
        );

    private struct UpdateMap : IMap
    {
        public Gradients Gradient;
        public float* Weights,
            Velocity,
            Momentum,
            Average;
        public int Start;
        public Decay Decay;
        public float Rate,
            Rho,
            Rest,
            Keep,
            Epsilon;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            index += Start;
            V rho = T.Broadcast(Rho),
                rest = T.Broadcast(Rest);
            V g = Gradient.Load<T, V>(index);
            V v = T.MultiplyAdd(rho, *(V*)(Velocity + index), T.Multiply(rest, T.Multiply(g, g)));
            *(V*)(Velocity + index) = v;
            V square = v;
            if (Average != null)
            {
                V average = T.Add(T.Multiply(rho, *(V*)(Average + index)), T.Multiply(rest, g));
                *(V*)(Average + index) = average;
                square = T.Subtract(square, T.Multiply(average, average));
            }
            V increment = T.Divide(T.Multiply(T.Broadcast(Rate), g), T.SquareRoot(T.Add(square, T.Broadcast(Epsilon))));
            if (Momentum != null)
            {
                increment = T.Add(T.Multiply(T.Broadcast(Keep), *(V*)(Momentum + index)), increment);
                *(V*)(Momentum + index) = increment;
            }
            *(V*)(Weights + index) = T.Subtract(Decay.Of<T, V>(*(V*)(Weights + index)), increment);
        }
    }
}
