using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latent.Networks;

namespace Latent.Formats.Keras;

/// <summary>Makes a network of a chain of Keras's layers.</summary>
internal sealed class KerasNetwork
{
    private readonly ImmutableArray<Layer>.Builder _layers = ImmutableArray.CreateBuilder<Layer>();
    private readonly List<string> _problems = [];
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly bool _isKeras2;
    private Shape _shape;
    private bool _noChannels; // an image as (height, width), which here has one channel

    private KerasNetwork(bool isKeras2) => _isKeras2 = isKeras2;

    /// <param name="root">The model; what its layers became is written into them.</param>
    /// <param name="isKeras2">Whether a version of Keras before 3 wrote it.</param>
    /// <param name="problems">What cannot be read here; none where all can be.</param>
    /// <param name="notes">What the file says and is of no effect here.</param>
    /// <returns>The network, or null where there are problems.</returns>
    public static Network? Build(KerasNode root, bool isKeras2, out IReadOnlyList<string> problems, out IReadOnlyList<string> notes)
    {
        var builder = new KerasNetwork(isKeras2);
        (problems, notes) = (builder._problems, builder._notes);
        if (!builder.Input(root))
            return null;
        var input = builder._shape;
        builder.Add(root);
        if (builder._problems.Count > 0)
            return null;
        if (builder._layers.Count == 0)
            throw new BrokenFileException("Its model has no layers but its input.");
        return new(Clean(root.Name, "model"), input, builder._layers.ToImmutable());
    }

    /// <summary>A name that may stand in the names of weights.</summary>
    private static string Clean(string name, string otherwise)
    {
        string clean = new([.. name.Select(c => c == '/' || char.IsControl(c) || char.IsSurrogate(c) ? '_' : c)]);
        return string.IsNullOrWhiteSpace(clean) ? otherwise : Show.Name(clean);
    }

    private bool Input(KerasNode root)
    {
        var sides = root.InputShape ?? root.Leaves().Select(leaf => leaf.InputShape).FirstOrDefault(shape => shape is not null);
        if (sides is null)
        {
            _problems.Add("the model does not say the shape of its input: it was never built");
            return false;
        }
        if (sides.Contains(0) || sides.Length is < 1 or > 3)
        {
            _problems.Add(
                $"its input has the shape ({string.Join(", ", sides.Select(side => side == 0 ? "None" : $"{side}"))}); (size), (height, width) and (height, width, channels) are read here, with all sizes given"
            );
            return false;
        }
        _shape = ShapeOf(sides);
        _noChannels = sides.Length == 2;
        return true;
    }

    private static Shape ShapeOf(int[] sides) =>
        sides switch
        {
            [var size] => Shape.Vector(size),
            [var height, var width] => new(height, width, 1),
            _ => new(sides[0], sides[1], sides[2]),
        };

    private void Add(KerasNode node)
    {
        int first = _layers.Count;
        if (node.InputShape is { } sides && !(sides.Contains(0) || ShapeOf(sides) == _shape))
            throw new BrokenFileException(
                $"'{Show.Name(node.Name)}' takes an input of ({string.Join(", ", sides)}), and what comes before it gives {_shape}."
            );
        if (node.Layers is { } inner)
            foreach (var layer in inner)
            {
                Add(layer);
                if (_problems.Count > 0)
                    return; // the shapes behind it are not known
            }
        else if (!node.IsInput)
            AddLayer(node);
        node.Built = first.._layers.Count;
    }

    private void AddLayer(KerasNode node)
    {
        string what = $"the layer '{Show.Name(node.Name)}' ({Show.Name(node.ClassName)})";
        try
        {
            var (className, config) = Adapted(node);
            if (NetworkJson.ReadLayer(className, config.With(("name", null)), out string? unsupported) is not { } layer)
            {
                _problems.Add($"{what} has something that there is not here: {unsupported}");
                return;
            }
            if (_noChannels && layer is not (Flatten or Reshape or SameShapeLayer) || _noChannels && layer is BatchNormalization)
            {
                _problems.Add(
                    $"{what} stands behind an image without channels, (height, width): only Flatten, Reshape and activations can"
                );
                return;
            }
            Push(layer with { Name = Free(node.Name) });
            if (IsOldHardSigmoid(node))
            {
                // Keras 2: 0.2 x + 0.5, held in 0 … 1
                Push(new Rescaling(0.2f, 0.5f) { Name = Free($"{node.Name}_slope") });
                Push(new ReLU(1) { Name = Free($"{node.Name}_limit") });
            }
            Note(node);
        }
        catch (LatentException e)
        {
            _problems.Add($"{what} cannot be read: {e.Message.ReplaceLineEndings(" ")}");
        }
        catch (OverflowException)
        {
            _problems.Add($"{what} is too large");
        }
    }

    private void Push(Layer layer)
    {
        _shape = layer.Output(_shape);
        _layers.Add(layer);
        if (layer is Flatten or Reshape)
            _noChannels = false;
    }

    /// <summary>The config in the words that are read here, where Keras has others for the same.</summary>
    private (string ClassName, JsonElement Config) Adapted(KerasNode node)
    {
        var config = node.Config;
        switch (node.ClassName)
        {
            case "Softmax":
                if (
                    config.Member("axis") is { } axis
                    && !(axis.ValueKind == JsonValueKind.Number && axis.TryGetInt32(out int which) && which == -1)
                )
                    throw new LatentException("Its axis is not the last.");
                return ("Activation", config.With(("activation", "softmax")));
            case "Reshape":
                return ("Reshape", config.With(("target_shape", Target(config))));
            // of a vector the channels are axis 1
            case "BatchNormalization" when _shape.IsVector && config.Member("axis")?.GetRawText() is "1" or "[1]":
                config = config.With(("axis", null));
                break;
            default:
                break;
        }
        if (IsOldHardSigmoid(node))
            return (node.ClassName, config.With(("activation", "linear")));
        // linear is what a layer without an activation is
        bool none = node.ClassName != "Activation" && config.Text("activation") == "linear";
        return (node.ClassName, none ? config.With(("activation", null)) : config);
    }

    private bool IsOldHardSigmoid(KerasNode node) => _isKeras2 && node.Config.Text("activation") == "hard_sigmoid";

    /// <summary>The shape with its −1 told from the others; (height, width) gets one channel.</summary>
    private JsonArray Target(JsonElement config)
    {
        if (config.Member("target_shape") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is < 1 or > 3)
            throw new LatentException("Its target_shape is none of one, two or three sizes.");
        var sides = new List<int>();
        long known = 1;
        foreach (var side in list.EnumerateArray())
        {
            if (side.ValueKind != JsonValueKind.Number || !side.TryGetInt32(out int size) || size is < 1 and not -1)
                throw new LatentException("Its target_shape has a size that is none.");
            sides.Add(size);
            known *= Math.Max(1, size);
            if (known > int.MaxValue)
                throw new LatentException("Its target_shape is too large.");
        }
        if (sides.Count(side => side == -1) > 1)
            throw new LatentException("Its target_shape leaves more than one size open.");
        if (sides.IndexOf(-1) is var open and >= 0)
            sides[open] = (int)Math.Max(1, _shape.Size / known);
        if (sides.Count == 2)
            sides.Add(1);
        return [.. sides.Select(side => (JsonNode)side)];
    }

    /// <summary>What only a training in Keras would do.</summary>
    private void Note(KerasNode node)
    {
        foreach (string key in (ReadOnlySpan<string>)["kernel_constraint", "bias_constraint", "gamma_constraint", "beta_constraint"])
            if (node.Config.Member(key) is not null)
                _notes.Add($"the {key} of '{node.Name}' has no effect in a training here");
        foreach (string key in (ReadOnlySpan<string>)["gamma_regularizer", "beta_regularizer"])
            if (node.Config.Member(key) is not null)
                _notes.Add($"the {key} of '{node.Name}' has no effect in a training here");
        if (!node.Trainable)
            _notes.Add($"'{node.Name}' is frozen in Keras (trainable=False), and is trained with the others here");
    }

    private string Free(string wanted)
    {
        string clean = Clean(wanted, "layer"),
            name = clean;
        for (int i = 1; !_names.Add(name); i++)
            name = $"{clean}_{i}";
        return name;
    }
}
