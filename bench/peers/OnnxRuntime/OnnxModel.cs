using System.Runtime.InteropServices;
using Latent.Bench.Shared;

namespace Latent.Bench.Peers;

/// <summary>
/// Layers of a case as an ONNX model (onnx.proto, IR version 8, operators of version 13), images as (n, channels, height, width). The numbers
/// beside the calls are the fields of ONNX's messages.
/// </summary>
internal static class OnnxModel
{
    public const string Input = "x";

    private const int Float = 1,
        Int64 = 7; // TensorProto.DataType

    public static byte[] Of(IReadOnlyList<CaseLayer> layers)
    {
        var graph = new Graph(Input);
        for (int i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            switch (layer.Kind)
            {
                case "conv2d":
                    Convolution(graph, layer);
                    break;
                case "dense":
                    Dense(graph, layer, i > 0 ? layers[i - 1] : null, i + 1 < layers.Count ? layers[i + 1] : null);
                    break;
                case "flatten":
                    graph.Node("Flatten", [], Whole("axis", 1));
                    break;
                case "reshape":
                    long[] target = [-1, layer.Output[2], layer.Output[0], layer.Output[1]];
                    graph.Node("Reshape", [graph.Constant(Int64, MemoryMarshal.AsBytes(target.AsSpan()), 4)]);
                    break;
                case "upsample":
                    float[] scales = [1, 1, layer.Factor, layer.Factor];
                    graph.Node(
                        "Resize",
                        ["", graph.Constant(Float, MemoryMarshal.AsBytes(scales.AsSpan()), 4)],
                        Text("mode", "nearest"),
                        Text("coordinate_transformation_mode", "asymmetric"),
                        Text("nearest_mode", "floor")
                    );
                    break;
                default:
                    throw new NotSupportedException($"has no layer '{layer.Kind}'");
            }
            if (layer.Activation == "relu")
                graph.Node("Relu", []);
            else if (layer.Activation == "sigmoid")
                graph.Node("Sigmoid", []);
        }
        graph.Message.Add(2, "network"); // GraphProto: node 1, name 2, initializer 5, input 11, output 12
        graph.Message.Add(11, Value(Input, layers[0].Input));
        graph.Message.Add(12, Value(graph.Last, layers[^1].Output));
        return new ProtoMessage() // ModelProto: ir_version 1, graph 7, opset_import 8
            .Add(1, 8)
            .Add(7, graph.Message)
            .Add(8, new ProtoMessage().Add(1, "").Add(2, 13))
            .Content.ToArray();
    }

    // Kernels from (height, width, in, out) to (out, in, height, width). 'same' puts the odd row of padding at the bottom.
    private static void Convolution(Graph graph, CaseLayer layer)
    {
        int k = layer.Kernel,
            ci = layer.Input[2],
            co = layer.Output[2];
        var kernel = new float[layer.Weights.Length];
        for (int tap = 0, from = 0; tap < k * k; tap++)
        for (int i = 0; i < ci; i++)
        for (int o = 0; o < co; o++)
            kernel[(o * ci + i) * k * k + tap] = layer.Weights[from++];
        int rows = Math.Max(0, (layer.Output[0] - 1) * layer.Stride + k - layer.Input[0]),
            columns = Math.Max(0, (layer.Output[1] - 1) * layer.Stride + k - layer.Input[1]);
        graph.Node(
            "Conv",
            [graph.Floats(kernel, co, ci, k, k), graph.Floats(layer.Bias, co)],
            Wholes("kernel_shape", k, k),
            Wholes("strides", layer.Stride, layer.Stride),
            Wholes("pads", rows / 2, columns / 2, rows - rows / 2, columns - columns / 2)
        );
    }

    // Where a dense layer meets an image, its rows or columns go from (height, width, channels) to (channels, height, width).
    private static void Dense(Graph graph, CaseLayer layer, CaseLayer? before, CaseLayer? after)
    {
        int inputs = CaseLayer.Product(layer.Input),
            units = layer.Output[^1];
        int[] rows = before is { Kind: "flatten" } ? ChannelsFirst(before.Input) : [.. Enumerable.Range(0, inputs)],
            columns = after is { Kind: "reshape" } ? ChannelsFirst(after.Output) : [.. Enumerable.Range(0, units)];
        var weights = new float[inputs * units];
        for (int i = 0; i < inputs; i++)
        for (int j = 0; j < units; j++)
            weights[i * units + j] = layer.Weights[rows[i] * units + columns[j]];
        graph.Node("Gemm", [graph.Floats(weights, inputs, units), graph.Floats(Array.ConvertAll(columns, j => layer.Bias[j]), units)]);
    }

    /// <summary>Where each number of an image as (channels, height, width) lies in it as (height, width, channels).</summary>
    public static int[] ChannelsFirst(int[] shape) =>
        [.. Enumerable.Range(0, shape[2]).SelectMany(c => Enumerable.Range(0, shape[0] * shape[1]).Select(pixel => pixel * shape[2] + c))];

    // ValueInfoProto: name 1, type 2; TypeProto: tensor_type 1; its elem_type 1, shape 2; dim 1; dim_value 1, dim_param 2
    private static ProtoMessage Value(string name, int[] shape)
    {
        int[] sides = shape.Length == 3 ? [shape[2], shape[0], shape[1]] : shape;
        var dims = new ProtoMessage().Add(1, new ProtoMessage().Add(2, "n"));
        foreach (int side in sides)
            dims.Add(1, new ProtoMessage().Add(1, side));
        var type = new ProtoMessage().Add(1, new ProtoMessage().Add(1, Float).Add(2, dims));
        return new ProtoMessage().Add(1, name).Add(2, type);
    }

    // AttributeProto: name 1, i 3, s 4, ints 8, type 20 (2 INT, 3 STRING, 7 INTS)
    private static ProtoMessage Whole(string name, long value) => new ProtoMessage().Add(1, name).Add(3, value).Add(20, 2);

    private static ProtoMessage Text(string name, string value) => new ProtoMessage().Add(1, name).Add(4, value).Add(20, 3);

    private static ProtoMessage Wholes(string name, params ReadOnlySpan<int> values)
    {
        var attribute = new ProtoMessage().Add(1, name);
        foreach (int value in values)
            attribute.Add(8, value);
        return attribute.Add(20, 7);
    }

    /// <summary>A chain of nodes, each fed by the one before.</summary>
    private sealed class Graph(string input)
    {
        private int _nodes,
            _constants;

        public ProtoMessage Message { get; } = new();

        /// <summary>The name of the last node's result.</summary>
        public string Last { get; private set; } = input;

        /// <summary>NodeProto: input 1, output 2, op_type 4, attribute 5.</summary>
        public void Node(string operation, string[] more, params ProtoMessage[] attributes)
        {
            string result = $"t{_nodes++}";
            var node = new ProtoMessage().Add(1, Last);
            foreach (string name in more)
                node.Add(1, name);
            node.Add(2, result).Add(4, operation);
            foreach (var attribute in attributes)
                node.Add(5, attribute);
            Message.Add(1, node);
            Last = result;
        }

        public string Floats(float[] numbers, params int[] shape) => Constant(Float, MemoryMarshal.AsBytes(numbers.AsSpan()), shape);

        /// <summary>TensorProto: dims 1, data_type 2, name 8, raw_data 9.</summary>
        public string Constant(int type, ReadOnlySpan<byte> data, params int[] shape)
        {
            string name = $"c{_constants++}";
            var tensor = new ProtoMessage();
            foreach (int side in shape)
                tensor.Add(1, side);
            Message.Add(5, tensor.Add(2, type).Add(8, name).Add(9, data));
            return name;
        }
    }
}
