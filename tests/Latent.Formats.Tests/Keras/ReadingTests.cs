using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Latent.Formats.Hdf5;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Formats.Tests.Keras;

/// <summary>Keras's ways of saying things that the files in tests/interop do not have.</summary>
public sealed class ReadingTests
{
    [Fact]
    public void An_image_without_channels_has_one()
    {
        // the first autoencoder of many a tutorial: (28, 28) in, Flatten, and a Reshape to (28, 28) at the end
        var keras = Open(
            KerasFiles.Sequential(
                [4, 3],
                ("Rescaling", new() { ["scale"] = 2 }),
                ("Flatten", []),
                ("Reshape", new() { ["target_shape"] = new JsonArray(4, -1) }),
                ("ReLU", [])
            )
        );
        Assert.Equal(new(4, 3, 1), keras.Network.Input);
        Assert.Equal(new(4, 3, 1), keras.Network.Output);
        float[] x = [.. Enumerable.Range(0, 12).Select(i => (float)i)];
        Assert.Equal([.. x.Select(value => 2 * value)], keras.Predict(x));
    }

    [Theory]
    [InlineData("2.15.0", new float[] { 0, 0.1f, 0.5f, 0.7f, 1 })]
    [InlineData("3.15.1", new float[] { 0, 1 / 6f, 0.5f, 4 / 6f, 1 })]
    public void The_hard_sigmoid_is_that_of_the_files_version(string version, float[] expected)
    {
        var config = KerasFiles.Sequential([5], ("Activation", new() { ["activation"] = "hard_sigmoid" }));
        Near.Absolute(expected, KerasFiles.Open(KerasFiles.Archive(config, version: version)).Predict([-4, -2, 0, 1, 5]), 1e-6, version);
    }

    [Fact]
    public void A_softmax_layer_is_an_activation() =>
        Near.Absolute(
            [0.5f, 0.5f],
            Open(KerasFiles.Sequential([2], ("Softmax", new() { ["axis"] = -1 }))).Predict([3, 3]),
            1e-6,
            "softmax"
        );

    [Fact]
    public void A_size_left_open_is_told_from_the_others() =>
        Assert.Equal(
            new(2, 3, 2),
            Open(KerasFiles.Sequential([12], ("Reshape", new() { ["target_shape"] = new JsonArray(2, -1, 2) }))).Network.Output
        );

    /// <summary>In a .h5 file a nested model's weights that are trained come first, then its statistics; what is frozen is at the end too.</summary>
    [Fact]
    public void Weights_of_a_nested_model_are_in_Keras_order()
    {
        var inner = KerasFiles.Sequential(
            [2],
            ("BatchNormalization", new() { ["name"] = "first", ["axis"] = new JsonArray(1) }),
            (
                "Dense",
                new()
                {
                    ["name"] = "cold",
                    ["units"] = 2,
                    ["use_bias"] = false,
                    ["trainable"] = false,
                }
            ),
            (
                "BatchNormalization",
                new()
                {
                    ["name"] = "second",
                    ["axis"] = new JsonArray(1),
                    ["scale"] = false,
                }
            )
        );
        inner["name"] = "inner";
        inner["inbound_nodes"] = new JsonArray(new JsonArray(new JsonArray("a", 0, 0, new JsonObject())));
        var config = KerasFiles.Functional(["a"], ["inner"], KerasFiles.Input("a", 2), inner);
        var root = new NewGroup();
        root.Attributes.Add(NewAttribute.Unicode("keras_version", "2.15.0"));
        root.Attributes.Add(NewAttribute.Bytes("model_config", config.ToJsonString()));
        var weights = root.Group("model_weights");
        weights.Attributes.Add(NewAttribute.List("layer_names", ["a", "inner"]));
        (string Name, float[] Values)[] order =
        [
            ("first/gamma:0", [1, 2]),
            ("first/beta:0", [3, 4]),
            ("second/beta:0", [5, 6]),
            ("first/moving_mean:0", [7, 8]),
            ("first/moving_variance:0", [9, 10]),
            ("cold/kernel:0", [11, 12, 13, 14]),
            ("second/moving_mean:0", [15, 16]),
            ("second/moving_variance:0", [17, 18]),
        ];
        weights.Group("inner").Attributes.Add(NewAttribute.List("weight_names", [.. order.Select(weight => weight.Name)]));
        foreach (var (name, values) in order)
            weights
                .Group("inner")
                .Add(name, new(NewType.Float32, values.Length == 4 ? [2, 2] : [2], () => MemoryMarshal.AsBytes<float>(values)));
        var stream = new MemoryStream();
        Hdf5Writer.Write(stream, root);
        var keras = KerasModel.Open(stream);
        foreach (var (name, values) in order)
            Assert.Equal(values, keras.Weights[$"model/{name[..^2]}"]);
        Assert.Contains("'cold' is frozen", Assert.Single(keras.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Models_in_models_lie_in_their_own_groups()
    {
        var inner = KerasFiles.Functional(
            ["b"],
            ["d"],
            KerasFiles.Input("b", 2),
            KerasFiles.Layer(
                "Dense",
                new()
                {
                    ["units"] = 1,
                    ["name"] = "d",
                    ["use_bias"] = false,
                },
                ["b"]
            )
        );
        inner["config"]!["name"] = "inner";
        inner["name"] = "inner";
        inner["inbound_nodes"] = KerasFiles.Layer("Flatten", [], ["a"])["inbound_nodes"]!.DeepClone();
        var outer = KerasFiles.Sequential(
            [2],
            (
                "Dense",
                new()
                {
                    ["units"] = 2,
                    ["use_bias"] = false,
                    ["name"] = "d",
                }
            )
        );
        outer["config"]!["layers"]!.AsArray().Add((JsonNode)inner);
        byte[] file = KerasFiles.Archive(
            outer,
            root =>
            {
                root.Add("layers/dense/vars/0", Numbers([2, 2], 1, 2, 3, 4));
                root.Add("layers/functional/layers/dense/vars/0", Numbers([2, 1], 5, 6));
            }
        );
        var keras = KerasFiles.Open(file);
        Assert.Equal(["d", "d_1"], keras.Network.Layers.Select(layer => layer.Name));
        Assert.Equal([5 * 4 + 6 * 6], keras.Predict([1, 1]));
    }

    [Fact]
    public void Names_of_many_layers_may_be_cut_into_several_lists()
    {
        const int count = 9_000;
        var layers = Enumerable.Range(0, count).Select(i => ("ReLU", new JsonObject { ["name"] = $"r{i}" })).ToArray();
        layers[^1] = (
            "Dense",
            new()
            {
                ["units"] = 1,
                ["use_bias"] = false,
                ["name"] = "last",
            }
        );
        var model = KerasFiles.Open(
            KerasFiles.Archive(KerasFiles.Sequential([1], layers), root => root.Add("layers/dense/vars/0", Numbers([1, 1], 3)))
        );
        using var folder = new TemporaryFolder();
        model.Save(folder["many.h5"]);
        Assert.Equal([6f], KerasModel.Open(folder["many.h5"]).Predict([2]));
    }

    private static KerasModel Open(JsonObject config) => KerasFiles.Open(KerasFiles.Archive(config));

    private static NewDataSet Numbers(int[] sides, params float[] values) =>
        new(NewType.Float32, sides, () => MemoryMarshal.AsBytes<float>(values));
}
