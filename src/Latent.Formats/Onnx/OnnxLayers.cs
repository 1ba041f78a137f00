using Latent.Engine;
using Latent.Networks;

namespace Latent.Formats;

/// <summary>
/// Layers as nodes of an ONNX graph. Images run as (batch, channels, height, width), which is what ONNX's operators take; where Keras's order
/// of numbers counts (Flatten, Reshape) they are transposed. Every layer is written by itself, as a plain operator: nothing is fused.
/// </summary>
internal sealed class OnnxLayers(WeightStore weights, OnnxGraph graph)
{
    private static readonly int[] s_channelsLast = [0, 2, 3, 1],
        s_channelsFirst = [0, 3, 1, 2];

    private string _last = "",
        _layer = "";
    private Shape _shape; // of what _last names

    /// <summary>Adds some networks of the chain.</summary>
    /// <param name="input">The name of the graph's input.</param>
    /// <param name="first">The first network.</param>
    /// <param name="count">How many.</param>
    /// <param name="options">How the input comes and the output goes.</param>
    /// <returns>The name of what the last node gives.</returns>
    /// <exception cref="LatentException">A layer has no form in ONNX.</exception>
    public string Add(string input, int first, int count, OnnxOptions options)
    {
        var networks = weights.Layout.Networks.AsSpan(first, count);
        int layer = weights.Layout.Networks.Take(first).Sum(network => network.Layers.Length);
        (_last, _shape, graph.Scope) = (input, networks[0].Input, input);
        if (options.Bytes)
            _last = graph.Add("Div", [graph.Add("Cast", [_last], OnnxGraph.Whole("to", 1)), graph.Number(255)]);
        if (options.Layout == ImageLayout.ChannelsLast && !_shape.IsVector)
            Transpose(s_channelsFirst);
        foreach (var network in networks)
            for (int i = 0; i < network.Layers.Length; i++, layer++)
            {
                _layer = graph.Scope = weights.Layout.LayerNames[layer];
                Add(network.Layers[i], network.Shapes[i]);
                _shape = network.Shapes[i];
            }
        graph.Scope = "output";
        if (options.Layout == ImageLayout.ChannelsLast && !_shape.IsVector)
            Transpose(s_channelsLast);
        return _last;
    }

    private void Add(Layer layer, Shape output)
    {
        switch (layer)
        {
            case Conv2D l:
                Convolve(l, output);
                break;
            case Conv2DTranspose l:
                ConvolveTransposed(l, output);
                break;
            case Dense l:
                Multiply(l);
                break;
            case Flatten or Networks.Reshape:
                Reshape(output);
                break;
            case UpSampling2D l:
                Resize(l);
                break;
            case MaxPooling2D l:
                Pool("MaxPool", l.PoolSize, l.Strides, l.Padding, output);
                break;
            case AveragePooling2D l: // ONNX's default counts only the cells inside the image, as Keras does
                Pool("AveragePool", l.PoolSize, l.Strides, l.Padding, output);
                break;
            case GlobalAveragePooling2D l:
                Node("GlobalAveragePool", []);
                if (!l.KeepDims)
                    Node("Flatten", [], OnnxGraph.Whole("axis", 1));
                break;
            case ZeroPadding2D { Margins: var m }:
                Node("Pad", [graph.Wholes(0, 0, m.Top, m.Left, 0, 0, m.Bottom, m.Right)]);
                break;
            case Cropping2D { Margins: var m }:
                Node(
                    "Slice",
                    [graph.Wholes(m.Top, m.Left), graph.Wholes(m.Top + output.Height, m.Left + output.Width), graph.Wholes(2, 3)]
                );
                break;
            case BatchNormalization l:
                Normalize(l);
                break;
            case Rescaling l:
                Node("Mul", [graph.Number(l.Scale)]);
                Node("Add", [graph.Number(l.Offset)]);
                break;
            case ActivationLayer l:
                Activate(l.Function);
                break;
            case ReLU l:
                Activate(new(ActivationKind.BoundedRelu, l.NegativeSlope, l.Threshold, l.MaxValue ?? float.PositiveInfinity));
                break;
            case LeakyReLU l:
                Activate(Activation.LeakyRelu(l.NegativeSlope));
                break;
            case ELU l:
                Activate(Activation.Elu(l.Alpha));
                break;
            case PReLU:
                Node("PRelu", [Weight("alpha") ?? throw new InvalidOperationException($"{_layer} has no alpha")]);
                break;
            case Dropout or GaussianNoise or ActivityRegularization: // in training only
                break;
            default:
                throw new LatentException(
                    $"The layer '{_layer}' cannot be written as ONNX.",
                    "a layer that Latent has",
                    layer is CustomLayer ? $"{layer.ClassName}, a layer of your own" : layer.ClassName,
                    "export the part of the model without it, or use the model with Latent"
                );
        }
    }

    private void Convolve(Conv2D layer, Shape output)
    {
        var (stride, dilation) = (layer.Strides ?? 1, layer.DilationRate ?? 1);
        var rows = Padded(_shape.Height, output.Height, (layer.Kernel.Height - 1) * dilation.Height + 1, stride.Height, layer.Padding);
        var columns = Padded(_shape.Width, output.Width, (layer.Kernel.Width - 1) * dilation.Width + 1, stride.Width, layer.Padding);
        Node(
            "Conv",
            WithBias(Weight("kernel", [3, 2, 0, 1])),
            Pair("kernel_shape", layer.Kernel),
            Pair("strides", stride),
            Pair("dilations", dilation),
            Pads(rows, columns)
        );
        Activate(layer.Activation);
    }

    /// <summary>What 'same' crops is ONNX's padding; what the windows do not reach is its output padding, where only the bias stands.</summary>
    private void ConvolveTransposed(Conv2DTranspose layer, Shape output)
    {
        var stride = layer.Strides ?? 1;
        int extraRows = output.Height - ((_shape.Height - 1) * stride.Height + layer.Kernel.Height),
            extraColumns = output.Width - ((_shape.Width - 1) * stride.Width + layer.Kernel.Width);
        Node(
            "ConvTranspose",
            WithBias(Weight("kernel", [3, 2, 0, 1])),
            Pair("kernel_shape", layer.Kernel),
            Pair("strides", stride),
            Pads(Halves(Math.Max(0, -extraRows)), Halves(Math.Max(0, -extraColumns))),
            OnnxGraph.Wholes("output_padding", Math.Max(0, extraRows), Math.Max(0, extraColumns))
        );
        Activate(layer.Activation);
    }

    /// <summary>On a vector a product of matrices, on an image a convolution of one pixel.</summary>
    private void Multiply(Dense layer)
    {
        if (_shape.IsVector)
            Node("Gemm", WithBias(Weight("kernel")));
        else
            Node("Conv", WithBias(Weight("kernel", [1, 0], [1, 1])), OnnxGraph.Wholes("kernel_shape", 1, 1));
        Activate(layer.Activation);
    }

    private void Reshape(Shape to)
    {
        bool from = !_shape.IsVector && _shape.Channels > 1 && _shape.Height * _shape.Width > 1, // whether the order differs
            into = !to.IsVector && to.Channels > 1 && to.Height * to.Width > 1;
        if (from)
            Transpose(s_channelsLast);
        if (to.IsVector)
            Node("Flatten", [], OnnxGraph.Whole("axis", 1)); // of a vector the vector
        else
            // 0: the batch as it is
            Node("Reshape", [into ? graph.Wholes(0, to.Height, to.Width, to.Channels) : graph.Wholes(0, to.Channels, to.Height, to.Width)]);
        if (into)
            Transpose(s_channelsFirst);
    }

    /// <summary>Repeated pixels are the nearest ones from the corner; the weighted means are those of pixels with their centres at halves.</summary>
    private void Resize(UpSampling2D layer)
    {
        string scales = graph.Floats([1, 1, layer.Size.Height, layer.Size.Width], [4]);
        if (layer.Interpolation == Interpolation.Bilinear)
            Node("Resize", ["", scales], OnnxGraph.Text("mode", "linear"), OnnxGraph.Text("coordinate_transformation_mode", "half_pixel"));
        else
            Node(
                "Resize",
                ["", scales],
                OnnxGraph.Text("mode", "nearest"),
                OnnxGraph.Text("coordinate_transformation_mode", "asymmetric"),
                OnnxGraph.Text("nearest_mode", "floor")
            );
    }

    private void Pool(string operation, Size2? window, Size2? strides, Padding padding, Shape output)
    {
        var size = window ?? 2;
        var stride = strides ?? size;
        Node(
            operation,
            [],
            Pair("kernel_shape", size),
            Pair("strides", stride),
            Pads(
                Padded(_shape.Height, output.Height, size.Height, stride.Height, padding),
                Padded(_shape.Width, output.Width, size.Width, stride.Width, padding)
            )
        );
    }

    private void Normalize(BatchNormalization layer)
    {
        var same = new float[_shape.Channels];
        string shift = Weight("beta") ?? graph.Floats(same, [same.Length]);
        same.AsSpan().Fill(1);
        string scale = Weight("gamma") ?? graph.Floats(same, [same.Length]);
        Node(
            "BatchNormalization",
            [scale, shift, Weight("moving_mean")!, Weight("moving_variance")!],
            OnnxGraph.Real("epsilon", layer.Epsilon)
        );
    }

    private void Activate(Activation? activation)
    {
        if (activation is not null)
            _last = OnnxActivations.Add(graph, activation, _last);
    }

    private void Transpose(int[] order) => Node("Transpose", [], OnnxGraph.Wholes("perm", order));

    private void Node(string operation, string[] more, params ProtoMessage[] attributes) =>
        _last = graph.Add(operation, [_last, .. more], attributes);

    private string[] WithBias(string? kernel) => Weight("bias") is { } bias ? [kernel!, bias] : [kernel!];

    /// <summary>A weight of the layer as a constant, its axes in another order; null where the layer has none of this name.</summary>
    /// <param name="name">Its name in the layer.</param>
    /// <param name="order">Which axis comes where; none to keep them, but for channels, which come first.</param>
    /// <param name="more">Sizes behind its own.</param>
    private string? Weight(string name, int[]? order = null, int[]? more = null)
    {
        string full = $"{_layer}/{name}";
        if (weights.Layout.Find(full) is not { } parameter)
            return null;
        int[] shape = [.. parameter.Weight.Shape];
        order ??= shape.Length == 3 ? [2, 0, 1] : [.. Enumerable.Range(0, shape.Length)];
        int[] sides = [.. order.Select(axis => shape[axis]), .. more ?? []];
        return graph.Floats(Permuted(weights[parameter], shape, order), sides, full);
    }

    /// <summary>Numbers with their axes in another order.</summary>
    private static float[] Permuted(ReadOnlySpan<float> values, int[] shape, int[] order)
    {
        var steps = new int[shape.Length]; // from one to the next along each axis of the source
        for (int axis = shape.Length - 1, step = 1; axis >= 0; step *= shape[axis--])
            steps[axis] = step;
        var result = new float[values.Length];
        var at = new int[shape.Length];
        for (int i = 0, from = 0; i < result.Length; i++)
        {
            result[i] = values[from];
            for (int axis = order.Length - 1; axis >= 0; axis--)
            {
                from += steps[order[axis]];
                if (++at[axis] < shape[order[axis]])
                    break;
                from -= at[axis] * steps[order[axis]];
                at[axis] = 0;
            }
        }
        return result;
    }

    /// <summary>Keras's padding along one side: the odd cell comes after the image.</summary>
    private static (int Before, int After) Padded(int size, int output, int reach, int stride, Padding padding) =>
        padding == Padding.Same ? Halves(Math.Max(0, (output - 1) * stride + reach - size)) : (0, 0);

    private static (int Before, int After) Halves(int total) => (total / 2, total - total / 2);

    private static ProtoMessage Pads((int Before, int After) rows, (int Before, int After) columns) =>
        OnnxGraph.Wholes("pads", rows.Before, columns.Before, rows.After, columns.After);

    private static ProtoMessage Pair(string name, Size2 size) => OnnxGraph.Wholes(name, size.Height, size.Width);
}
