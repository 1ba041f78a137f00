using System.Text.Json.Nodes;
using Latent.Networks;

namespace Latent.Formats.Keras;

/// <summary>
/// A layer's config as Keras 3 writes it: the options that the description has, and Keras's defaults for those that there are not here. What
/// only the newest versions of Keras 3 know is left out, so that the others read it too.
/// </summary>
internal static class KerasConfig
{
    private static readonly HashSet<string> s_buildsItself = new(StringComparer.Ordinal)
    {
        "Conv2D",
        "Conv2DTranspose",
        "Dense",
        "Flatten",
        "UpSampling2D",
        "BatchNormalization",
        "ZeroPadding2D",
        "Cropping2D",
        "PReLU",
    };

    // what the layers with a kernel share, in Keras's order
    private static readonly string[] s_kernelAndBias =
    [
        "activation",
        "use_bias",
        "kernel_initializer",
        "bias_initializer",
        "kernel_regularizer",
        "bias_regularizer",
    ];
    private static readonly string[] s_constraints = ["kernel_constraint", "bias_constraint"];

    /// <summary>The config of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="options">Its options, as <see cref="NetworkJson"/> writes them.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="LatentException">Keras has no such layer.</exception>
    public static JsonObject Of(Layer layer, JsonObject options, string name)
    {
        if (layer is CustomLayer)
            throw new LatentException(
                $"The layer '{name}' of the class {layer.ClassName} is one of your own, and cannot be written for Keras.",
                "layers that Keras has",
                layer.ClassName,
                "replace it by layers that Keras has"
            );
        var config = new JsonObject
        {
            ["name"] = name,
            ["trainable"] = true,
            ["dtype"] = "float32",
        };
        if (layer is KernelLayer and not (Conv2D or Conv2DTranspose) && options["activity_regularizer"] is { } activity)
            config["activity_regularizer"] = Regularizer(activity);
        foreach (string key in Keys(layer))
            config[key] = Value(layer, key, options);
        return config;
    }

    /// <summary>Whether Keras remembers for what shape it built the layer.</summary>
    public static bool RemembersInput(Layer layer) => s_buildsItself.Contains(layer.ClassName);

    /// <summary>What Keras notes beside the input of a call.</summary>
    public static JsonObject CallArguments(Layer layer) =>
        layer switch
        {
            BatchNormalization => new() { ["mask"] = null },
            Dropout or GaussianNoise => new() { ["training"] = false },
            _ => [],
        };

    private static string[] Keys(Layer layer) =>
        layer switch
        {
            Conv2D =>
            [
                "filters",
                "kernel_size",
                "strides",
                "padding",
                "data_format",
                "dilation_rate",
                "groups",
                .. s_kernelAndBias,
                "activity_regularizer",
                .. s_constraints,
            ],
            Conv2DTranspose =>
            [
                "filters",
                "kernel_size",
                "strides",
                "padding",
                "output_padding",
                "data_format",
                "dilation_rate",
                .. s_kernelAndBias,
                "activity_regularizer",
                .. s_constraints,
            ],
            Dense => ["units", .. s_kernelAndBias, .. s_constraints],
            Flatten => ["data_format"],
            Reshape => ["target_shape"],
            UpSampling2D => ["size", "data_format", "interpolation"],
            MaxPooling2D or AveragePooling2D => ["pool_size", "padding", "strides", "data_format"],
            GlobalAveragePooling2D => ["data_format", "keepdims"],
            ZeroPadding2D => ["padding", "data_format"],
            Cropping2D => ["cropping", "data_format"],
            BatchNormalization =>
            [
                "axis",
                "momentum",
                "epsilon",
                "center",
                "scale",
                "beta_initializer",
                "gamma_initializer",
                "moving_mean_initializer",
                "moving_variance_initializer",
                "beta_regularizer",
                "gamma_regularizer",
                "beta_constraint",
                "gamma_constraint",
                "synchronized",
            ],
            Dropout => ["rate", "seed", "noise_shape"],
            GaussianNoise => ["stddev", "seed"],
            Rescaling => ["scale", "offset"],
            ActivationLayer => ["activation"],
            ReLU => ["max_value", "negative_slope", "threshold"],
            LeakyReLU => ["negative_slope"],
            ELU => ["alpha"],
            PReLU => ["alpha_initializer", "alpha_regularizer", "alpha_constraint", "shared_axes"],
            ActivityRegularization => ["l1", "l2"],
            _ => throw new NotSupportedException($"{layer.ClassName} has no config of Keras."),
        };

    private static JsonNode? Value(Layer layer, string key, JsonObject options) =>
        key switch
        {
            "data_format" => "channels_last",
            "groups" => 1,
            "axis" => -1,
            "synchronized" => false,
            "kernel_initializer" => Initializer("GlorotUniform", new() { ["seed"] = null }),
            "bias_initializer" or "beta_initializer" or "moving_mean_initializer" or "alpha_initializer" => Initializer("Zeros", []),
            "gamma_initializer" or "moving_variance_initializer" => Initializer("Ones", []),
            "kernel_regularizer" or "bias_regularizer" or "activity_regularizer" => Regularizer(options[key]),
            "activation" => options[key] is JsonObject function ? Function(function) : options[key]?.DeepClone() ?? "linear",
            "strides" => options[key]?.DeepClone() ?? Default(layer),
            "pool_size" => options[key]?.DeepClone() ?? new JsonArray(2, 2),
            "dilation_rate" => options[key]?.DeepClone() ?? new JsonArray(1, 1),
            "interpolation" => options[key]?.DeepClone() ?? "nearest",
            _ => options[key]?.DeepClone(),
        };

    private static JsonArray Default(Layer layer) =>
        layer switch
        {
            MaxPooling2D l => Array(l.PoolSize ?? 2),
            AveragePooling2D l => Array(l.PoolSize ?? 2),
            _ => new(1, 1),
        };

    private static JsonArray Array(Size2 size) => new(size.Height, size.Width);

    private static JsonObject Initializer(string className, JsonObject config) => Object("keras.initializers", className, config);

    private static JsonObject? Regularizer(JsonNode? own) =>
        own is null ? null : Object("keras.regularizers", "L1L2", own["config"]!.DeepClone().AsObject());

    /// <summary>A layer in place of a function's name, for a function that has numbers of its own.</summary>
    private static JsonObject Function(JsonObject own)
    {
        string className = own["class_name"]!.GetValue<string>();
        using var document = System.Text.Json.JsonDocument.Parse(own["config"]!.ToJsonString());
        var layer = NetworkJson.ReadLayer(className, document.RootElement)!;
        return Object("keras.layers", className, Of(layer, own["config"]!.AsObject(), SnakeCase.Of(className)));
    }

    public static JsonObject Object(string module, string className, JsonObject config, string? registered = null) =>
        new()
        {
            ["module"] = module,
            ["class_name"] = className,
            ["config"] = config,
            ["registered_name"] = registered,
        };
}
