using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latent.Networks;

namespace Latent.Explorer;

/// <summary>
/// An explorer as parts of a page that holds everything itself: style, and an element with its data and its script behind it. A page may have
/// one. Until the script runs it shows a sentence. Immutable.
/// </summary>
public sealed class ExplorerFragment
{
    private const string Entry = "page.js";

    private ExplorerFragment(string data, string options)
    {
        string script = JoinedScript.Of(Entry, $"startPage(document.getElementById('latent-explorer'), {options});", ExplorerAssets.Text);
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        ContentSecurityPolicy =
            $"default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";
        Html = $"""
            <div id="latent-explorer" data-source="latent-explorer-data"><p>Here the latent space is moved through, as soon as the page's script runs.</p></div>
            <script type="application/json" id="latent-explorer-data">{data}</script>
            <script>{script}</script>

            """.ReplaceLineEndings("\n");
    }

    /// <summary>CSS rules, for a style element in the page's head. They concern nothing but the explorer.</summary>
    public string Style { get; } = ExplorerAssets.Text("explorer.css");

    /// <summary>The explorer's element, its data and its script.</summary>
    public string Html { get; }

    /// <summary>What the page may do, for a meta element in its head: run this script, show pictures of its own, and ask no network.</summary>
    public string ContentSecurityPolicy { get; }

    /// <summary>An explorer of a model and images.</summary>
    /// <param name="data">What it shows.</param>
    /// <param name="compact">Whether it is a part of a page: map, sliders, picture and morph, and no more; else it is all of it.</param>
    /// <param name="withImages">Whether the images are in it, and not only their codes.</param>
    /// <exception cref="LatentException">The model has a layer of the user's own, which only its program can run.</exception>
    public static ExplorerFragment Of(ExplorerData data, bool compact = false, bool withImages = false)
    {
        var model = data.Model;
        bool encodes = !compact;
        foreach (var network in encodes ? (Network[])[model.Decoder, model.Encoder] : [model.Decoder])
            if (network.Layers.OfType<CustomLayer>().FirstOrDefault() is { } own)
                throw new LatentException(
                    $"The {network.Name} has a layer of your own, {own.ClassName}, which runs in your program only and not in a page.",
                    "a model of Latent's own layers",
                    own.ClassName,
                    "use Latent.Explorer from that program for what it can show, or put Latent's own layers in its place"
                );

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) // writes < as \u003C: nothing in it ends the element
        {
            json.WriteStartObject();
            json.WritePropertyName("meta");
            data.Meta(encodes, withImages).WriteTo(json);
            json.WriteBase64String("codes", MemoryMarshal.AsBytes(data.Codes.Span));
            if (data.Images.HasLabels)
                json.WriteBase64String("labels", data.Images.Labels);
            if (withImages)
                json.WriteBase64String("images", Deflated(data.Images.Pixels));
            WriteNetwork(json, "decoder", data, 1);
            if (encodes)
                WriteNetwork(json, "encoder", data, 0);
            json.WriteEndObject();
        }
        string options = compact ? "{ compact: true }" : "{ address: true }";
        return new(Encoding.UTF8.GetString(buffer.WrittenSpan), options);
    }

    /// <summary>A network's description, and its weights in Keras's order without gaps.</summary>
    private static void WriteNetwork(Utf8JsonWriter json, string name, ExplorerData data, int index)
    {
        var weights = data.Model.Weights;
        var network = weights.Layout.Networks[index];
        int first = index == 0 ? 0 : weights.Layout.Networks[0].Layers.Length;
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var parameter in weights.Layout.Parameters)
            if (parameter.Layer >= first && parameter.Layer < first + network.Layers.Length)
                bytes.Write(MemoryMarshal.AsBytes(weights[parameter]));
        json.WriteStartObject(name);
        json.WritePropertyName("description");
        NetworkJson.Write(network).WriteTo(json);
        json.WriteBase64String("weights", bytes.WrittenSpan);
        json.WriteEndObject();
    }

    private static byte[] Deflated(ReadOnlySpan<byte> bytes)
    {
        using var stream = new MemoryStream();
        using (var deflate = new ZLibStream(stream, CompressionLevel.SmallestSize, leaveOpen: true))
            deflate.Write(bytes);
        return stream.ToArray();
    }
}
