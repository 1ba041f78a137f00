using System.Text.Json;
using System.Text.Json.Nodes;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Models;

/// <summary>
/// Model files: safetensors with the weights under their full names in Keras's layouts, and in the metadata the description of encoder and
/// decoder, what is known about the model, and the format's version. Files of the article's network need no description.
/// </summary>
public static class ModelFile
{
    /// <summary>The model's file in a run folder.</summary>
    public const string FileName = "model.safetensors";

    internal const string EncoderKey = "latent.encoder",
        DecoderKey = "latent.decoder",
        InfoKey = "latent.info",
        ProducerKey = "latent.producer";

    /// <summary>Of a description, in characters: enough for some thousand layers, and little even as a document of many small parts.</summary>
    private const int LongestText = 1 << 20;

    /// <summary>Writes a model, atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="LatentException">The file cannot be written.</exception>
    public static void Save(string path, Autoencoder model) =>
        SafeTensors.Write(
            path,
            model.Weights.Layout.Parameters.Select(p => KeyValuePair.Create(p.Name, Tensor.FromFloats(model.Weights[p], p.Weight.Shape))),
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [EncoderKey] = Text(path, NetworkJson.Write(model.Encoder)),
                [DecoderKey] = Text(path, NetworkJson.Write(model.Decoder)),
                [InfoKey] = Text(path, ModelInfoJson.Write(model.Info)),
                [ProducerKey] = $"Latent {typeof(ModelFile).Assembly.GetName().Version?.ToString(3)}",
            }
        );

    /// <summary>
    /// Writes other settings into a model file that exists, atomically: a threshold that was chosen, for example. All else in the file stays as
    /// it is, what this version does not know too.
    /// </summary>
    /// <param name="path">A run folder or a file that Latent wrote.</param>
    /// <param name="settings">What is written.</param>
    /// <exception cref="LatentException">There is no such file, it cannot be used or written, or a setting is out of range.</exception>
    public static void SaveSettings(string path, CodecSettings settings)
    {
        string file = Locate(path);
        _ = Open(file); // what cannot be used is not made to look newer
        var content = SafeTensors.Read(file);
        var info = content.Metadata.TryGetValue(InfoKey, out string? text)
            ? JsonNode.Parse(Parse(file, InfoKey, text).GetRawText())!.AsObject()
            : [];
        info["codec"] = CodecSettings.Write(settings);
        var metadata = content.Metadata.ToDictionary(StringComparer.Ordinal);
        metadata[InfoKey] = Text(file, info);
        metadata.Remove(SafeTensors.VersionKey); // the writer adds it
        SafeTensors.Write(file, content.Tensors, metadata);
    }

    private static string Text(string path, JsonObject json) =>
        json.ToJsonString() is { Length: <= LongestText } text
            ? text
            : throw new LatentException(
                $"'{path}' is not written: the description of a network, or what is known about the model, is too long.",
                $"at most {LongestText:N0} characters"
            );

    /// <summary>Opens a run folder, a model file, or a file with the weights of the article's network and no description.</summary>
    /// <param name="path">A folder with model.safetensors, or a file.</param>
    /// <exception cref="LatentException">There is no model, or it cannot be used; the message names the weights that do not fit.</exception>
    public static Autoencoder Open(string path)
    {
        string file = Locate(path);
        return SafeTensors.Read(file, content => Open(file, content));
    }

    /// <summary>Takes the weights of any model file into weights that exist; all or, if anything does not fit, none.</summary>
    /// <param name="path">A run folder or a file; its own description is not looked at, only the weights' names and shapes.</param>
    /// <param name="into">Receives the weights.</param>
    /// <exception cref="LatentException">A weight is missing, has another shape, or holds a number that is not finite.</exception>
    public static void LoadWeights(string path, WeightStore into)
    {
        string file = Locate(path);
        into.CopyFrom(SafeTensors.Read(file, content => WeightsFile.Read(file, content, into.Layout)));
    }

    private static Autoencoder Open(string file, SafeTensorsReader content)
    {
        var (encoder, decoder) = content.Metadata.ContainsKey(EncoderKey)
            ? (Description(file, content, EncoderKey), Description(file, content, DecoderKey))
            : ArticleOf(file, content);
        var layout = Usable(file, "The description", () => new ParameterLayout(encoder, decoder));
        var weights = WeightsFile.Read(file, content, layout); // before this, no memory is taken for a description that may be wrong
        var model = Usable(file, "The description", () => new Autoencoder(weights));
        if (content.Metadata.TryGetValue(InfoKey, out string? info))
        {
            var json = Parse(file, InfoKey, info);
            model.Info = Usable(file, $"'{InfoKey}'", () => ModelInfoJson.Read(new JsonReader(json, "It")));
            if (model.Info.Codes is { } codes && codes.LatentSize != model.LatentSize)
                throw new LatentException(
                    $"'{file}' has a distribution of other codes than the model's.",
                    $"{model.LatentSize} numbers a code",
                    $"{codes.LatentSize}",
                    "get the file again"
                );
        }
        return model;
    }

    private static T Usable<T>(string file, string what, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (OverflowException e)
        {
            throw new LatentException(
                $"'{file}' describes a network that is too large.",
                "at most 2³¹ weights",
                fix: "get the file again",
                inner: e
            );
        }
        catch (LatentException e)
        {
            throw new LatentException(
                $"{what} in '{file}' cannot be used. {e.Message}",
                fix: e.Fix is null ? "get the file again" : null,
                inner: e
            );
        }
    }

    private static string Locate(string path)
    {
        if (Directory.Exists(path))
        {
            string file = Path.Combine(path, FileName);
            return File.Exists(file)
                ? file
                : throw new LatentException(
                    $"The run folder '{path}' has no model.",
                    $"a file {FileName} in it",
                    IsEmpty(path) ? "an empty folder" : "other files only",
                    "train first (latent train mnist --out FOLDER), or give a folder whose training has finished an epoch"
                );
        }
        return File.Exists(path)
            ? path
            : throw new LatentException(
                $"There is no model '{path}'.",
                $"a run folder or a file such as {FileName}",
                "neither a folder nor a file",
                "check the path from the folder you are in, or train first: latent train mnist"
            );
    }

    private static bool IsEmpty(string folder)
    {
        try
        {
            return !Directory.EnumerateFileSystemEntries(folder).Any();
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            throw new LatentException($"The folder '{folder}' cannot be read.", "a folder that you may read", e.Message, inner: e);
        }
    }

    private static Network Description(string file, SafeTensorsReader content, string key)
    {
        if (!content.Metadata.TryGetValue(key, out string? text))
            throw new LatentException(
                $"'{file}' has only half of a description.",
                $"metadata '{EncoderKey}' and '{DecoderKey}'",
                $"no '{key}'"
            );
        var json = Parse(file, key, text);
        return Usable(file, $"The description '{key}'", () => NetworkJson.Read(json));
    }

    private static JsonElement Parse(string file, string key, string text)
    {
        if (text.Length > LongestText)
            throw new LatentException(
                $"'{key}' in '{file}' is too long.",
                $"at most {LongestText:N0} characters",
                $"{text.Length:N0}",
                "get the file again"
            );
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException e)
        {
            throw new LatentException($"'{key}' in '{file}' is no valid JSON.", "JSON", Shown.Problem(e), "get the file again", e);
        }
    }

    /// <summary>The article's network, its sizes read from the weights: channels from the first kernel, the latent size from the code's.</summary>
    private static (Network Encoder, Network Decoder) ArticleOf(string file, SafeTensorsReader content)
    {
        const string firstKernel = "encoder/conv2d/kernel",
            codeKernel = "encoder/dense/kernel";
        int[] first = Sides(firstKernel, 4);
        int[] code = Sides(codeKernel, 2);
        // The code sees a quarter of both sides with 8 channels. Only a square says its sides; another number of rows is named as a misfit
        // of the article's own 28 × 28.
        int quarter = (int)Math.Sqrt(code[0] / 8.0);
        if (quarter < 1 || quarter * quarter * 8 != code[0])
            quarter = Article.Mnist.Height / 4;
        var image = Usable(file, "The weights", () => new Shape(quarter * 4, quarter * 4, Math.Max(1, first[2])));
        return Usable(file, "The weights", () => (Article.Encoder(code[1], image), Article.Decoder(code[1], image)));

        int[] Sides(string name, int rank) =>
            content.Tensors.TryGetValue(name, out var tensor) && tensor.Shape.Length == rank
                ? [.. tensor.Shape]
                : throw new LatentException(
                    $"'{file}' is no model: it has no description and not the weights of the article's network.",
                    $"metadata '{EncoderKey}' and '{DecoderKey}', or weights such as {firstKernel} (3, 3, 1, 8) and {codeKernel} (392, latent)",
                    tensor is null
                        ? $"no weight '{name}' among: {WeightsFile.List(content.Tensors.Keys.Select(Shown.Of))}"
                        : $"{name} {Shown.Of($"({string.Join(", ", tensor.Shape)})")}",
                    "give a file that 'latent train' wrote, or name the weights as the article's network has them"
                );
    }
}
