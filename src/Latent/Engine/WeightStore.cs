using Latent.Networks;

namespace Latent.Engine;

/// <summary>
/// The numbers of a chain of networks: one flat array, laid out by <see cref="ParameterLayout"/>. Not thread-safe while it is being changed;
/// any number of threads may read it.
/// </summary>
public sealed unsafe class WeightStore
{
    private readonly FloatBuffer _values;

    /// <summary>All weights zero.</summary>
    public WeightStore(ParameterLayout layout)
    {
        Layout = layout;
        _values = new(layout.Length);
    }

    /// <summary>Which weight lies where.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The whole flat array, the gaps between weights (always zero) included.</summary>
    public Span<float> Values => _values.Span;

    /// <summary>Grows with each change, so that packed copies of the weights know when they are stale.</summary>
    public int Version { get; private set; }

    internal float* Pointer => _values.Pointer;

    /// <summary>The numbers of one weight. Call <see cref="Touch"/> after changing them.</summary>
    public Span<float> this[Parameter parameter] => Values.Slice(parameter.Offset, parameter.Count);

    /// <summary>The numbers of the weight of this full name ("encoder/conv2d/kernel"). Call <see cref="Touch"/> after changing them.</summary>
    /// <exception cref="LatentException">There is no such weight.</exception>
    public Span<float> this[string name] =>
        this[
            Layout.Find(name)
                ?? throw new LatentException(
                    $"There is no weight '{name}'.",
                    string.Join(", ", Layout.Parameters.Select(p => p.Name)),
                    $"'{name}'"
                )
        ];

    /// <summary>Says that numbers were changed.</summary>
    public void Touch() => Version++;

    /// <summary>Draws all weights anew: Glorot-uniform kernels, zeros and ones as each weight says. The same seed gives the same bits everywhere.</summary>
    /// <param name="seed">Any number; each weight has a stream of its own, derived from it by the weight's name.</param>
    public void Initialize(long seed)
    {
        foreach (var parameter in Layout.Parameters)
        {
            var values = this[parameter];
            if (parameter.Weight.Initializer is Initializer.Zeros or Initializer.Ones)
            {
                values.Fill(parameter.Weight.Initializer == Initializer.Ones ? 1 : 0);
                continue;
            }
            var random = new RandomStream(seed, $"weights/{parameter.Name}");
            double limit = Math.Sqrt(6.0 / (parameter.Weight.FanIn + parameter.Weight.FanOut));
            foreach (ref float value in values)
                value = (float)((random.NextDouble() * 2 - 1) * limit);
        }
        Touch();
    }

    /// <summary>Takes all numbers of another store of the same layout.</summary>
    public void CopyFrom(WeightStore other)
    {
        other.Values.CopyTo(Values);
        Touch();
    }

    /// <summary>A store of its own with the same numbers.</summary>
    public WeightStore Clone()
    {
        var clone = new WeightStore(Layout);
        clone.CopyFrom(this);
        return clone;
    }
}
