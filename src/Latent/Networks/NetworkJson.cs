using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latent.Networks;

/// <summary>
/// Descriptions as JSON, with Keras's class names and options. What a layer leaves to its default (null) is left out, so that a description
/// read back equals the one written.
/// </summary>
/// <example>
/// <code>{"name":"encoder","input":[28,28,1],"layers":[{"class_name":"Conv2D","config":{"filters":8,"kernel_size":[3,3],"strides":[2,2],"padding":"same","activation":"relu","use_bias":true}}]}</code>
/// </example>
public static class NetworkJson
{
    /// <summary>A description as JSON.</summary>
    /// <param name="network">The description.</param>
    /// <exception cref="LatentException">It holds a number that JSON cannot: an infinite slope for example.</exception>
    public static JsonObject Write(Network network) =>
        new()
        {
            ["name"] = network.Name,
            ["input"] = Array(network.Input),
            ["layers"] = new JsonArray([.. network.Layers.Select(WriteLayer)]),
        };

    /// <summary>A description from JSON.</summary>
    /// <param name="json">An object with name, input and layers.</param>
    /// <exception cref="LatentException">Something is missing, of the wrong kind, unknown, or does not fit together.</exception>
    public static Network Read(JsonElement json)
    {
        const string where = "The description of a network";
        var root = new JsonReader(json, where);
        var layers = ImmutableArray.CreateBuilder<Layer>();
        foreach (var element in root.Array("layers"))
        {
            var layer = new JsonReader(element, $"Layer {layers.Count + 1} of {where.ToLowerInvariant()}");
            string className = layer.Text("class_name");
            layers.Add(LayerReader.Read(className, layer.Object("config"), out string? unsupported) ?? throw Unsupported(unsupported!));
        }
        return new(root.Name("name"), root.Shape("input"), layers.ToImmutable());
    }

    /// <summary>One layer from Keras's own config of it (Keras 2 or 3), or from what <see cref="Write"/> makes.</summary>
    /// <param name="className">Keras's class name, "Conv2D" for example.</param>
    /// <param name="config">Keras's config; what it leaves out takes Keras's default.</param>
    /// <returns>The layer, or null where the class or one of its options does not exist here.</returns>
    /// <exception cref="LatentException">A value is missing or of the wrong kind.</exception>
    public static Layer? ReadLayer(string className, JsonElement config) => ReadLayer(className, config, out _);

    /// <summary>As <see cref="ReadLayer(string, JsonElement)"/>, and says what does not exist here.</summary>
    /// <param name="className">Keras's class name.</param>
    /// <param name="config">Keras's config.</param>
    /// <param name="unsupported">What does not exist here, "the padding 'causal'" for example; null where the layer is there.</param>
    /// <exception cref="LatentException">A value is missing or of the wrong kind.</exception>
    public static Layer? ReadLayer(string className, JsonElement config, out string? unsupported) =>
        LayerReader.Read(className, new JsonReader(config, $"The config of {className}"), out unsupported);

    /// <summary>Keras's class names of the layers that exist here.</summary>
    public static IReadOnlyList<string> LayerClasses { get; } = [.. LayerReader.ClassNames];

    private static LatentException Unsupported(string what) =>
        new(
            $"The description needs something that this version of Latent does not have: {what}.",
            $"layers among {string.Join(", ", LayerReader.ClassNames)}",
            what,
            "use a newer version of Latent; or, for a layer of your own, the program that has it, with CustomLayer.Register before the file is opened"
        );

    private static JsonObject WriteLayer(Layer layer)
    {
        var config = new JsonObject();
        if (layer.Name is not null)
            config["name"] = layer.Name;
        switch (layer)
        {
            case Conv2D l:
                config["filters"] = l.Filters;
                WriteConvolution(config, l.Kernel, l.Strides, l.Padding, l.Activation, l.UseBias);
                WriteSize(config, "dilation_rate", l.DilationRate);
                break;
            case Conv2DTranspose l:
                config["filters"] = l.Filters;
                WriteConvolution(config, l.Kernel, l.Strides, l.Padding, l.Activation, l.UseBias);
                break;
            case Dense l:
                config["units"] = l.Units;
                WriteActivation(config, l.Activation);
                config["use_bias"] = l.UseBias;
                break;
            case ActivityRegularization l:
                (config["l1"], config["l2"]) = (l.L1, l.L2);
                break;
            case CustomLayer l:
                foreach (var (key, value) in l.Config)
                    config[key] = value?.DeepClone();
                break;
            case Reshape l:
                config["target_shape"] = Array(l.Target);
                break;
            case UpSampling2D l:
                config["size"] = Array(l.Size);
                if (l.Interpolation == Interpolation.Bilinear)
                    config["interpolation"] = "bilinear";
                break;
            case MaxPooling2D l:
                WritePooling(config, l.PoolSize, l.Strides, l.Padding);
                break;
            case AveragePooling2D l:
                WritePooling(config, l.PoolSize, l.Strides, l.Padding);
                break;
            case GlobalAveragePooling2D l:
                config["keepdims"] = l.KeepDims;
                break;
            case ZeroPadding2D l:
                config["padding"] = Array(l.Margins);
                break;
            case Cropping2D l:
                config["cropping"] = Array(l.Margins);
                break;
            case BatchNormalization l:
                (config["momentum"], config["epsilon"], config["center"], config["scale"]) = (l.Momentum, l.Epsilon, l.Center, l.Scale);
                break;
            case Dropout l:
                config["rate"] = l.Rate;
                break;
            case GaussianNoise l:
                config["stddev"] = l.StandardDeviation;
                break;
            case Rescaling l:
                (config["scale"], config["offset"]) = (l.Scale, l.Offset);
                break;
            case ActivationLayer l:
                WriteActivation(config, l.Function);
                break;
            case ReLU l:
                WriteReLU(config, l);
                break;
            case LeakyReLU l:
                config["negative_slope"] = l.NegativeSlope;
                break;
            case ELU l:
                config["alpha"] = l.Alpha;
                break;
            case PReLU l:
                if (l.SharePixels)
                    config["shared_axes"] = Array([1, 2]);
                break;
            case Flatten:
                break;
            default:
                throw new NotSupportedException($"{layer.ClassName} has no JSON form.");
        }
        if (layer is KernelLayer kernel)
        {
            WriteRegularizer(config, "kernel_regularizer", kernel.KernelRegularizer);
            WriteRegularizer(config, "bias_regularizer", kernel.BiasRegularizer);
            WriteRegularizer(config, "activity_regularizer", kernel.ActivityRegularizer);
        }
        return new() { ["class_name"] = layer.ClassName, ["config"] = config };
    }

    private static void WriteConvolution(
        JsonObject config,
        Size2 kernel,
        Size2? strides,
        Padding padding,
        Activation? activation,
        bool bias
    )
    {
        config["kernel_size"] = Array(kernel);
        WriteSize(config, "strides", strides);
        config["padding"] = Name(padding);
        WriteActivation(config, activation);
        config["use_bias"] = bias;
    }

    private static void WriteRegularizer(JsonObject config, string key, Regularizer? regularizer)
    {
        if (regularizer is { } r)
            config[key] = new JsonObject
            {
                ["class_name"] = "L1L2",
                ["config"] = new JsonObject { ["l1"] = r.L1, ["l2"] = r.L2 },
            };
    }

    private static void WriteSize(JsonObject config, string key, Size2? size)
    {
        if (size is { } value)
            config[key] = Array(value);
    }

    private static void WritePooling(JsonObject config, Size2? pool, Size2? strides, Padding padding)
    {
        WriteSize(config, "pool_size", pool);
        WriteSize(config, "strides", strides);
        config["padding"] = Name(padding);
    }

    private static void WriteReLU(JsonObject config, ReLU layer)
    {
        if (layer.MaxValue is float most)
            config["max_value"] = most;
        (config["negative_slope"], config["threshold"]) = (layer.NegativeSlope, layer.Threshold);
    }

    /// <summary>By its name where Keras's function of the name is the same, else as Keras's layer with its numbers.</summary>
    private static void WriteActivation(JsonObject config, Activation? activation)
    {
        if (activation is null)
            return;
        if (!float.IsFinite(activation.Slope) || !float.IsFinite(activation.Threshold))
            throw new LatentException($"A number of the activation {activation.Name} is out of range.", "a finite number", $"{activation}");
        if (activation.IsNamed)
        {
            config["activation"] = activation.Name;
            return;
        }
        Layer layer = activation.Kind switch
        {
            ActivationKind.LeakyRelu => new LeakyReLU(activation.Slope),
            ActivationKind.Elu => new ELU(activation.Slope),
            _ => new ReLU(float.IsFinite(activation.Maximum) ? activation.Maximum : null, activation.Slope, activation.Threshold),
        };
        config["activation"] = WriteLayer(layer);
    }

    private static string Name(Padding padding) => padding == Padding.Same ? "same" : "valid";

    private static JsonArray Array(Margins m) => [Array([m.Top, m.Bottom]), Array([m.Left, m.Right])];

    private static JsonArray Array(Size2 size) => Array([size.Height, size.Width]);

    private static JsonArray Array(Shape shape) => Array(shape.IsVector ? [shape.Channels] : [shape.Height, shape.Width, shape.Channels]);

    /// <summary>Item by item: a JsonArray filled with anything but nodes needs reflection, which programs compiled ahead of time lack.</summary>
    private static JsonArray Array(int[] numbers) => new([.. numbers.Select(number => (JsonNode)number)]);
}
