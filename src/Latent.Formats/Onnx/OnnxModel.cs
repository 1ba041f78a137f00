using System.Globalization;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;

namespace Latent.Formats;

/// <summary>
/// Models as ONNX files (IR version 8, operators of version 17), for ONNX Runtime and other programs. Each layer is its plain operator, the
/// batch may have any size, and what is known about the model is in the metadata.
/// </summary>
public static class OnnxModel
{
    private const int IrVersion = 8,
        Operators = 17;

    /// <summary>The file of a part in the folder that <see cref="Save"/> writes: "encoder.onnx", "decoder.onnx", "autoencoder.onnx".</summary>
    public static string FileName(ModelPart part) =>
        part switch
        {
            ModelPart.Encoder => "encoder.onnx",
            ModelPart.Decoder => "decoder.onnx",
            ModelPart.Autoencoder => "autoencoder.onnx",
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "no part of an autoencoder"),
        };

    /// <summary>
    /// Writes encoder.onnx, decoder.onnx and autoencoder.onnx. Nothing is written where a layer cannot be; a file that exists is replaced.
    /// </summary>
    /// <param name="folder">Where they go; made if it is missing.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">Null for channels first and floats.</param>
    /// <exception cref="LatentException">A layer has no form in ONNX: the message names it. Or a file cannot be written.</exception>
    public static void Save(string folder, Autoencoder model, OnnxOptions? options = null)
    {
        var files = Enum.GetValues<ModelPart>().Select(part => (Name: FileName(part), Bytes: Of(model, part, options))).ToArray();
        foreach (var (name, bytes) in files)
            AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(bytes));
    }

    /// <summary>
    /// One part of an autoencoder as the bytes of an ONNX file. The encoder's input is "image" and its output "code"; the decoder's "code" and
    /// "reconstruction"; the autoencoder's "image" and "reconstruction". Where the input is a vector it is called "input", and where the output
    /// is no image of the input's shape "output".
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="part">Which part.</param>
    /// <param name="options">Null for channels first and floats.</param>
    /// <exception cref="LatentException">A layer has no form in ONNX: the message names it.</exception>
    public static byte[] Of(Autoencoder model, ModelPart part, OnnxOptions? options = null)
    {
        options ??= new();
        string image = model.ImageShape.IsVector ? "input" : "image",
            output = model.GivesImages ? "reconstruction" : "output";
        var (from, to, first, count) = part switch
        {
            ModelPart.Encoder => (image, "code", 0, 1),
            ModelPart.Decoder => ("code", output, 1, 1),
            ModelPart.Autoencoder => (image, output, 0, 2),
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "no part of an autoencoder"),
        };
        if (part == ModelPart.Decoder)
            options = options with { Bytes = false }; // a code is no image
        return Bytes(model.Weights, first, count, from, to, options, Metadata(model, part, options));
    }

    /// <summary>
    /// Any networks that run one after the other as the bytes of an ONNX file: of "input" and "output".
    /// </summary>
    /// <param name="weights">The networks and their numbers.</param>
    /// <param name="options">Null for channels first and floats.</param>
    /// <exception cref="LatentException">A layer has no form in ONNX: the message names it.</exception>
    public static byte[] Of(WeightStore weights, OnnxOptions? options = null) =>
        Bytes(weights, 0, weights.Layout.Networks.Length, "input", "output", options ?? new(), Metadata(options ?? new(), images: true));

    private static byte[] Bytes(
        WeightStore weights,
        int first,
        int count,
        string from,
        string to,
        OnnxOptions options,
        IEnumerable<(string Key, string? Value)> metadata
    )
    {
        var networks = weights.Layout.Networks;
        var graph = new OnnxGraph();
        graph.Take(from);
        graph.Take(to);
        string last = new OnnxLayers(weights, graph).Add(from, first, count, options);
        var input = Value(from, networks[first].Input, options, options.Bytes);
        var output = Value(to, networks[first + count - 1].Output, options, bytes: false);
        string name = string.Join(" and ", networks.Skip(first).Take(count).Select(network => network.Name));

        // ModelProto: ir_version 1, producer_name 2, producer_version 3, graph 7, opset_import 8 (domain 1, version 2), metadata_props 14 (key 1, value 2)
        var model = new ProtoMessage()
            .Add(1, IrVersion)
            .Add(2, "Latent")
            .Add(3, Version)
            .Add(7, graph.Message(name, last, input, output))
            .Add(8, new ProtoMessage().Add(1, "").Add(2, Operators));
        foreach (var (key, value) in metadata)
            if (value is not null)
                model.Add(14, new ProtoMessage().Add(1, key).Add(2, value));
        return model.Content.ToArray();
    }

    private static string Version { get; } = typeof(OnnxModel).Assembly.GetName().Version?.ToString(3) ?? "0";

    private static OnnxValue Value(string name, Shape shape, OnnxOptions options, bool bytes)
    {
        bool first = options.Layout == ImageLayout.ChannelsFirst;
        int[] sides =
            shape.IsVector ? [shape.Size]
            : first ? [shape.Channels, shape.Height, shape.Width]
            : [shape.Height, shape.Width, shape.Channels];
        string order =
            shape.IsVector ? "numbers"
            : first ? "channels, height, width"
            : "height, width, channels";
        return new(name, sides, bytes, bytes ? $"{order}; bytes, 0 to 255" : order);
    }

    private static IEnumerable<(string, string?)> Metadata(OnnxOptions options, bool images) =>
        [
            ("latent_version", Version),
            ("layout", options.Layout == ImageLayout.ChannelsFirst ? "NCHW" : "NHWC"),
            (
                "input_scaling",
                images
                    ? options.Bytes
                        ? "inside: bytes from 0 to 255"
                        : "outside: pixel / 255"
                    : null
            ),
        ];

    private static IEnumerable<(string, string?)> Metadata(Autoencoder model, ModelPart part, OnnxOptions options)
    {
        var info = model.Info;
        return
        [
            ("data_set", info.DataSet),
            ("recipe", info.Recipe),
            ("loss", info.Loss),
            ("val_loss", info.ValLoss?.ToString("R", CultureInfo.InvariantCulture)),
            ("epoch", info.Epoch?.ToString(CultureInfo.InvariantCulture)),
            ("latent_size", model.LatentSize.ToString(CultureInfo.InvariantCulture)),
            ("label_names", info.LabelNames.Count > 0 ? string.Join(',', info.LabelNames) : null),
            ("threshold", part == ModelPart.Autoencoder ? info.Codec?.Threshold?.ToString("R", CultureInfo.InvariantCulture) : null),
            .. Metadata(options, images: part != ModelPart.Decoder),
        ];
    }
}
