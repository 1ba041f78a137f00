using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>Keras's Nadam.</summary>
internal sealed unsafe class NadamRule(Nadam o, ParameterLayout layout) : UpdateRule(o, layout, "momentum", "velocity")
{
    private long _steps; // that _product is of
    private float _product = 1,
        _ofMean,
        _ofGradient,
        _meanCorrection,
        _gradientCorrection,
        _rootCorrection;

    protected override void Prepare(long step, double factor)
    {
        if (step < _steps)
            (_steps, _product) = (0, 1);
        for (; _steps <= step; _steps++) // more than once where a training goes on: the product follows from the count
            _product = _product * o.Beta1 * Ramp(_steps + 1);
        _ofMean = o.Beta1 * Ramp(step + 2);
        _ofGradient = 1 - o.Beta1 * Ramp(step + 1);
        _meanCorrection = 1 - _product * _ofMean;
        _gradientCorrection = 1 - _product;
        _rootCorrection = 1 - Power(o.Beta2, step + 1);
    }

    protected override void Update(in Gradients gradients, Piece piece, int thread) =>
        Map.Run(
            new UpdateMap
            {
                Gradient = gradients,
                Weights = Weights,
                Momentum = Slots[0].Pointer,
                Velocity = Slots[1].Pointer,
                Start = piece.Start,
                Decay = Decay,
                Rate = Rate,
                OfMean = _ofMean,
                OfGradient = _ofGradient,
                MeanCorrection = _meanCorrection,
                GradientCorrection = _gradientCorrection,
                RootCorrection = _rootCorrection,
                // not from the decimal numbers, as Adam's: the correction of the root below has the same rounding in it, and the two cancel
                Rest1 = 1 - o.Beta1,
                Rest2 = 1 - o.Beta2,
                Epsilon = o.Epsilon,
            },
            piece.Count
        );

    private static float Ramp(long t) => 1 - 0.5f * Power(0.96f, t);

    private struct UpdateMap : IMap
    {
        public Gradients Gradient;
        public float* Weights,
            Momentum,
            Velocity;
        public int Start;
        public Decay Decay;
        public float Rate,
            OfMean,
            OfGradient,
            MeanCorrection,
            GradientCorrection,
            RootCorrection,
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
            V mean = T.Divide(T.Multiply(T.Broadcast(OfMean), m), T.Broadcast(MeanCorrection)),
                gradient = T.Divide(T.Multiply(T.Broadcast(OfGradient), g), T.Broadcast(GradientCorrection)),
                root = T.SquareRoot(T.Divide(v, T.Broadcast(RootCorrection)));
            V step = T.Divide(T.Multiply(T.Add(mean, gradient), T.Broadcast(Rate)), T.Add(root, T.Broadcast(Epsilon)));
            *(V*)(Weights + index) = T.Subtract(Decay.Of<T, V>(*(V*)(Weights + index)), step);
        }
    }
}
