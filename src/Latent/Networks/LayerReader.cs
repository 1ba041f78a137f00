namespace Latent.Networks;

/// <summary>Layers from Keras's config of them. One method a class; what does not exist here is said, not guessed.</summary>
internal static class LayerReader
{
    private delegate Layer? Reader(JsonReader config, ref string? unsupported);

    private static readonly Dictionary<string, Reader> s_readers = new(StringComparer.Ordinal)
    {
        ["Conv2D"] = Conv2D,
        ["Conv2DTranspose"] = Conv2DTranspose,
        ["Dense"] = Dense,
        ["Flatten"] = (_, ref _) => new Flatten(),
        ["Reshape"] = (config, ref _) => new Reshape(config.Shape("target_shape")),
        ["UpSampling2D"] = UpSampling2D,
        ["MaxPooling2D"] = MaxPooling2D,
        ["Activation"] = ActivationLayer,
        ["ReLU"] = ReLU,
        ["LeakyReLU"] = (config, ref _) => new ActivationLayer(LeakyRelu(config)),
    };

    public static IEnumerable<string> ClassNames => s_readers.Keys;

    /// <param name="className">Keras's class name.</param>
    /// <param name="config">Its config.</param>
    /// <param name="unsupported">What does not exist here, where the answer is null.</param>
    public static Layer? Read(string className, JsonReader config, out string? unsupported)
    {
        unsupported = null;
        if (!s_readers.TryGetValue(className, out var reader))
        {
            unsupported = $"the layer '{Shown.Of(className)}'";
            return null;
        }
        if (config.OptionalText("data_format") is { } format && format != "channels_last")
            unsupported = $"the data format '{Shown.Of(format)}' of {className}";
        var layer = reader(config, ref unsupported);
        return unsupported is not null || layer is null ? null : layer with { Name = config.OptionalName("name") };
    }

    private static Conv2D Conv2D(JsonReader config, ref string? unsupported)
    {
        Only(config.OptionalSize("dilation_rate") is null or (1, 1), "a dilation rate", ref unsupported);
        Only(config.OptionalInt("groups") is null or 1, "groups of channels", ref unsupported);
        return new(
            config.Int("filters"),
            config.Size("kernel_size"),
            config.OptionalSize("strides"),
            ReadPadding(config, ref unsupported),
            ReadActivation(config, ref unsupported),
            config.OptionalBool("use_bias") ?? true
        );
    }

    private static Conv2DTranspose Conv2DTranspose(JsonReader config, ref string? unsupported)
    {
        Only(config.OptionalSize("dilation_rate") is null or (1, 1), "a dilation rate", ref unsupported);
        Only(config.OptionalSize("output_padding") is null, "an output padding", ref unsupported);
        return new(
            config.Int("filters"),
            config.Size("kernel_size"),
            config.OptionalSize("strides"),
            ReadPadding(config, ref unsupported),
            ReadActivation(config, ref unsupported),
            config.OptionalBool("use_bias") ?? true
        );
    }

    private static Dense Dense(JsonReader config, ref string? unsupported) =>
        new(config.Int("units"), ReadActivation(config, ref unsupported), config.OptionalBool("use_bias") ?? true);

    private static UpSampling2D UpSampling2D(JsonReader config, ref string? unsupported)
    {
        string interpolation = config.OptionalText("interpolation") ?? "nearest";
        Only(interpolation == "nearest", $"the interpolation '{Shown.Of(interpolation)}'", ref unsupported);
        return new(config.OptionalSize("size") ?? 2);
    }

    private static MaxPooling2D MaxPooling2D(JsonReader config, ref string? unsupported) =>
        new(config.OptionalSize("pool_size"), config.OptionalSize("strides"), ReadPadding(config, ref unsupported));

    private static ActivationLayer ActivationLayer(JsonReader config, ref string? unsupported) =>
        new(ReadActivation(config, ref unsupported) ?? Activation.Linear);

    private static ActivationLayer ReLU(JsonReader config, ref string? unsupported)
    {
        Only(config.OptionalNumber("max_value") is null, "a largest value of ReLU", ref unsupported);
        Only(config.OptionalNumber("threshold") is null or 0, "a threshold of ReLU", ref unsupported);
        float slope = (float)(config.OptionalNumber("negative_slope") ?? 0);
        return new(slope == 0 ? Activation.Relu : Activation.LeakyRelu(slope));
    }

    /// <summary>Keras 3 writes negative_slope, Keras 2 alpha.</summary>
    private static Activation LeakyRelu(JsonReader config) =>
        Activation.LeakyRelu((float)(config.OptionalNumber("negative_slope") ?? config.OptionalNumber("alpha") ?? 0.3));

    private static Padding ReadPadding(JsonReader config, ref string? unsupported)
    {
        string padding = config.OptionalText("padding") ?? "valid";
        Only(padding is "valid" or "same", $"the padding '{Shown.Of(padding)}'", ref unsupported);
        return padding == "same" ? Padding.Same : Padding.Valid;
    }

    /// <summary>A name, a function that Keras wrapped in an object, or one of Keras's activation layers.</summary>
    private static Activation? ReadActivation(JsonReader config, ref string? unsupported)
    {
        if (!config.Has("activation"))
            return null;
        string name;
        if (config.IsObject("activation"))
        {
            var wrapped = config.Object("activation");
            string className = wrapped.Text("class_name");
            if (className != "function")
            {
                var layer = Read(className, wrapped.Object("config"), out string? inside) as ActivationLayer;
                unsupported ??= layer is null ? inside ?? $"the activation '{Shown.Of(className)}'" : null;
                return layer?.Function;
            }
            name = wrapped.Text("config");
        }
        else
            name = config.Text("activation");
        switch (name)
        {
            case "linear":
                return Activation.Linear;
            case "relu":
                return Activation.Relu;
            case "leaky_relu":
                return Activation.LeakyRelu();
            case "sigmoid":
                return Activation.Sigmoid;
            case "tanh":
                return Activation.Tanh;
            default:
                unsupported ??= $"the activation '{Shown.Of(name)}'";
                return null;
        }
    }

    private static void Only(bool supported, string what, ref string? unsupported) => unsupported ??= supported ? null : what;
}
