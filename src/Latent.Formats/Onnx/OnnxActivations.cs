using Latent.Networks;

namespace Latent.Formats;

/// <summary>Activation functions as nodes: ONNX's own where it has the function in its version 17, else their formula.</summary>
internal static class OnnxActivations
{
    /// <summary>Adds a function of a tensor; channels, or the numbers of a vector, are its second axis.</summary>
    /// <returns>The name of the result.</returns>
    public static string Add(OnnxGraph graph, Activation f, string x)
    {
        switch (f.Kind)
        {
            case ActivationKind.Linear:
                return x;
            case ActivationKind.LeakyRelu:
                return Node("LeakyRelu", [x], OnnxGraph.Real("alpha", f.Slope));
            case ActivationKind.Elu:
                return Node("Elu", [x], OnnxGraph.Real("alpha", f.Slope));
            case ActivationKind.Exponential:
                return Node("Exp", [x]);
            case ActivationKind.Silu:
                return Node("Mul", [x, Node("Sigmoid", [x])]);
            case ActivationKind.Gelu: // x · (1 + erf(x / √2)) / 2
                string erf = Node("Erf", [Node("Div", [x, graph.Number(MathF.Sqrt(2))])]);
                return Node("Mul", [Node("Mul", [x, Node("Add", [erf, graph.Number(1)])]), graph.Number(0.5f)]);
            case ActivationKind.Mish:
                return Node("Mul", [x, Node("Tanh", [Node("Softplus", [x])])]);
            case ActivationKind.HardSigmoid:
                return Node("HardSigmoid", [x], OnnxGraph.Real("alpha", 1f / 6), OnnxGraph.Real("beta", 0.5f));
            case ActivationKind.BoundedRelu:
                return Bounded(f);
            case ActivationKind.Softmax:
                return Node("Softmax", [x], OnnxGraph.Whole("axis", 1));
            case ActivationKind.Relu
            or ActivationKind.Sigmoid
            or ActivationKind.Tanh
            or ActivationKind.Selu
            or ActivationKind.Softplus
            or ActivationKind.Softsign: // of the same name
                return Node($"{f.Kind}", [x]);
            default:
                throw new NotSupportedException($"{f.Kind} has no ONNX form.");
        }

        string Bounded(Activation f)
        {
            bool hasMaximum = !float.IsPositiveInfinity(f.Maximum);
            if (f is { Slope: 0, Threshold: 0 })
                return hasMaximum ? Node("Clip", [x, graph.Number(0), graph.Number(f.Maximum)]) : Node("Relu", [x]);
            if (f.Threshold == 0 && !hasMaximum)
                return Node("LeakyRelu", [x], OnnxGraph.Real("alpha", f.Slope));
            string threshold = graph.Number(f.Threshold),
                above = hasMaximum ? Node("Min", [x, graph.Number(f.Maximum)]) : x,
                below = f.Slope == 0 ? graph.Number(0) : Node("Mul", [Node("Sub", [x, threshold]), graph.Number(f.Slope)]);
            return Node("Where", [Node("Greater", [x, threshold]), above, below]);
        }

        string Node(string operation, string[] inputs, params ProtoMessage[] attributes) => graph.Add(operation, inputs, attributes);
    }
}
