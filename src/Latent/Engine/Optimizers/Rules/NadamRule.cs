using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>Keras's Nadam.</summary>
internal sealed unsafe class NadamRule(Nadam o, ParameterLayout layout) : UpdateRule(o, layout, "momentum", "velocity")
{
    private long _steps; // that _product is of
    private double _product = 1;
    private float _ofMean,
        _ofGradient,
        _rootCorrection;

    protected override void Prepare(long step, double factor)
    {
        if (step < _steps)
            (_steps, _product) = (0, 1);
        for (; _steps <= step; _steps++) // more than once where a training goes on: the product follows from the count
            _product *= U(_steps + 1);
        double rate = o.LearningRate * factor,
            next = U(step + 2);
        _ofMean = (float)(rate * next / (1 - _product * next));
        _ofGradient = (float)(rate * (1 - U(step + 1)) / (1 - _product));
        _rootCorrection = (float)(1 / (1 - Math.Pow(o.Beta2, step + 1)));
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
                Keep = Keep,
                OfMean = _ofMean,
                OfGradient = _ofGradient,
                RootCorrection = _rootCorrection,
                Rest1 = OneMinus(o.Beta1),
                Rest2 = OneMinus(o.Beta2),
                Epsilon = o.Epsilon,
            },
            piece.Count
        );

    private double U(long t) => o.Beta1 * (1 - 0.5 * Math.Pow(0.96, t));

    private struct UpdateMap : IMap
    {
        public Gradients Gradient;
        public float* Weights,
            Momentum,
            Velocity;
        public int Start;
        public float Keep,
            OfMean,
            OfGradient,
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
            m = T.MultiplyAdd(T.Subtract(g, m), T.Broadcast(Rest1), m);
            v = T.MultiplyAdd(T.Subtract(T.Multiply(g, g), v), T.Broadcast(Rest2), v);
            *(V*)(Momentum + index) = m;
            *(V*)(Velocity + index) = v;
            V mean = T.MultiplyAdd(T.Broadcast(OfMean), m, T.Multiply(T.Broadcast(OfGradient), g));
            V root = T.SquareRoot(T.Multiply(v, T.Broadcast(RootCorrection)));
            V w = T.Multiply(*(V*)(Weights + index), T.Broadcast(Keep));
            *(V*)(Weights + index) = T.Subtract(w, T.Divide(mean, T.Add(root, T.Broadcast(Epsilon))));
        }
    }
}
