using System.Globalization;
using Latent.Engine;
using Latent.Formats.Hdf5;
using Latent.Networks;

namespace Latent.Formats.Keras;

/// <summary>Finds the data sets of a model's weights in a file, in the order of the layers.</summary>
internal static class KerasWeights
{
    private const int Shown = 8,
        LittleEnough = 1 << 22;

    /// <summary>The data sets of a .h5 file: a group for each layer of the outermost model, with a list of its weights.</summary>
    public static Dictionary<Parameter, Hdf5DataSet> OfLegacy(Hdf5Object file, KerasNode root, ParameterLayout layout)
    {
        var byLayer = layout.Parameters.ToLookup(parameter => parameter.Layer);
        var group =
            file.Find("model_weights")
            ?? (file.Attribute("layer_names") is null ? null : file)
            ?? throw new BrokenFileException("It has no group 'model_weights'.");
        var found = new Dictionary<Parameter, Hdf5DataSet>();
        var names = (Texts(group, "layer_names") ?? throw new BrokenFileException("Its weights have no list 'layer_names'.")).ToHashSet(
            StringComparer.Ordinal
        );
        foreach (var node in root.Layers!)
        {
            var expected = InLegacyOrder(node, byLayer);
            if (expected.Count == 0)
                continue;
            if (!names.Contains(node.Name) || group.Find(node.Name) is not { } layer)
                throw new BrokenFileException($"It has no weights of the layer '{Show.Name(node.Name)}'.");
            string[] weights =
                Texts(layer, "weight_names")
                ?? throw new BrokenFileException($"The layer '{Show.Name(node.Name)}' has no list 'weight_names'.");
            if (weights.Length != expected.Count)
                throw new BrokenFileException(
                    $"The layer '{Show.Name(node.Name)}' has {weights.Length} weights in the file instead of {expected.Count}."
                );
            for (int i = 0; i < weights.Length; i++)
                found[expected[i]] = (
                    layer.Find(weights[i]) ?? throw new BrokenFileException($"The weight '{Show.Name(weights[i])}' is not in the file.")
                ).ToDataSet();
        }
        return found;
    }

    /// <summary>The data sets of the weights in a .keras file: a group for each layer, named by its class and counted, with numbered weights.</summary>
    public static Dictionary<Parameter, Hdf5DataSet> OfArchive(Hdf5Object file, KerasNode root, ParameterLayout layout)
    {
        var byLayer = layout.Parameters.ToLookup(parameter => parameter.Layer);
        var found = new Dictionary<Parameter, Hdf5DataSet>();
        // Keras 2.12 had another name for the outermost layers
        Add(file.Find("layers") is null && file.Find("_layer_checkpoint_dependencies") is { } old ? old : file.Find("layers"), root);
        return found;

        void Add(Hdf5Object? group, KerasNode model)
        {
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var node in model.Layers!)
            {
                string name = SnakeCase.Of(node.ClassName);
                int count = counts.GetValueOrDefault(name);
                counts[name] = count + 1;
                if (count > 0)
                    name = $"{name}_{count}";
                var of = group?.Find(name);
                if (node.Layers is not null)
                {
                    Add(of?.Find("layers"), node);
                    continue;
                }
                var expected = Of(node, byLayer).ToList();
                for (int i = 0; i < expected.Count; i++)
                    found[expected[i]] = (
                        of?.Find("vars")?.Find(i.ToString(CultureInfo.InvariantCulture))
                        ?? throw new BrokenFileException(
                            $"The weight {i} of the layer '{Show.Name(node.Name)}' ({name}) is not in the file."
                        )
                    ).ToDataSet();
            }
        }
    }

    /// <summary>Reads the weights. Shapes and types are looked at before memory is taken for any of them.</summary>
    public static WeightStore Read(Dictionary<Parameter, Hdf5DataSet> found, ParameterLayout layout, long fileLength)
    {
        long most = Math.Max(LittleEnough, fileLength); // many weights may be one data set of a hostile file
        if (layout.Length > most)
            throw new BrokenFileException(
                $"Its layers have {layout.Count:N0} weights, more than a file of {fileLength:N0} bytes can hold."
            );
        var problems = new List<string>();
        foreach (var parameter in layout.Parameters)
        {
            var data = found[parameter];
            if (!Fits(data, parameter))
                problems.Add(
                    $"{parameter.Name} ({string.Join(", ", parameter.Weight.Shape)}) has the shape {Show.Sides(data.Space.Sides)} of {data.Type.Name}"
                );
        }
        if (problems.Count > 0)
            throw new BrokenFileException(
                $"Its weights do not fit its layers: {string.Join("; ", problems.Take(Shown))}{(problems.Count > Shown ? $" and {problems.Count - Shown} more" : "")}."
            );
        var weights = new WeightStore(layout);
        foreach (var parameter in layout.Parameters)
        {
            float[] values = found[parameter].ReadFloats();
            foreach (float value in values)
                if (!float.IsFinite(value))
                    throw new BrokenFileException(
                        $"Its weight {parameter.Name} holds {value}: it comes from a training that failed, or is damaged."
                    );
            values.CopyTo(weights[parameter]);
        }
        weights.Touch();
        return weights;
    }

    /// <summary>Whether a data set has the shape of a weight, and numbers.</summary>
    public static bool Fits(Hdf5DataSet data, Parameter parameter) =>
        data.Type.Kind == DataKind.Float && data.Space.Sides.SequenceEqual(parameter.Weight.Shape.Select(side => (long)side));

    /// <summary>Texts of a list that may be cut into several attributes, NAME0, NAME1, …, for one cannot be longer than 64 KB.</summary>
    public static string[]? Texts(Hdf5Object group, string name)
    {
        if (group.TextList(name) is { } whole)
            return whole;
        var parts = new List<string>();
        for (int i = 0; group.TextList($"{name}{i}") is { } part; i++)
            parts.AddRange(part);
        return parts.Count > 0 ? [.. parts] : null;
    }

    private static IEnumerable<Parameter> Of(KerasNode node, ILookup<int, Parameter> byLayer) =>
        Enumerable.Range(node.Built.Start.Value, node.Built.End.Value - node.Built.Start.Value).SelectMany(layer => byLayer[layer]);

    /// <summary>What is trained comes first, of a model too: the statistics of its normalizations and what is frozen stand at its end.</summary>
    private static List<Parameter> InLegacyOrder(KerasNode node, ILookup<int, Parameter> byLayer)
    {
        var (trained, rest) = (new List<Parameter>(), new List<Parameter>());
        Add(node, true);
        return [.. trained, .. rest];

        void Add(KerasNode one, bool trainable)
        {
            trainable &= one.Trainable;
            if (one.Layers is { } inner)
                foreach (var layer in inner)
                    Add(layer, trainable);
            else
                foreach (var parameter in Of(one, byLayer))
                    (trainable && parameter.Weight.Trainable ? trained : rest).Add(parameter);
        }
    }
}
