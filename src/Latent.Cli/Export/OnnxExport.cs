using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Formats;

namespace Latent.Cli.Export;

/// <summary>--onnx: encoder, decoder and both together as ONNX models.</summary>
internal sealed class OnnxExport : ExportFormat
{
    private static readonly string[] s_layouts = ["nchw", "nhwc"];

    private readonly Option<string?> _layout = Make.Choice(
        ["--layout"],
        "The order of an image: batch (N), channels (C), height (H), width (W)",
        s_layouts,
        s_layouts[0]
    );
    private readonly Option<bool> _bytes = Make.Flag(
        "--uint8",
        "The models take bytes from 0 to 255 and divide by 255 themselves; else they take floats from 0 to 1"
    );

    public OnnxExport()
        : base("--onnx", "For ONNX Runtime and others: encoder.onnx, decoder.onnx and autoencoder.onnx, for batches of any size", "FOLDER")
    { }

    public override string Title => "ONNX";

    public override IReadOnlyList<Option> Options => [_layout, _bytes];

    public override void Check(string command, string path)
    {
        if (Endings.Is(path, ".onnx") && !Directory.Exists(path))
            throw new CommandLineException(command, [$"{Target.Name} expects a folder, since it writes three files. Received: {path}"]);
    }

    public override Exported Write(ExportRequest request, string path)
    {
        var parsed = request.Parsed;
        OnnxModel.Save(
            path,
            request.Model,
            new()
            {
                Layout = parsed.GetValue(_layout) == "nhwc" ? ImageLayout.ChannelsLast : ImageLayout.ChannelsFirst,
                Bytes = parsed.GetValue(_bytes),
            }
        );
        var files = Enum.GetValues<ModelPart>().Select(part => new FileInfo(Path.Combine(path, OnnxModel.FileName(part)))).ToList();
        return new(
            [.. files.Select(file => $"{Paths.Shown(file.FullName)}: {file.Length / 1e6:0.00} MB")],
            new()
            {
                ["out"] = Path.GetFullPath(path),
                ["files"] = new JsonObject(files.Select(file => KeyValuePair.Create(file.Name, (JsonNode?)file.Length))),
            }
        );
    }
}
