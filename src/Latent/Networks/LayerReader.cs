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
        ["MaxPooling2D"] = (config, ref unsupported) =>
            new MaxPooling2D(Pool(config), Strides(config), ReadPadding(config, ref unsupported)),
        ["AveragePooling2D"] = (config, ref unsupported) =>
            new AveragePooling2D(Pool(config), Strides(config), ReadPadding(config, ref unsupported)),
        ["GlobalAveragePooling2D"] = (config, ref _) => new GlobalAveragePooling2D(config.OptionalBool("keepdims") ?? false),
        ["ZeroPadding2D"] = (config, ref _) => new ZeroPadding2D(config.OptionalMargins("padding") ?? 1),
        ["Cropping2D"] = (config, ref _) => new Cropping2D(config.OptionalMargins("cropping") ?? 0),
        ["BatchNormalization"] = BatchNormalization,
        ["Dropout"] = Dropout,
        ["GaussianNoise"] = (config, ref _) => new GaussianNoise(config.Float("stddev")),
        ["Rescaling"] = (config, ref _) => new Rescaling(config.Float("scale"), (float)(config.OptionalNumber("offset") ?? 0)),
        ["Activation"] = ActivationLayer,
        ["ReLU"] = (config, ref _) =>
            new ReLU(
                (float?)config.OptionalNumber("max_value"),
                (float)(config.OptionalNumber("negative_slope") ?? 0),
                (float)(config.OptionalNumber("threshold") ?? 0)
            ),
        ["LeakyReLU"] = (config, ref _) =>
            // Keras 3 writes negative_slope, Keras 2 alpha
            new LeakyReLU((float)(config.OptionalNumber("negative_slope") ?? config.OptionalNumber("alpha") ?? 0.3)),
        ["ELU"] = (config, ref _) => new ELU((float)(config.OptionalNumber("alpha") ?? 1)),
        ["PReLU"] = PReLU,
        ["ActivityRegularization"] = (config, ref _) =>
            new ActivityRegularization((float)(config.OptionalNumber("l1") ?? 0), (float)(config.OptionalNumber("l2") ?? 0)),
    };

    public static IEnumerable<string> ClassNames => s_readers.Keys;

    /// <summary>Whether Latent has a layer of this class itself.</summary>
    public static bool Knows(string className) => s_readers.ContainsKey(className);

    /// <param name="className">Keras's class name.</param>
    /// <param name="config">Its config.</param>
    /// <param name="unsupported">What does not exist here, where the answer is null.</param>
    public static Layer? Read(string className, JsonReader config, out string? unsupported)
    {
        unsupported = null;
        if (CustomLayer.Read(className, config.Element) is { } own)
            return own with { Name = config.OptionalName("name") };
        if (!s_readers.TryGetValue(className, out var reader))
        {
            unsupported = $"the layer '{Shown.Of(className)}'";
            return null;
        }
        if (config.OptionalText("data_format") is { } format && format != "channels_last")
            unsupported = $"the data format '{Shown.Of(format)}' of {className}";
        var layer = reader(config, ref unsupported);
        if (layer is KernelLayer kernel)
            layer = kernel with
            {
                KernelRegularizer = ReadRegularizer(config, "kernel_regularizer", ref unsupported),
                BiasRegularizer = ReadRegularizer(config, "bias_regularizer", ref unsupported),
                ActivityRegularizer = ReadRegularizer(config, "activity_regularizer", ref unsupported),
            };
        return unsupported is not null || layer is null ? null : layer with { Name = config.OptionalName("name") };
    }

    private static Conv2D Conv2D(JsonReader config, ref string? unsupported)
    {
        Only(config.OptionalInt("groups") is null or 1, "groups of channels", ref unsupported);
        return new(
            config.Int("filters"),
            config.Size("kernel_size"),
            config.OptionalSize("strides"),
            ReadPadding(config, ref unsupported),
            ReadActivation(config, ref unsupported),
            config.OptionalBool("use_bias") ?? true
        )
        {
            DilationRate = config.OptionalSize("dilation_rate") is { } rate && rate != 1 ? rate : null,
        };
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
        Only(interpolation is "nearest" or "bilinear", $"the interpolation '{Shown.Of(interpolation)}'", ref unsupported);
        return new(config.OptionalSize("size") ?? 2)
        {
            Interpolation = interpolation == "bilinear" ? Interpolation.Bilinear : Interpolation.Nearest,
        };
    }

    private static Size2? Pool(JsonReader config) => config.OptionalSize("pool_size");

    private static Size2? Strides(JsonReader config) => config.OptionalSize("strides");

    private static BatchNormalization BatchNormalization(JsonReader config, ref string? unsupported)
    {
        Only(config.OptionalAxis("axis") is null or -1 or 3, "another axis than the channels of BatchNormalization", ref unsupported);
        Only(config.OptionalBool("renorm") is not true, "the renormalization of BatchNormalization", ref unsupported);
        return new(
            (float)(config.OptionalNumber("momentum") ?? 0.99),
            (float)(config.OptionalNumber("epsilon") ?? 1e-3),
            config.OptionalBool("center") ?? true,
            config.OptionalBool("scale") ?? true
        );
    }

    private static Dropout Dropout(JsonReader config, ref string? unsupported)
    {
        Only(!config.Has("noise_shape"), "a noise shape of Dropout", ref unsupported);
        return new(config.Float("rate"));
    }

    private static PReLU PReLU(JsonReader config, ref string? unsupported)
    {
        int[] shared = config.Has("shared_axes")
            ? [.. config.Array("shared_axes").Select(axis => axis.TryGetInt32(out int n) ? n : 0)]
            : [];
        Only(shared is [] or [1, 2], "shared axes of PReLU other than both of the pixels", ref unsupported);
        return new(SharePixels: shared.Length > 0);
    }

    private static ActivationLayer ActivationLayer(JsonReader config, ref string? unsupported) =>
        new(ReadActivation(config, ref unsupported) ?? Activation.Linear);

    /// <summary>Keras's L1, L2 or L1L2, or its short names of them, which stand for 0.01.</summary>
    private static Regularizer? ReadRegularizer(JsonReader config, string key, ref string? unsupported)
    {
        if (!config.Has(key))
            return null;
        if (config.IsText(key))
            return config.Text(key).ToUpperInvariant() switch
            {
                "L1" => new(0.01f),
                "L2" => new(0, 0.01f),
                "L1L2" or "L1_L2" => new(0.01f, 0.01f),
                _ => Unknown(config.Text(key), ref unsupported),
            };
        var wrapped = config.Object(key);
        string className = wrapped.Text("class_name");
        if (className is not ("L1" or "L2" or "L1L2"))
            return Unknown(className, ref unsupported);
        var numbers = wrapped.Object("config");
        return new((float)(numbers.OptionalNumber("l1") ?? 0), (float)(numbers.OptionalNumber("l2") ?? 0));

        static Regularizer? Unknown(string name, ref string? unsupported)
        {
            unsupported ??= $"the regularizer '{Shown.Of(name)}'";
            return null;
        }
    }

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
                var function = Function(Read(className, wrapped.Object("config"), out string? inside));
                unsupported ??= function is null ? inside ?? $"the activation '{Shown.Of(className)}'" : null;
                return function;
            }
            name = wrapped.Text("config");
        }
        else
            name = config.Text("activation");
        var activation = Activation.Named(name);
        unsupported ??= activation is null ? $"the activation '{Shown.Of(name)}'" : null;
        return activation;
    }

    /// <summary>The function of a layer that is nothing but one, or null.</summary>
    private static Activation? Function(Layer? layer) =>
        layer switch
        {
            ActivationLayer l => l.Function,
            ReLU l => l.Function,
            LeakyReLU l => l.Function,
            ELU l => l.Function,
            _ => null,
        };

    private static void Only(bool supported, string what, ref string? unsupported) => unsupported ??= supported ? null : what;
}
