using Latent.Engine.Kernels;

namespace Latent.Engine.Optimizers;

/// <summary>
/// The decay of the weights: w − w · decay · rate. Not w · (1 − decay · rate), whose factor is rounded the same way at each step: a small decay
/// would be another one.
/// </summary>
internal readonly record struct Decay(float Part, float Rate)
{
    public V Of<T, V>(V w)
        where T : ISimd<V>
        where V : unmanaged => T.Subtract(w, T.Multiply(T.Multiply(w, T.Broadcast(Part)), T.Broadcast(Rate)));
}
