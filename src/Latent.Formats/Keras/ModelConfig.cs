using System.Text.Json.Nodes;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Formats.Keras;

/// <summary>The description of a model as Keras 3 writes it: into a .keras file, or, with fewer words, into a .h5 file.</summary>
internal sealed class ModelConfig(bool isArchive)
{
    /// <summary>The model with all that it is made of.</summary>
    public JsonObject Of(NewModel model)
    {
        var json = Described(model.Root);
        if (isArchive)
            json["compile_config"] = CompileConfig(model);
        return json;
    }

    /// <summary>What the model is compiled with, as a .h5 file has it; null where it is not.</summary>
    public static JsonObject? TrainingConfig(NewModel model)
    {
        if (model.Optimizer is not { } state || KerasOptimizers.Write(state.Optimizer) is not var (className, config))
            return null;
        var json = Compiled(model);
        json["optimizer_config"] = new JsonObject { ["class_name"] = className, ["config"] = config };
        return json;
    }

    private static JsonObject CompileConfig(NewModel model)
    {
        if (model.Optimizer is not { } state || KerasOptimizers.Write(state.Optimizer) is not var (className, config))
            return [];
        var json = new JsonObject { ["optimizer"] = KerasConfig.Object("keras.optimizers", className, config) };
        foreach (var (key, value) in Compiled(model))
            json[key] = value?.DeepClone();
        return json;
    }

    private static JsonObject Compiled(NewModel model) =>
        new()
        {
            ["loss"] = LossOf(model.Loss),
            ["loss_weights"] = null,
            ["metrics"] = null,
            ["weighted_metrics"] = null,
            ["run_eagerly"] = false,
            ["steps_per_execution"] = 1,
            ["jit_compile"] = false,
        };

    private static JsonNode? LossOf(Loss? loss) =>
        loss switch
        {
            MeanSquaredError => "mse",
            MeanAbsoluteError => "mae",
            BinaryCrossentropy => "binary_crossentropy",
            LogCosh => "log_cosh",
            CategoricalCrossentropy { FromLogits: false } => "categorical_crossentropy",
            Huber huber => KerasConfig.Object("keras.losses", "Huber", new() { ["name"] = "huber_loss", ["delta"] = huber.Delta }),
            _ => null,
        };

    private JsonObject Described(NewNode model)
    {
        var layers = new JsonArray((JsonNode)Input(model));
        (string Name, Shape Shape) before = (model.InputName, model.Input);
        foreach (var node in model.Layers!)
        {
            layers.Add((JsonNode)Listed(node, before));
            before = (node.Name, node.Output);
        }
        var last = model.Layers[^1];
        var config = new JsonObject
        {
            ["name"] = model.Name,
            ["trainable"] = true,
            ["layers"] = layers,
            ["input_layers"] = new JsonArray(model.InputName, 0, 0),
            // a model has a node of its own before the first that it is called with
            ["output_layers"] = new JsonArray(last.Name, last.Layer is null ? 1 : 0, 0),
        };
        if (!isArchive)
            return new() { ["class_name"] = "Functional", ["config"] = config };
        var json = KerasConfig.Object("keras.src.models.functional", "Functional", config, "Functional");
        json["build_config"] = new JsonObject { ["input_shape"] = null };
        json["compile_config"] = new JsonObject();
        return json;
    }

    private JsonObject Input(NewNode model)
    {
        var config = new JsonObject
        {
            ["batch_shape"] = Batch(model.Input),
            ["dtype"] = "float32",
            ["sparse"] = false,
            ["name"] = model.InputName,
        };
        var json = isArchive
            ? KerasConfig.Object("keras.layers", "InputLayer", config)
            : new() { ["class_name"] = "InputLayer", ["config"] = config };
        json["name"] = model.InputName;
        json["inbound_nodes"] = new JsonArray();
        return json;
    }

    private JsonObject Listed(NewNode node, (string Name, Shape Shape) before)
    {
        JsonObject json;
        if (node.Layer is not { } layer)
            json = Described(node);
        else
        {
            var config = KerasConfig.Of(layer, node.Options!, node.Name);
            json = isArchive
                ? KerasConfig.Object("keras.layers", layer.ClassName, config)
                : new() { ["class_name"] = layer.ClassName, ["config"] = config };
            if (isArchive && KerasConfig.RemembersInput(layer))
                json["build_config"] = new JsonObject { ["input_shape"] = Batch(node.Input) };
        }
        json["name"] = node.Name;
        json["inbound_nodes"] = new JsonArray(
            new JsonObject
            {
                ["args"] = new JsonArray(
                    new JsonObject
                    {
                        ["class_name"] = "__keras_tensor__",
                        ["config"] = new JsonObject
                        {
                            ["shape"] = Batch(before.Shape),
                            ["dtype"] = "float32",
                            ["keras_history"] = new JsonArray(before.Name, 0, 0),
                        },
                    }
                ),
                ["kwargs"] = node.Layer is { } called ? KerasConfig.CallArguments(called) : new() { ["mask"] = null },
            }
        );
        return json;
    }

    private static JsonArray Batch(Shape shape) =>
        shape.IsVector ? new(null, shape.Channels) : new(null, shape.Height, shape.Width, shape.Channels);
}
