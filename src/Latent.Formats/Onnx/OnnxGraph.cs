using System.Runtime.InteropServices;

namespace Latent.Formats;

/// <summary>
/// The graph of an ONNX model while it grows: nodes, constants, and at the end the message. The numbers beside the calls are the fields of
/// the messages of onnx.proto.
/// </summary>
internal sealed class OnnxGraph
{
    private const int Float = 1,
        Uint8 = 2,
        Int64 = 7; // TensorProto.DataType

    private readonly List<Node> _nodes = [];
    private readonly List<ProtoMessage> _constants = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>What the names of nodes and of nameless constants begin with: the layer that they come from.</summary>
    public string Scope { get; set; } = "";

    // Output: not fixed before the end, where the last node's becomes that of the graph.
    private sealed record Node(string Operation, string[] Inputs, ProtoMessage[] Attributes)
    {
        public required string Name { get; init; }

        public required string Output { get; set; }
    }

    /// <summary>Keeps a name for an input or an output of the graph.</summary>
    public void Take(string name) => _names.Add(name);

    /// <summary>Adds a node.</summary>
    /// <param name="operation">ONNX's name of it.</param>
    /// <param name="inputs">Names of what it takes; empty for one that it may lack.</param>
    /// <param name="attributes">What <see cref="Whole"/> and its like give.</param>
    /// <returns>The name of its output.</returns>
    public string Add(string operation, string[] inputs, params ProtoMessage[] attributes)
    {
        string name = Free(operation);
        _nodes.Add(new(operation, inputs, attributes) { Name = name, Output = name });
        return name;
    }

    /// <summary>A constant of floats.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="shape">The sizes; none for a single number.</param>
    /// <param name="name">What it is called: the full name of a weight, or null for one within the scope.</param>
    public string Floats(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, string? name = null) =>
        Constant(Float, MemoryMarshal.AsBytes(values), shape, name);

    /// <summary>A constant of one number.</summary>
    public string Number(float value) => Floats([value], []);

    /// <summary>A constant of whole numbers, a vector.</summary>
    public string Wholes(params ReadOnlySpan<long> values) => Constant(Int64, MemoryMarshal.AsBytes(values), [values.Length], null);

    /// <summary>An attribute of a whole number.</summary>
    public static ProtoMessage Whole(string name, long value) => Attribute(name, 2).Add(3, value); // i 3, INT 2

    /// <summary>An attribute of a float.</summary>
    public static ProtoMessage Real(string name, float value) => Attribute(name, 1).Add(2, value); // f 2, FLOAT 1

    /// <summary>An attribute of text.</summary>
    public static ProtoMessage Text(string name, string value) => Attribute(name, 3).Add(4, value); // s 4, STRING 3

    /// <summary>An attribute of whole numbers.</summary>
    public static ProtoMessage Wholes(string name, params ReadOnlySpan<int> values)
    {
        var attribute = Attribute(name, 7); // ints 8, INTS 7
        foreach (int value in values)
            attribute.Add(8, value);
        return attribute;
    }

    /// <summary>GraphProto: node 1, name 2, initializer 5, input 11, output 12.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="last">The name of what the last node gives, which becomes the output.</param>
    /// <param name="input">The input.</param>
    /// <param name="output">The output.</param>
    public ProtoMessage Message(string name, string last, in OnnxValue input, in OnnxValue output)
    {
        if (last == input.Name)
            Add("Identity", [last]); // a graph's output is none of its inputs
        _nodes[^1].Output = output.Name;
        var graph = new ProtoMessage();
        foreach (var node in _nodes)
            graph.Add(1, Message(node));
        graph.Add(2, name);
        foreach (var constant in _constants)
            graph.Add(5, constant);
        return graph.Add(11, Message(input)).Add(12, Message(output));
    }

    // AttributeProto: name 1, type 20
    private static ProtoMessage Attribute(string name, int type) => new ProtoMessage().Add(1, name).Add(20, type);

    // NodeProto: input 1, output 2, name 3, op_type 4, attribute 5
    private static ProtoMessage Message(Node node)
    {
        var message = new ProtoMessage();
        foreach (string input in node.Inputs)
            message.Add(1, input);
        message.Add(2, node.Output).Add(3, node.Name).Add(4, node.Operation);
        foreach (var attribute in node.Attributes)
            message.Add(5, attribute);
        return message;
    }

    // ValueInfoProto: name 1, type 2, doc_string 3; TypeProto: tensor_type 1; its elem_type 1, shape 2; dim 1; dim_value 1, dim_param 2
    private static ProtoMessage Message(in OnnxValue value)
    {
        var sides = new ProtoMessage().Add(1, new ProtoMessage().Add(2, "batch"));
        foreach (int side in value.Sides)
            sides.Add(1, new ProtoMessage().Add(1, side));
        var tensor = new ProtoMessage().Add(1, value.Bytes ? Uint8 : Float).Add(2, sides);
        return new ProtoMessage().Add(1, value.Name).Add(2, new ProtoMessage().Add(1, tensor)).Add(3, value.About);
    }

    // TensorProto: dims 1, data_type 2, name 8, raw_data 9
    private string Constant(int type, ReadOnlySpan<byte> data, ReadOnlySpan<int> shape, string? name)
    {
        name = Free(name ?? "constant", whole: name is not null);
        var tensor = new ProtoMessage();
        foreach (int side in shape)
            tensor.Add(1, side);
        _constants.Add(tensor.Add(2, type).Add(8, name).Add(9, data));
        return name;
    }

    private string Free(string word, bool whole = false)
    {
        string name = whole ? word : $"{Scope}/{word}";
        for (int i = 1; !_names.Add(name); i++)
            name = whole ? $"{word}_{i}" : $"{Scope}/{word}_{i}";
        return name;
    }
}

/// <summary>An input or an output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sides">Its sizes behind the batch's.</param>
/// <param name="Bytes">Whether its numbers are bytes; else floats.</param>
/// <param name="About">For a reader.</param>
internal readonly record struct OnnxValue(string Name, int[] Sides, bool Bytes, string About);
