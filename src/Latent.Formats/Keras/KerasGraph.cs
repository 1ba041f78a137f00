using System.Text.Json;
using Latent.Networks;

namespace Latent.Formats.Keras;

/// <summary>
/// Reads Keras's description of a model as a chain of layers. All that is no chain, and all that has no layer here, is collected, so that one
/// message can say it.
/// </summary>
internal sealed class KerasGraph
{
    private const int DeepestNesting = 10;
    private static readonly string[] s_models = ["Functional", "Model", "Sequential"];
    private readonly List<string> _problems = [];

    private KerasGraph() { }

    /// <summary>The layers that can be read, for messages.</summary>
    public static string Supported =>
        $"a chain of layers, in a Functional or Sequential model, nested or not: {string.Join(", ", NetworkJson.LayerClasses)}, Softmax";

    /// <param name="model">An object with class_name and config.</param>
    /// <param name="problems">What cannot be read here; none where all can be.</param>
    public static KerasNode Read(JsonElement model, out IReadOnlyList<string> problems)
    {
        var graph = new KerasGraph();
        var root = graph.Model(model, "", 0);
        problems = graph._problems;
        return root;
    }

    private KerasNode Model(JsonElement json, string outerName, int depth)
    {
        if (depth > DeepestNesting)
            throw new BrokenFileException($"Models lie in each other more than {DeepestNesting} deep.");
        string className = Class(json);
        var config = json.Member("config") ?? throw new BrokenFileException($"Its {className} has no config.");
        string name = config.Text("name") ?? (outerName.Length > 0 ? outerName : "model");
        if (!s_models.Contains(className, StringComparer.Ordinal))
        {
            _problems.Add(
                $"the model is of the class {Show.Name(className)}, and not Functional or Sequential: its layers are in Python code, not in the file"
            );
            return new()
            {
                Name = name,
                ClassName = className,
                Config = config,
                Layers = [],
            };
        }
        // the oldest Sequential models have their layers in place of a config
        var items = config.ValueKind == JsonValueKind.Array ? config : config.Member("layers");
        var listed = Items(items).Select(layer => Listed(layer, depth)).ToList();
        bool sequential = className == "Sequential";
        var chain = sequential ? [.. listed.Select(one => one.Node)] : Chain(config, listed, name);
        int[]? shape =
            chain.FirstOrDefault()?.InputShape ?? config.Shape("build_input_shape") ?? json.Member("build_config")?.Shape("input_shape");
        return new()
        {
            Name = name,
            ClassName = sequential ? "Sequential" : "Functional",
            Config = config.ValueKind == JsonValueKind.Array ? JsonElement.Parse("{}") : config,
            Layers = chain,
            InputShape = shape,
        };
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement? items)
    {
        const int most = 10_000;
        if (items is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            throw new BrokenFileException("Its model has no layers.");
        return list.GetArrayLength() <= most
            ? list.EnumerateArray()
            : throw new BrokenFileException($"Its model has more than {most:N0} layers.");
    }

    private (KerasNode Node, List<List<string>> Calls) Listed(JsonElement json, int depth)
    {
        string className = Class(json);
        var config =
            json.Member("config") ?? throw new BrokenFileException($"Its layer of the class {Show.Name(className)} has no config.");
        string name = json.Text("name") ?? config.Text("name") ?? className;
        var calls = new List<List<string>>();
        foreach (var call in json.Member("inbound_nodes").Items())
        {
            var sources = new List<string>();
            Sources(call, sources, name, className);
            calls.Add(sources);
        }
        if (s_models.Contains(className, StringComparer.Ordinal))
        {
            var model = Model(json, name, depth + 1);
            // outside it goes by its own name
            return (
                new()
                {
                    Name = name,
                    ClassName = model.ClassName,
                    Config = model.Config,
                    Layers = model.Layers,
                    InputShape = model.InputShape,
                },
                calls
            );
        }
        CheckClass(json, className, name, config);
        return (
            new()
            {
                Name = name,
                ClassName = className,
                Config = config,
                InputShape = config.Shape("batch_shape") ?? config.Shape("batch_input_shape"),
            },
            calls
        );
    }

    /// <summary>Keras's own classes, or those that the program has registered. A user's class of the same name is another one.</summary>
    private void CheckClass(JsonElement json, string className, string name, JsonElement config)
    {
        bool foreign =
            json.Text("module") is { } module
            && !(
                module == "keras"
                || module.StartsWith("keras.", StringComparison.Ordinal)
                || module.Contains(".keras", StringComparison.Ordinal)
            );
        bool known =
            !foreign && (className is "InputLayer" or "Softmax" || NetworkJson.LayerClasses.Contains(className, StringComparer.Ordinal));
        if (
            !known
            && (
                NetworkJson.LayerClasses.Contains(className, StringComparer.Ordinal)
                || NetworkJson.ReadLayer(className, config, out _) is null
            )
        )
            _problems.Add($"the layer '{Show.Name(name)}' is of the class {Show.Name(className)}{(foreign ? ", a user's own" : "")}");
    }

    private static string Class(JsonElement json)
    {
        string name = json.Text("class_name") ?? throw new BrokenFileException("Its description has a layer without a class_name.");
        return name[(name.LastIndexOf('>') + 1)..]; // "Custom>Name"
    }

    /// <summary>The names of the layers whose outputs a call takes: Keras 2 lists [name, 0, 0, {…}], Keras 3 has objects among the arguments.</summary>
    private void Sources(JsonElement call, List<string> sources, string name, string className)
    {
        if (call.ValueKind == JsonValueKind.Array)
        {
            if (call.GetArrayLength() >= 3 && call[0].ValueKind == JsonValueKind.String && call[1].ValueKind == JsonValueKind.Number)
            {
                sources.Add(call[0].Text());
                if (call.GetArrayLength() > 3)
                    Arguments(call[3], sources, name, className);
            }
            else
                foreach (var item in call.EnumerateArray())
                    Sources(item, sources, name, className);
        }
        else if (call.ValueKind == JsonValueKind.Object)
        {
            if (call.Text("class_name") == "__keras_tensor__")
            {
                var history = call.Member("config")?.Member("keras_history").Items().FirstOrDefault();
                sources.Add(
                    history is { ValueKind: JsonValueKind.String } source
                        ? source.Text()
                        : throw new BrokenFileException($"Where the layer '{Show.Name(name)}' has its input from is not said.")
                );
                return;
            }
            if (call.Member("args") is { } args)
                Sources(args, sources, name, className);
            if (call.Member("kwargs") is { } kwargs)
                Arguments(kwargs, sources, name, className);
        }
    }

    private void Arguments(JsonElement kwargs, List<string> sources, string name, string className)
    {
        if (kwargs.ValueKind != JsonValueKind.Object)
            return;
        if (kwargs.IsTrue("training"))
            _problems.Add(
                $"the layer '{Show.Name(name)}' ({Show.Name(className)}) is called with training=True, so that it would be active in use too"
            );
        foreach (var argument in kwargs.EnumerateObject())
            Sources(argument.Value, sources, name, className);
    }

    /// <summary>The layers from the input to the output, or as far as they are a chain.</summary>
    private List<KerasNode> Chain(JsonElement config, List<(KerasNode Node, List<List<string>> Calls)> listed, string model)
    {
        var byName = new Dictionary<string, KerasNode>(StringComparer.Ordinal);
        var readers = new Dictionary<string, List<KerasNode>>(StringComparer.Ordinal);
        foreach (var (node, calls) in listed)
        {
            if (!byName.TryAdd(node.Name, node))
                throw new BrokenFileException($"Two layers of '{Show.Name(model)}' are called '{Show.Name(node.Name)}'.");
            if (node.IsInput)
                continue;
            if (calls.Count > 1)
                _problems.Add(
                    $"the layer '{Show.Name(node.Name)}' ({Show.Name(node.ClassName)}) is shared: it is used {calls.Count} times"
                );
            var sources = calls.SelectMany(call => call).ToList();
            if (sources.Count > 1 && calls.Count == 1)
                _problems.Add(
                    $"the layer '{Show.Name(node.Name)}' ({Show.Name(node.ClassName)}) has a second input, '{Show.Name(sources[1])}'"
                );
            foreach (string source in sources.Distinct(StringComparer.Ordinal))
                if (readers.TryGetValue(source, out var others))
                    others.Add(node);
                else
                    readers[source] = [node];
        }
        var inputs = Ends(config, "input_layers");
        var outputs = Ends(config, "output_layers");
        if (inputs.Count > 1)
            _problems.Add($"'{Show.Name(model)}' has a second input, '{Show.Name(inputs[1])}'");
        if (outputs.Count > 1)
            _problems.Add($"'{Show.Name(model)}' has a second output, '{Show.Name(outputs[1])}'");
        foreach (var (source, after) in readers)
            if (after.Count > 1)
                _problems.Add(
                    $"the output of '{Show.Name(source)}' branches: it goes to '{Show.Name(after[0].Name)}' and to '{Show.Name(after[1].Name)}' ({Show.Name(after[1].ClassName)})"
                );
        return Walk(byName, readers, inputs, outputs, model);
    }

    private List<KerasNode> Walk(
        Dictionary<string, KerasNode> byName,
        Dictionary<string, List<KerasNode>> readers,
        List<string> inputs,
        List<string> outputs,
        string model
    )
    {
        if (inputs.Count == 0 || outputs.Count == 0)
            throw new BrokenFileException($"'{Show.Name(model)}' does not say its input or its output.");
        var chain = new List<KerasNode>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (string name = inputs[0]; ; name = readers[name][0].Name)
        {
            if (!byName.TryGetValue(name, out var node) || !seen.Add(name))
                throw new BrokenFileException($"The layers of '{Show.Name(model)}' are not connected from its input to its output.");
            chain.Add(node);
            if (name == outputs[0])
                break;
            if (!readers.ContainsKey(name))
            {
                if (_problems.Count == 0)
                    throw new BrokenFileException($"The layers of '{Show.Name(model)}' are not connected from its input to its output.");
                break;
            }
        }
        if (_problems.Count == 0 && chain.Count < byName.Count)
        {
            var left = byName.Values.First(node => !seen.Contains(node.Name));
            _problems.Add(
                $"the layer '{Show.Name(left.Name)}' ({Show.Name(left.ClassName)}) of '{Show.Name(model)}' is not between its input and its output"
            );
        }
        return chain;
    }

    /// <summary>The layers that a model begins or ends with: one [name, 0, 0], a list of them, or an object with them.</summary>
    private static List<string> Ends(JsonElement config, string key)
    {
        var names = new List<string>();
        if (config.Member(key) is { } ends)
            Add(ends);
        return names;

        void Add(JsonElement end)
        {
            if (end.ValueKind == JsonValueKind.Object)
                foreach (var member in end.EnumerateObject())
                    Add(member.Value);
            else if (end.ValueKind == JsonValueKind.Array && end.GetArrayLength() > 0)
            {
                if (end[0].ValueKind == JsonValueKind.String)
                    names.Add(end[0].Text());
                else
                    foreach (var item in end.EnumerateArray())
                        Add(item);
            }
        }
    }
}
