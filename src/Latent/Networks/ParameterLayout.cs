using System.Collections.Immutable;

namespace Latent.Networks;

/// <summary>One weight of a chain of networks and its place in the flat array of all of them.</summary>
/// <param name="Name">Its full name, "encoder/conv2d/kernel".</param>
/// <param name="Weight">Its shape and start.</param>
/// <param name="Layer">The layer's index in the chain, all networks counted through.</param>
/// <param name="Offset">The index of its first number in the flat array.</param>
public sealed record Parameter(string Name, Weight Weight, int Layer, int Offset)
{
    /// <summary>How many numbers it has.</summary>
    public int Count => Weight.Count;
}

/// <summary>
/// Where each weight of a chain of networks lies in one flat array: in Keras's order (layer by layer, kernel before bias), each starting at a
/// multiple of 16 numbers. Also the names of the layers. Immutable.
/// </summary>
public sealed class ParameterLayout
{
    private readonly Dictionary<string, Parameter> _byName;

    /// <summary>The layout of networks that run one after the other.</summary>
    /// <exception cref="LatentException">Two layers have the same name, or the networks do not fit each other.</exception>
    public ParameterLayout(params ImmutableArray<Network> networks)
    {
        Networks = networks;
        var parameters = ImmutableArray.CreateBuilder<Parameter>();
        var names = ImmutableArray.CreateBuilder<string>();
        var counters = new Dictionary<string, int>(StringComparer.Ordinal); // Keras counts a class through all networks of a model
        var taken = new HashSet<string>(StringComparer.Ordinal);
        int offset = 0;
        for (int n = 0; n < networks.Length; n++)
        {
            var network = networks[n];
            if (n > 0 && networks[n - 1].Output != network.Input)
                throw new LatentException(
                    $"'{network.Name}' does not fit '{networks[n - 1].Name}'.",
                    $"an input of {networks[n - 1].Output}",
                    $"{network.Input}",
                    "give both the same latent size and image"
                );
            for (int i = 0; i < network.Layers.Length; i++)
            {
                var layer = network.Layers[i];
                string name = $"{network.Name}/{layer.Name ?? Automatic(layer.BaseName)}";
                if (!taken.Add(name))
                    throw new LatentException($"Two layers are called '{name}'.", "a name of its own for each layer", name);
                foreach (var weight in layer.WeightsOf(network.InputOf(i)))
                {
                    parameters.Add(new($"{name}/{weight.Name}", weight, names.Count, offset));
                    offset = checked(offset + (weight.Count + 15) / 16 * 16);
                }
                names.Add(name);
            }
        }
        (Parameters, LayerNames, Length) = (parameters.ToImmutable(), names.ToImmutable(), offset);
        _byName = Parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);

        string Automatic(string baseName)
        {
            int count = counters.GetValueOrDefault(baseName);
            counters[baseName] = count + 1;
            return count == 0 ? baseName : $"{baseName}_{count}";
        }
    }

    /// <summary>The networks, in order.</summary>
    public ImmutableArray<Network> Networks { get; }

    /// <summary>All weights, in order.</summary>
    public ImmutableArray<Parameter> Parameters { get; }

    /// <summary>The full name of each layer of the chain ("encoder/conv2d").</summary>
    public ImmutableArray<string> LayerNames { get; }

    /// <summary>The length of the flat array, the gaps between weights included.</summary>
    public int Length { get; }

    /// <summary>How many numbers the weights have together: what Keras calls the parameters.</summary>
    public int Count => Parameters.Sum(p => p.Count);

    /// <summary>The weight of this full name, or null.</summary>
    public Parameter? Find(string name) => _byName.GetValueOrDefault(name);
}
