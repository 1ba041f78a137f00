using System.Collections.Immutable;
using Latent.Engine;
using Latent.Formats.Keras;
using Latent.Models;
using Latent.Networks;

namespace Latent.Formats;

/// <summary>
/// A model that Keras saved: .h5 of Keras 2 and 3, .keras of Keras 3. Its layers are a chain, in one model or in models within models, of the
/// layers that Latent has. Thread-safe while the weights stay as they are.
/// </summary>
/// <example>
/// <code>
/// var keras = KerasModel.Open("model.keras");
/// float[] y = keras.Predict(x);
/// var model = keras.ToAutoencoder();
/// </code>
/// </example>
public sealed partial class KerasModel
{
    private readonly Lazy<InferenceProgram> _program;

    private KerasModel(WeightStore weights)
    {
        Weights = weights;
        _program = new(() => new(weights, 0, 1));
    }

    /// <summary>The whole model as one network. Each layer has Keras's name of it.</summary>
    public Network Network => Weights.Layout.Networks[0];

    /// <summary>The numbers of all its layers.</summary>
    public WeightStore Weights { get; }

    /// <summary>The version of Keras that wrote the file; null where it does not say.</summary>
    public string? KerasVersion { get; private init; }

    /// <summary>The loss that it was compiled with; null where there is none, or none of Latent's.</summary>
    public Loss? Loss { get; private init; }

    /// <summary>The optimizer that it was compiled with, with the learning rate that its training had come to; null where there is none, or none of Latent's.</summary>
    public Optimizer? Optimizer { get; private init; }

    /// <summary>
    /// The optimizer's memory and its count of steps; null where the file has none, or <see cref="Optimizer"/> is null. Its layout is that of
    /// <see cref="Weights"/>, and number by number that of the autoencoder too: see <c>TrainingOptions.OptimizerState</c>.
    /// </summary>
    public OptimizerState? OptimizerState { get; private init; }

    /// <summary>What the file says and is of no effect here, or not taken over: a sentence each, without a full stop.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Opens a file.</summary>
    /// <param name="path">A .h5 or .keras file, whatever its name.</param>
    /// <exception cref="LatentException">
    /// There is no such file, it is damaged, or it is a model that cannot be read here: the message names the layer and its class, or the second
    /// input.
    /// </exception>
    public static KerasModel Open(string path) => InputFile.Read(path, stream => Open(stream, path));

    /// <summary>Opens a file that lies in a stream.</summary>
    /// <param name="stream">A stream that can seek; read from its start, and left open.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="LatentException">As for <see cref="Open(string)"/>.</exception>
    public static KerasModel Open(Stream stream, string name = "the stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
            throw new ArgumentException("The stream must be able to seek.", nameof(stream));
        try
        {
            return Read(KerasFile.Open(ByteSource.Of(stream), name), name);
        }
        catch (BrokenFileException e)
        {
            throw new LatentException(
                $"'{name}' is damaged, or no model of Keras. {e.Message}",
                "a model as Keras writes it with model.save: .keras or .h5",
                fix: "get the file again, or save it again in Keras: model.save(\"model.keras\")",
                inner: e
            );
        }
        catch (EndOfStreamException e)
        {
            throw new LatentException($"'{name}' became shorter while it was read.", fix: "get the file again", inner: e);
        }
    }

    /// <summary>Whether a file begins as a .h5 or a .keras file does. A file that cannot be read does not.</summary>
    /// <param name="path">The file.</param>
    public static bool IsKeras(string path)
    {
        try
        {
            using var stream = File.Exists(path) && new FileInfo(path).Length > 0 ? File.OpenRead(path) : null;
            Span<byte> start = stackalloc byte[8];
            int read = stream?.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) ?? 0;
            return start[..read].SequenceEqual(Hdf5.Hdf5File.Magic) || start[..read].StartsWith("PK\x03\x04"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false; // opening it says why
        }
    }

    /// <summary>What the whole model gives for n inputs: n × output size numbers.</summary>
    /// <param name="inputs">n × input size numbers, each input in the order height, width, channel.</param>
    /// <exception cref="LatentException">The length is no multiple of an input's size.</exception>
    public float[] Predict(ReadOnlySpan<float> inputs)
    {
        int size = Network.Input.Size;
        if (inputs.IsEmpty || inputs.Length % size != 0)
            throw new LatentException(
                "The inputs do not fit the model.",
                $"a multiple of {size} numbers, {Network.Input} each",
                $"{inputs.Length}"
            );
        var outputs = new float[checked(inputs.Length / size * Network.Output.Size)];
        _program.Value.Run(inputs, outputs);
        return outputs;
    }

    /// <summary>
    /// The model as an encoder and a decoder, with weights of its own. It is split behind the layer with the smallest output; where several
    /// in a row are as small, behind the last of them, but in front of a Reshape that only makes an image of a vector.
    /// </summary>
    /// <param name="code">The name of the layer whose output is the code; null for the narrowest.</param>
    /// <exception cref="LatentException">
    /// There is no such layer, or nothing lies behind it; or, without a name, no layer is narrower than the input and the output: it is an
    /// encoder or a decoder alone.
    /// </exception>
    public Autoencoder ToAutoencoder(string? code = null)
    {
        int at = code is null ? Narrowest() : Named(code);
        var (encoder, decoder) = (Network.Layers[..(at + 1)], Network.Layers[(at + 1)..]);
        (encoder, decoder) = WithoutAutomaticNames(encoder, decoder);
        var layout = new ParameterLayout(
            new Network("encoder", Network.Input, encoder),
            new Network("decoder", Network.Shapes[at], decoder)
        );
        var weights = new WeightStore(layout);
        Weights.Values.CopyTo(weights.Values); // the layers are the same ones in the same order, and so are the places
        weights.Touch();
        return new(weights) { Info = new() { Loss = Loss?.Name } };
    }

    private int Narrowest()
    {
        int ends = Math.Min(Network.Input.Size, Network.Output.Size),
            first = 0;
        for (int i = 1; i < Network.Layers.Length - 1; i++)
            if (Network.Shapes[i].Size < Network.Shapes[first].Size)
                first = i;
        if (Network.Layers.Length < 2 || Network.Shapes[first].Size >= ends)
            throw new LatentException(
                $"The model '{Network.Name}' is no encoder and decoder: none of its layers is narrower than its input and its output.",
                $"a layer with an output of less than {ends} numbers",
                $"{Network.Input} in, {Network.Output} out, {Network.Shapes[first]} at the narrowest",
                "name the layer whose output is the code (--code LAYER, in code ToAutoencoder(layer)); a lone encoder or decoder needs no split: latent predict MODEL --input x.npy --output y.npy"
            );
        int last = first;
        while (last + 1 < Network.Layers.Length - 1 && Network.Shapes[last + 1].Size == Network.Shapes[first].Size)
            last++;
        while (last > first && Network.Layers[last] is Reshape && !Network.Shapes[last].IsVector && Network.Shapes[last - 1].IsVector)
            last--;
        return last;
    }

    private int Named(string code)
    {
        string[] names = [.. Network.Layers.Select(layer => layer.Name!)];
        int at = Array.IndexOf(names, code);
        if (at >= 0 && at < names.Length - 1)
            return at;
        string? nearest = Suggestion.Nearest(code, names[..^1]);
        throw new LatentException(
            at < 0
                ? $"The model '{Network.Name}' has no layer '{code}'."
                : $"The model '{Network.Name}' cannot be split behind its last layer.",
            $"one of: {string.Join(", ", names[..^1])}",
            $"'{code}'",
            nearest is null || at >= 0 ? null : $"did you mean '{nearest}'?"
        );
    }

    /// <summary>Names that are Keras's automatic ones say nothing: without them the network equals one that was described here.</summary>
    private (ImmutableArray<Layer> Encoder, ImmutableArray<Layer> Decoder) WithoutAutomaticNames(
        ImmutableArray<Layer> encoder,
        ImmutableArray<Layer> decoder
    )
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var layer in Network.Layers)
        {
            string name = SnakeCase.Of(layer.ClassName);
            int count = counts.GetValueOrDefault(name);
            counts[name] = count + 1;
            if (layer.Name != (count == 0 ? name : $"{name}_{count}"))
                return (encoder, decoder);
        }
        return ([.. encoder.Select(layer => layer with { Name = null })], [.. decoder.Select(layer => layer with { Name = null })]);
    }

    private static KerasModel Read(KerasFile file, string name)
    {
        var root = KerasGraph.Read(file.Model, out var problems);
        if (problems.Count > 0)
            throw Unsupported(name, problems);
        if (Build(file, root, name, out problems, out var notes) is not { } network)
            throw Unsupported(name, problems);
        ParameterLayout layout;
        try
        {
            layout = new(network);
        }
        catch (OverflowException e)
        {
            throw new BrokenFileException("It describes a network that is too large.", e);
        }
        var found = file.IsArchive ? KerasWeights.OfArchive(file.Weights, root, layout) : KerasWeights.OfLegacy(file.Weights, root, layout);
        var weights = KerasWeights.Read(found, layout, file.Length);
        var all = notes.ToList();
        var training = KerasTraining.Read(file.Training, file.OptimizerVariables(), file.OptimizerName(), file.IsKeras2, layout, all);
        return new(weights)
        {
            KerasVersion = file.Version,
            Loss = training.Loss,
            Optimizer = training.Optimizer,
            OptimizerState = training.State,
            Notes = all,
        };
    }

    private static Network? Build(
        KerasFile file,
        KerasNode root,
        string name,
        out IReadOnlyList<string> problems,
        out IReadOnlyList<string> notes
    )
    {
        try
        {
            return KerasNetwork.Build(root, file.IsKeras2, out problems, out notes);
        }
        catch (LatentException e)
        {
            throw new LatentException($"The network in '{name}' cannot be made. {e.Message}", inner: e);
        }
    }

    private static LatentException Unsupported(string name, IReadOnlyList<string> problems)
    {
        const int most = 8;
        string text =
            problems.Count == 1
                ? $": {problems[0]}."
                : $", for {problems.Count} reasons:\n{string.Join('\n', problems.Take(most).Select(problem => $"- {problem}"))}{(problems.Count > most ? $"\n- and {problems.Count - most} more" : "")}";
        return new(
            $"The model in '{name}' cannot be read here{text}",
            KerasGraph.Supported,
            fix: "save the part of the model that is such a chain: keras.Model(inputs, outputs).save(\"part.keras\")"
        );
    }
}
