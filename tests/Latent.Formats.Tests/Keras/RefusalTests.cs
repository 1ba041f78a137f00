using System.Text.Json.Nodes;
using Latent.Tests.Shared;

namespace Latent.Formats.Tests.Keras;

/// <summary>What is no chain of layers that Latent has: one message that names the layer and its class, or the second input.</summary>
public sealed class RefusalTests
{
    private static JsonObject Dense(string name, params string[] sources) =>
        KerasFiles.Layer("Dense", new() { ["units"] = 2, ["name"] = name }, [sources]);

    private static JsonObject Other(string className, string name, params string[] sources) =>
        KerasFiles.Layer(className, new() { ["name"] = name }, [sources]);

    public static TheoryData<string, string[]> Cases() =>
        new()
        {
            { "lstm", ["the layer 'lstm' is of the class LSTM", "Expected: a chain of layers", "Conv2D"] },
            { "lambda", ["the layer 'double' is of the class Lambda"] },
            { "two inputs", ["second input, 'b'", "'join' is of the class Concatenate"] },
            { "two outputs", ["second output, 'e'"] },
            { "a branch", ["the output of 'd' branches", "'join' (Add)"] },
            { "shared", ["the layer 'd' (Dense) is shared"] },
            { "subclassed", ["of the class MyModel", "Python code"] },
            { "user's own Dense", ["the layer 'd' is of the class Dense, a user's own"] },
            { "channels first", ["the layer 'c' (Conv2D)", "channels_first"] },
            { "groups", ["the layer 'c' (Conv2D)", "groups"] },
            { "causal", ["the layer 'c' (Conv2D)", "causal"] },
            { "unknown activation", ["the layer 'd' (Dense)", "glu"] },
            { "active in use", ["the layer 'drop' (Dropout)", "training=True"] },
            { "open sizes", ["(None, None, 1)"] },
            { "four sizes", ["(2, 2, 2, 2)"] },
            { "never built", ["never built"] },
            { "no channels", ["the layer 'c' (Conv2D)", "without channels"] },
            { "does not fit", ["the layer 'r' (Reshape)"] },
            { "in a nested model", ["the layer 'gru' is of the class GRU"] },
            { "a metric of axis", ["the layer 's' (Softmax)", "axis"] },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_message_says_it(string what, string[] said)
    {
        var config = Config(what);
        foreach (byte[] file in (byte[][])[KerasFiles.Archive(config), KerasFiles.Legacy(config)])
        {
            var e = Assert.Throws<LatentException>(() => KerasFiles.Open(file));
            Assert.Contains("'model.keras'", e.Message, StringComparison.Ordinal);
            foreach (string part in said)
                Assert.Contains(part, e.Message, StringComparison.Ordinal);
        }
    }

    private static JsonObject Config(string what)
    {
        var input = KerasFiles.Input("a", 4);
        return what switch
        {
            "lstm" => KerasFiles.Sequential([4, 2], ("LSTM", new() { ["units"] = 3 })),
            "lambda" => KerasFiles.Functional(["a"], ["double"], input, Other("Lambda", "double", "a")),
            "two inputs" => KerasFiles.Functional(
                ["a", "b"],
                ["join"],
                input,
                KerasFiles.Input("b", 4),
                Other("Concatenate", "join", "a", "b")
            ),
            "two outputs" => KerasFiles.Functional(["a"], ["d", "e"], input, Dense("d", "a"), Dense("e", "d")),
            "a branch" => KerasFiles.Functional(["a"], ["join"], input, Dense("d", "a"), Dense("e", "d"), Other("Add", "join", "d", "e")),
            "shared" => KerasFiles.Functional(
                ["a"],
                ["d"],
                input,
                KerasFiles.Layer("Dense", new() { ["units"] = 4, ["name"] = "d" }, ["a"], ["d"])
            ),
            "subclassed" => new()
            {
                ["class_name"] = "MyModel",
                ["config"] = new JsonObject { ["size"] = 3 },
            },
            "user's own Dense" => Own(),
            "channels first" => Image(("Conv2D", Convolution("data_format", "channels_first"))),
            "groups" => Image(("Conv2D", Convolution("groups", 2))),
            "causal" => Image(("Conv2D", Convolution("padding", "causal"))),
            "unknown activation" => KerasFiles.Sequential(
                [4],
                (
                    "Dense",
                    new()
                    {
                        ["units"] = 3,
                        ["name"] = "d",
                        ["activation"] = "glu",
                    }
                )
            ),
            "active in use" => Active(),
            "open sizes" => KerasFiles.Sequential([0, 0, 1], ("Flatten", [])),
            "four sizes" => KerasFiles.Sequential([2, 2, 2, 2], ("Flatten", [])),
            "never built" => new()
            {
                ["class_name"] = "Sequential",
                ["config"] = new JsonObject { ["layers"] = new JsonArray(KerasFiles.Layer("Flatten", [])) },
            },
            "no channels" => KerasFiles.Sequential([4, 4], ("Conv2D", Convolution("groups", 1))),
            "does not fit" => KerasFiles.Sequential([4], ("Reshape", new() { ["target_shape"] = new JsonArray(3, 3, 1), ["name"] = "r" })),
            "in a nested model" => KerasFiles.Functional(
                ["a"],
                ["inner"],
                input,
                Nested("inner", KerasFiles.Sequential([4], ("GRU", new() { ["units"] = 2 })), "a")
            ),
            "a metric of axis" => Image(("Softmax", new() { ["axis"] = 1, ["name"] = "s" })),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
    }

    private static JsonObject Image(params (string, JsonObject)[] layers) => KerasFiles.Sequential([8, 8, 2], layers);

    private static JsonObject Convolution(string key, JsonNode value) =>
        new()
        {
            ["name"] = "c",
            ["filters"] = 2,
            ["kernel_size"] = new JsonArray(3, 3),
            [key] = value,
        };

    private static JsonObject Own()
    {
        var layer = Dense("d", "a");
        (layer["module"], layer["registered_name"]) = ("my_package.layers", "my_package>Dense");
        return KerasFiles.Functional(["a"], ["d"], KerasFiles.Input("a", 4), layer);
    }

    private static JsonObject Active()
    {
        var layer = KerasFiles.Layer("Dropout", new() { ["rate"] = 0.5, ["name"] = "drop" }, ["a"]);
        layer["inbound_nodes"]![0]!["kwargs"] = new JsonObject { ["training"] = true };
        return KerasFiles.Functional(["a"], ["drop"], KerasFiles.Input("a", 4), layer);
    }

    private static JsonObject Nested(string name, JsonObject model, string source)
    {
        model["name"] = name;
        model["inbound_nodes"] = KerasFiles.Layer("Flatten", [], [source])["inbound_nodes"]!.DeepClone();
        return model;
    }

    [Fact]
    public void Weights_alone_are_no_model()
    {
        var root = new Hdf5.NewGroup();
        root.Group("layers/dense/vars");
        var stream = new MemoryStream();
        Hdf5.Hdf5Writer.Write(stream, root);
        var e = Assert.Throws<LatentException>(() => KerasModel.Open(stream));
        Assert.Contains("save_weights", e.Message, StringComparison.Ordinal);
        Assert.Contains("model.save", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_decoder_says_what_takes_it()
    {
        var keras = KerasModel.Open(KerasFiles.Of("keras3_seed_z2_decoder.keras"));
        var e = Assert.Throws<LatentException>(() => keras.ToAutoencoder());
        Assert.Contains("latent predict", e.Message, StringComparison.Ordinal);
        Assert.Contains("--code", e.Message, StringComparison.Ordinal);
    }
}
