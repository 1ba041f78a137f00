using System.Text.Json.Nodes;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Formats;

namespace Latent.Cli.Export;

/// <summary>--keras: the whole autoencoder, its encoder and its decoder as models of Keras 3.</summary>
internal sealed class KerasExport : ExportFormat
{
    private const string Autoencoder = "autoencoder.keras";

    public KerasExport()
        : base(
            "--keras",
            "For Keras 3's load_model: the whole as FILE.keras or FILE.h5, encoder and decoder beside it as FILE-encoder and FILE-decoder; or a folder for autoencoder.keras, encoder.keras and decoder.keras",
            "FILE"
        ) { }

    public override string Title => "Keras";

    public override void Check(string command, string path)
    {
        if (!IsFile(path) && Path.HasExtension(path) && !Directory.Exists(path) && !path.EndsWith('/'))
            throw new CommandLineException(
                command,
                [$"{Target.Name} expects a file ending in .keras or .h5, or a folder. Received: {path}"]
            );
    }

    public override Exported Write(ExportRequest request, string path)
    {
        (ModelPart Part, string Path)[] files = [.. Enum.GetValues<ModelPart>().Reverse().Select(part => (part, PathOf(path, part)))];
        foreach (var (part, file) in files)
            KerasModel.Save(file, request.Model, part);
        return new(
            [.. files.Select(file => $"{Paths.Shown(file.Path)}: {new FileInfo(file.Path).Length / 1e6:0.00} MB, the {Word(file.Part)}")],
            new(files.Select(file => KeyValuePair.Create(Word(file.Part), (JsonNode?)Path.GetFullPath(file.Path))))
        );
    }

    private static bool IsFile(string path) => !Directory.Exists(path) && (Endings.Is(path, ".keras") || Endings.Is(path, ".h5"));

    private static string PathOf(string path, ModelPart part)
    {
        if (!IsFile(path))
            return Path.Combine(path, part == ModelPart.Autoencoder ? Autoencoder : $"{Word(part)}.keras");
        return part == ModelPart.Autoencoder
            ? path
            : Path.Combine(
                Path.GetDirectoryName(path) ?? "",
                $"{Path.GetFileNameWithoutExtension(path)}-{Word(part)}{Path.GetExtension(path)}"
            );
    }

    private static string Word(ModelPart part) =>
        part switch
        {
            ModelPart.Encoder => "encoder",
            ModelPart.Decoder => "decoder",
            _ => "autoencoder",
        };
}
