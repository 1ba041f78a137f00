using System.Globalization;
using System.Text;
using System.Text.Json;
using Latent.Formats.Archives;
using Latent.Formats.Hdf5;

namespace Latent.Formats.Keras;

/// <summary>What the two kinds of files have alike: a description, weights, what is known of the training.</summary>
internal sealed class KerasFile
{
    /// <summary>The most bytes that weights may have where a .keras file has them packed: Keras itself does not pack them.</summary>
    private const int MostUnpacked = 256 << 20;

    private KerasFile() { }

    /// <summary>Whether it is an archive, .keras, and not a .h5 file.</summary>
    public required bool IsArchive { get; init; }

    /// <summary>The version of Keras that wrote it; null where it does not say.</summary>
    public required string? Version { get; init; }

    /// <summary>Whether the version is before 3.</summary>
    public bool IsKeras2 =>
        Version is { } version && int.TryParse(version.Split('.')[0], CultureInfo.InvariantCulture, out int major) && major < 3;

    /// <summary>The model: class_name and config.</summary>
    public required JsonElement Model { get; init; }

    /// <summary>What it was compiled with; null where it was not.</summary>
    public required JsonElement? Training { get; init; }

    /// <summary>The HDF5 file with the weights.</summary>
    public required Hdf5Object Weights { get; init; }

    /// <summary>Bytes in all.</summary>
    public required long Length { get; init; }

    public static KerasFile Open(ByteSource source, string name)
    {
        byte[] start = source.Read(0, Math.Min(8, source.Length));
        if (start.AsSpan().SequenceEqual(Hdf5File.Magic))
            return OpenLegacy(source, name);
        if (start.AsSpan().StartsWith("PK"u8))
            return OpenArchive(source, name);
        throw new BrokenFileException(
            start.Length == 0
                ? "It is empty."
                : $"It begins with the bytes {Convert.ToHexStringLower(start)}, neither as a .h5 file does nor as a .keras file."
        );
    }

    /// <summary>The optimizer's variables in their order.</summary>
    public IReadOnlyList<(string Name, Hdf5DataSet Data)> OptimizerVariables()
    {
        var variables = new List<(string, Hdf5DataSet)>();
        if (!IsArchive)
        {
            if (Weights.Find("optimizer_weights") is { } group)
                foreach (string name in KerasWeights.Texts(group, "weight_names") ?? [])
                    if (group.Find(name) is { IsGroup: false } data)
                        variables.Add((name, data.ToDataSet()));
        }
        else if (Weights.Find("optimizer/vars") is { } group)
            for (int i = 0; group.Find(i.ToString(CultureInfo.InvariantCulture)) is { IsGroup: false } data; i++)
                variables.Add(($"{i}", data.ToDataSet()));
        return variables;
    }

    /// <summary>The optimizer's name where the file keeps it beside its variables.</summary>
    public string? OptimizerName() =>
        IsArchive && Weights.Find("optimizer/vars") is { } group && group.Attribute("name") is not null ? group.Text("name") : null;

    private static KerasFile OpenLegacy(ByteSource source, string name)
    {
        var root = new Hdf5File(source).Root;
        if (root.Text("model_config") is not { } model)
            throw new LatentException(
                $"'{name}' has no description of the network that its weights belong to.",
                "a whole model, as Keras's model.save writes it",
                root.Find("layers") is not null || root.Attribute("layer_names") is not null
                    ? "weights alone, as model.save_weights writes them"
                    : "an HDF5 file of something else",
                "save the model in Keras: model.save(\"model.keras\")"
            );
        return new()
        {
            IsArchive = false,
            Version = root.Text("keras_version") ?? root.Find("model_weights")?.Text("keras_version"),
            Model = KerasJson.Parse(Encoding.UTF8.GetBytes(model), "model_config"),
            Training = root.Text("training_config") is { } training
                ? KerasJson.Parse(Encoding.UTF8.GetBytes(training), "training_config")
                : null,
            Weights = root,
            Length = source.Length,
        };
    }

    private static KerasFile OpenArchive(ByteSource source, string name)
    {
        var archive = new ZipArchiveReader(source);
        var model = Json(archive, "config.json");
        var weights = archive.Open("model.weights.h5", MostUnpacked);
        if (weights is null)
            throw new LatentException(
                $"'{name}' has its weights in a way that is not read here.",
                "a file model.weights.h5 in it",
                $"{string.Join(", ", archive.Names.Take(5).Select(Show.Name))}",
                "save the model with Keras 3: model.save(\"model.keras\")"
            );
        return new()
        {
            IsArchive = true,
            Version = archive.Names.Contains("metadata.json", StringComparer.Ordinal)
                ? Json(archive, "metadata.json").Text("keras_version")
                : null,
            Model = model,
            Training = model.Member("compile_config"),
            Weights = new Hdf5File(weights).Root,
            Length = weights.Length,
        };
    }

    private static JsonElement Json(ZipArchiveReader archive, string name)
    {
        var content =
            archive.Open(name, KerasJson.Longest)
            ?? throw new BrokenFileException($"It is a zip file without '{name}', and so no .keras file.");
        if (content.Length > KerasJson.Longest)
            throw new BrokenFileException($"Its {name} has {content.Length:N0} bytes; at most {KerasJson.Longest:N0} are read here.");
        return KerasJson.Parse(content.Read(0, content.Length), name);
    }
}
