using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Latent.Engine;
using Latent.Formats.Hdf5;
using Latent.Networks;

namespace Latent.Formats.Keras;

/// <summary>Writes a model as Keras 3 does: .h5, or .keras, an archive of a description and such a file with the weights.</summary>
internal static class KerasWriter
{
    /// <summary>The version whose files these are like.</summary>
    private const string Version = "3.15.1";

    private const int LongestList = 4_000; // Keras cuts longer ones: an attribute cannot be longer than 64 KB, and a text takes 16 bytes of it

    // a zip file's first day: the same model gives the same bytes
    private static readonly DateTimeOffset s_date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a .keras file.</summary>
    public static void WriteArchive(Stream stream, NewModel model)
    {
        var config = new ModelConfig(isArchive: true).Of(model);
        var weights = new NewGroup();
        AddLayers(weights, model.Root, model.Weights);
        AddOptimizer(weights, model);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add("metadata.json", entry => entry.Write(Json(new() { ["keras_version"] = Version, ["date_saved"] = "1980-01-01@00:00:00" })));
        Add("config.json", entry => entry.Write(Json(config)));
        Add("model.weights.h5", entry => Hdf5Writer.Write(entry, weights));

        void Add(string name, Action<Stream> write)
        {
            var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
            entry.LastWriteTime = s_date;
            using var content = entry.Open();
            write(content);
        }
    }

    /// <summary>Writes a .h5 file.</summary>
    public static void WriteLegacy(Stream stream, NewModel model)
    {
        var root = new NewGroup();
        root.Attributes.Add(NewAttribute.Unicode("keras_version", Version));
        root.Attributes.Add(NewAttribute.Unicode("backend", "tensorflow"));
        root.Attributes.Add(NewAttribute.Bytes("model_config", new ModelConfig(isArchive: false).Of(model).ToJsonString()));
        if (ModelConfig.TrainingConfig(model) is { } training)
            root.Attributes.Add(NewAttribute.Bytes("training_config", training.ToJsonString()));
        var weights = root.Group("model_weights");
        AddList(weights, "layer_names", [model.Root.InputName, .. model.Root.Layers!.Select(layer => layer.Name)]);
        weights.Attributes.Add(NewAttribute.Bytes("backend", "tensorflow"));
        weights.Attributes.Add(NewAttribute.Bytes("keras_version", Version));
        AddList(weights.Group(model.Root.InputName), "weight_names", []);
        foreach (var node in model.Root.Layers!)
        {
            var group = weights.Group(node.Name);
            // what is trained comes first, of a model within it too
            var parameters = node.Leaves()
                .SelectMany(leaf =>
                    leaf.Parameters.Select(parameter => (Path: $"{leaf.Name}/{parameter.Weight.Name}", Parameter: parameter))
                )
                .OrderBy(one => one.Parameter.Weight.Trainable ? 0 : 1)
                .ToList();
            AddList(group, "weight_names", [.. parameters.Select(one => one.Path)]);
            foreach (var (path, parameter) in parameters)
                group.Add(path, DataSet(model.Weights, parameter));
        }
        AddList(weights.Group("top_level_model_weights"), "weight_names", []);
        if (model.Optimizer is { } state && OptimizerVariables(model) is { Count: > 0 } variables)
        {
            var group = root.Group("optimizer_weights");
            string name = NameOf(state);
            AddList(group, "weight_names", [.. variables.Select(variable => $"{name}/{variable.Name}")]);
            foreach (var (variable, data) in variables)
                group.Add($"{name}/{variable}", data);
        }
        Hdf5Writer.Write(stream, root);
    }

    /// <summary>A group for each layer, by its class and counted, with its numbered weights in "vars".</summary>
    private static void AddLayers(NewGroup group, NewNode model, WeightStore weights)
    {
        Vars(group, model.Name);
        var layers = group.Group("layers");
        Vars(layers.Group("input_layer"), model.InputName);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal) { ["input_layer"] = 1 };
        foreach (var node in model.Layers!)
        {
            string name = SnakeCase.Of(node.ClassName);
            int count = counts.GetValueOrDefault(name);
            counts[name] = count + 1;
            var layer = layers.Group(count == 0 ? name : $"{name}_{count}");
            if (node.Layer is null)
            {
                AddLayers(layer, node, weights);
                continue;
            }
            var vars = Vars(layer, node.Name);
            for (int i = 0; i < node.Parameters.Count; i++)
                vars.Objects[Number(i)] = DataSet(weights, node.Parameters[i]);
            if (node.Options!["activation"] is JsonObject function)
                Vars(layer.Group("activation"), SnakeCase.Of(function["class_name"]!.GetValue<string>()));
        }
    }

    private static void AddOptimizer(NewGroup root, NewModel model)
    {
        if (model.Optimizer is not { } state || OptimizerVariables(model) is not { Count: > 0 } variables)
            return;
        var vars = Vars(root.Group("optimizer"), NameOf(state));
        for (int i = 0; i < variables.Count; i++)
            vars.Objects[Number(i)] = variables[i].Data;
    }

    /// <summary>The optimizer's variables in Keras's order: steps, rate, averages, then slot by slot the arrays of all weights that are trained.</summary>
    private static List<(string Name, NewDataSet Data)> OptimizerVariables(NewModel model)
    {
        var state = model.Optimizer!;
        if (KerasOptimizers.Write(state.Optimizer) is null)
            return [];
        var variables = new List<(string, NewDataSet)>
        {
            ("iteration", Whole([state.Steps])),
            ("learning_rate", Float(state.Optimizer.LearningRate)),
        };
        if (state.Steps == 0)
            return variables; // before its first step Keras has no arrays yet, and makes them anew
        var slots = state.Slots.OrderBy(slot => slot == "average" ? 0 : 1); // stable
        foreach (string slot in slots)
        foreach (var leaf in model.Root.Leaves())
        foreach (var parameter in leaf.Parameters.Where(parameter => parameter.Weight.Trainable))
            variables.Add(
                (
                    $"{leaf.Name}_{parameter.Weight.Name}_{slot}",
                    new(
                        NewType.Float32,
                        [.. parameter.Weight.Shape],
                        () => MemoryMarshal.AsBytes(state.Slot(slot).Slice(parameter.Offset, parameter.Count))
                    )
                )
            );
        if (state.Optimizer is Nadam nadam)
            variables.Add(("variable", Float(Product(nadam.Beta1, state.Steps))));
        return variables;
    }

    /// <summary>Nadam's product of its momenta so far, in single precision and step by step as it came to be.</summary>
    private static float Product(float beta1, long steps)
    {
        float product = 1;
        for (long t = 1; t <= steps && product > 0; t++)
            product = product * beta1 * (1 - 0.5f * (float)Math.Pow(0.96f, t));
        return product;
    }

    private static string NameOf(OptimizerState state) => SnakeCase.Of(KerasOptimizers.Write(state.Optimizer)!.Value.ClassName);

    private static NewGroup Vars(NewGroup group, string name)
    {
        var vars = group.Group("vars");
        vars.Attributes.Add(NewAttribute.Unicode("name", name));
        return vars;
    }

    private static void AddList(NewGroup group, string name, IReadOnlyList<string> texts)
    {
        int parts = (texts.Count + LongestList - 1) / LongestList;
        if (parts <= 1)
            group.Attributes.Add(NewAttribute.List(name, texts));
        else
            for (int i = 0; i < parts; i++)
                group.Attributes.Add(
                    NewAttribute.List(
                        $"{name}{Number(i)}",
                        [.. texts.Skip(i * texts.Count / parts).Take((i + 1) * texts.Count / parts - i * texts.Count / parts)]
                    )
                );
    }

    private static NewDataSet DataSet(WeightStore weights, Parameter parameter) =>
        new(NewType.Float32, [.. parameter.Weight.Shape], () => MemoryMarshal.AsBytes(weights[parameter]));

    private static NewDataSet Float(float value) => new(NewType.Float32, [], () => MemoryMarshal.AsBytes<float>(new[] { value }));

    private static NewDataSet Whole(long[] values, params int[] sides) =>
        new(NewType.Int64, sides, () => MemoryMarshal.AsBytes<long>(values));

    private static string Number(int i) => i.ToString(CultureInfo.InvariantCulture);

    private static byte[] Json(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
