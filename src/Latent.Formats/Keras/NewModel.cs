using System.Text.Json.Nodes;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Formats.Keras;

/// <summary>A layer of a model that is to be written, or a model within it.</summary>
internal sealed class NewNode
{
    public required string Name { get; init; }

    /// <summary>The shape that it takes.</summary>
    public required Shape Input { get; init; }

    /// <summary>The shape that it gives.</summary>
    public required Shape Output { get; init; }

    /// <summary>Null for a model.</summary>
    public Layer? Layer { get; init; }

    /// <summary>The layer's options in Keras's words.</summary>
    public JsonObject? Options { get; init; }

    /// <summary>The layer's weights, in order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>The layers of a model; null for a layer.</summary>
    public IReadOnlyList<NewNode>? Layers { get; init; }

    /// <summary>The name of a model's input layer.</summary>
    public string InputName { get; init; } = "";

    /// <summary>Keras's class.</summary>
    public string ClassName => Layer?.ClassName ?? "Functional";

    /// <summary>All layers in it that are no models, itself where it is none.</summary>
    public IEnumerable<NewNode> Leaves() => Layers is null ? [this] : Layers.SelectMany(layer => layer.Leaves());
}

/// <summary>A model that is to be written: what it is made of and its numbers.</summary>
internal sealed class NewModel
{
    /// <summary>The outermost model.</summary>
    public required NewNode Root { get; init; }

    public required WeightStore Weights { get; init; }

    /// <summary>Null for a model that is not compiled.</summary>
    public Loss? Loss { get; init; }

    /// <summary>Null without one.</summary>
    public OptimizerState? Optimizer { get; init; }

    /// <summary>One of some networks as a model of its own.</summary>
    /// <param name="weights">All networks' numbers.</param>
    /// <param name="network">Which network.</param>
    /// <param name="name">The model's name.</param>
    public static NewNode OfNetwork(WeightStore weights, int network, string name) => Chain(weights, network, name, "input_layer", null);

    /// <summary>An autoencoder as in the article: the encoder's layers, and behind them the decoder as a model of its own.</summary>
    public static NewNode OfAutoencoder(WeightStore weights, string name)
    {
        var decoder = Chain(weights, 1, "decoder", "input_layer_1", null);
        return Chain(weights, 0, name, "input_layer", decoder);
    }

    private static NewNode Chain(WeightStore weights, int index, string name, string input, NewNode? last)
    {
        var layout = weights.Layout;
        var network = layout.Networks[index];
        var options = NetworkJson.Write(network)["layers"]!.AsArray();
        int first = layout.Networks.Take(index).Sum(before => before.Layers.Length);
        var byLayer = layout.Parameters.ToLookup(parameter => parameter.Layer);
        var taken = new HashSet<string>(StringComparer.Ordinal) { input, last?.Name ?? "" };
        var nodes = new List<NewNode>();
        for (int i = 0; i < network.Layers.Length; i++)
            nodes.Add(
                new()
                {
                    Name = Free(layout.LayerNames[first + i][(network.Name.Length + 1)..], taken),
                    Input = network.InputOf(i),
                    Output = network.Shapes[i],
                    Layer = network.Layers[i],
                    Options = options[i]!["config"]!.AsObject(),
                    Parameters = [.. byLayer[first + i]],
                }
            );
        if (last is not null)
            nodes.Add(last);
        return new()
        {
            Name = name,
            Input = network.Input,
            Output = nodes[^1].Output,
            Layers = nodes,
            InputName = input,
        };
    }

    /// <summary>Keras's names have no '/', and are each once in a model.</summary>
    private static string Free(string name, HashSet<string> taken)
    {
        string clean = name.Replace('/', '_'),
            free = clean;
        for (int i = 1; !taken.Add(free); i++)
            free = $"{clean}_{i}";
        return free;
    }
}
