using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Latent.Formats.Hdf5;
using Latent.Tests.Shared;

namespace Latent.Formats.Tests.Keras;

/// <summary>The files of real Keras (tests/interop), and files made up of JSON.</summary>
internal static class KerasFiles
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "interop");

    /// <summary>The files of tests/interop and of the folder that LATENT_INTEROP names.</summary>
    public static IEnumerable<string> All()
    {
        string?[] folders = [Folder, Environment.GetEnvironmentVariable("LATENT_INTEROP")];
        return folders
            .Where(folder => Directory.Exists(folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder!))
            .Where(file => Path.GetExtension(file) is ".h5" or ".keras")
            .Order(StringComparer.Ordinal);
    }

    public static bool MustBeRefused(string file) => Path.GetFileName(file).Contains("refuse", StringComparison.OrdinalIgnoreCase);

    public static string Of(string name) => Path.Combine(Folder, name);

    /// <summary>A .keras file of a description, with whatever weights.</summary>
    public static byte[] Archive(JsonNode config, Action<NewGroup>? weights = null, string version = "3.15.1")
    {
        var root = new NewGroup();
        root.Group("layers");
        weights?.Invoke(root);
        var hdf5 = new MemoryStream();
        Hdf5Writer.Write(hdf5, root);
        return Zip(
            ("metadata.json", Encoding.UTF8.GetBytes($$"""{"keras_version": "{{version}}"}""")),
            ("config.json", Encoding.UTF8.GetBytes(config.ToJsonString())),
            ("model.weights.h5", hdf5.ToArray())
        );
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] files) => Zip(CompressionLevel.NoCompression, files);

    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] files)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        return stream.ToArray();
    }

    /// <summary>A .h5 file of a description without weights.</summary>
    public static byte[] Legacy(JsonNode config, string version = "2.15.0")
    {
        var root = new NewGroup();
        root.Attributes.Add(NewAttribute.Unicode("keras_version", version));
        root.Attributes.Add(NewAttribute.Bytes("model_config", config.ToJsonString()));
        root.Group("model_weights").Attributes.Add(NewAttribute.List("layer_names", []));
        var stream = new MemoryStream();
        Hdf5Writer.Write(stream, root);
        return stream.ToArray();
    }

    public static KerasModel Open(byte[] bytes) => KerasModel.Open(new MemoryStream(bytes), "model.keras");

    /// <summary>A Sequential model of some layers, each with its config.</summary>
    public static JsonObject Sequential(int[] input, params (string ClassName, JsonObject Config)[] layers) =>
        new()
        {
            ["class_name"] = "Sequential",
            ["config"] = new JsonObject
            {
                ["name"] = "sequential",
                ["layers"] = new JsonArray([
                    Layer("InputLayer", new() { ["batch_shape"] = Batch(input), ["name"] = "input" }),
                    .. layers.Select(layer => Layer(layer.ClassName, layer.Config)),
                ]),
            },
        };

    public static JsonObject Layer(string className, JsonObject config, params string[][] calls)
    {
        config["name"] ??= className.ToLowerInvariant();
        return new()
        {
            ["module"] = "keras.layers",
            ["class_name"] = className,
            ["config"] = config,
            ["registered_name"] = null,
            ["name"] = config["name"]!.DeepClone(),
            ["inbound_nodes"] = new JsonArray([.. calls.Select(Call)]),
        };
    }

    /// <summary>A Functional model.</summary>
    public static JsonObject Functional(string[] inputs, string[] outputs, params JsonObject[] layers) =>
        new()
        {
            ["class_name"] = "Functional",
            ["config"] = new JsonObject
            {
                ["name"] = "model",
                ["layers"] = new JsonArray([.. layers]),
                ["input_layers"] = Ends(inputs),
                ["output_layers"] = Ends(outputs),
            },
        };

    public static JsonObject Input(string name, params int[] sides) =>
        Layer("InputLayer", new() { ["batch_shape"] = Batch(sides), ["name"] = name });

    private static JsonArray Batch(int[] sides) => new([null, .. sides.Select(side => side == 0 ? null : (JsonNode)side)]);

    private static JsonArray Ends(string[] names) => new([.. names.Select(name => (JsonNode)new JsonArray(name, 0, 0))]);

    private static JsonObject Call(string[] sources)
    {
        var tensors = new JsonArray([
            .. sources.Select(source => new JsonObject
            {
                ["class_name"] = "__keras_tensor__",
                ["config"] = new JsonObject { ["shape"] = new JsonArray(null, 1), ["keras_history"] = new JsonArray(source, 0, 0) },
            }),
        ]);
        return new() { ["args"] = sources.Length > 1 ? new JsonArray(tensors) : tensors, ["kwargs"] = new JsonObject() };
    }
}
