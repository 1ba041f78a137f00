using System.Buffers;
using System.Diagnostics;
using Latent.Data;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Models;

/// <summary>
/// A model in use: pixels or numbers in, codes, images or scores out. All that it must know is in the model's file. Thread-safe: one for a program is
/// enough. A call for a few images runs on the caller's thread and allocates nothing beside its results; one for
/// many runs on as many threads as there are cores.
/// </summary>
/// <remarks>
/// Bytes are pixels from 0 to 255 in the order image, height, width, channel; they are scaled as the model's file says. Floats are what the model
/// itself takes: 0 to 1 where it was trained on images. Calls are counted and timed by the meter "Latent" (latent.codec.images,
/// latent.codec.duration) and traced by the activity source "Latent".
/// </remarks>
/// <example>
/// <code>using var codec = Codec.Open("runs/mnist-z10"); float[] code = codec.Encode(pixels);</code>
/// </example>
public sealed class Codec : IDisposable
{
    private static readonly MeanSquaredError s_score = new();

    private readonly Autoencoder _model;
    private readonly PixelScaling _scaling;
    private volatile bool _disposed;

    /// <summary>A codec of a model that is there. Its weights must stay as they are.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="LatentException">The model's <see cref="CodecSettings"/> are out of range.</exception>
    public Codec(Autoencoder model, CodecOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        Settings = model.Info.Codec ?? new();
        Settings.Check();
        _scaling = Settings.Scaling;
        Name = options?.Name ?? model.Info.DataSet ?? "model";
        options?.OnMessage?.Invoke(
            new(TraceLevel.Info, $"The model '{Name}' is open: images of {ImageShape}, codes of {CodeShape}, outputs of {OutputShape}.")
        );
        if (Hardware.Warning is { } warning)
            options?.OnMessage?.Invoke(new(TraceLevel.Warning, warning));
    }

    /// <summary>Opens a run folder, or a model file alone.</summary>
    /// <param name="path">The folder or the file.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="LatentException">There is no model, or it cannot be used.</exception>
    public static Codec Open(string path, CodecOptions? options = null)
    {
        var model = Autoencoder.Open(path);
        string name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path));
        return new(model, (options ?? new()) with { Name = options?.Name ?? name });
    }

    /// <summary>What it is called in metrics, traces and messages.</summary>
    public string Name { get; }

    /// <summary>The shape of an image: height, width, channels.</summary>
    public Shape ImageShape => _model.ImageShape;

    /// <summary>The shape of a code.</summary>
    public Shape CodeShape => _model.CodeShape;

    /// <summary>The shape of an output: that of an image, but where the model was trained on other targets.</summary>
    public Shape OutputShape => _model.OutputShape;

    /// <summary>What the file knows about the model.</summary>
    public ModelInfo Info => _model.Info;

    /// <summary>How images are scaled and fitted, and which scores are usual.</summary>
    public CodecSettings Settings { get; }

    /// <summary>The codes of n images: n × code size numbers.</summary>
    /// <param name="images">n images as bytes.</param>
    /// <exception cref="LatentException">The length is no multiple of an image's size.</exception>
    public float[] Encode(ReadOnlySpan<byte> images)
    {
        var codes = Room(Count(images.Length, ImageShape, Bytes), CodeShape);
        Encode(images, codes);
        return codes;
    }

    /// <summary>The codes of n images, into memory of your own.</summary>
    /// <param name="images">n images as bytes.</param>
    /// <param name="codes">Receives n × code size numbers.</param>
    /// <exception cref="LatentException">A length does not fit.</exception>
    public void Encode(ReadOnlySpan<byte> images, Span<float> codes) => Run("encode", _model.EncoderProgram, images, codes);

    /// <summary>The codes of n images: n × code size numbers.</summary>
    /// <param name="images">n images as floats.</param>
    /// <exception cref="LatentException">The length is no multiple of an image's size.</exception>
    public float[] Encode(ReadOnlySpan<float> images)
    {
        var codes = Room(Count(images.Length, ImageShape, Numbers), CodeShape);
        Encode(images, codes);
        return codes;
    }

    /// <summary>The codes of n images, into memory of your own.</summary>
    /// <param name="images">n images as floats.</param>
    /// <param name="codes">Receives n × code size numbers.</param>
    /// <exception cref="LatentException">A length does not fit.</exception>
    public void Encode(ReadOnlySpan<float> images, Span<float> codes) => Run("encode", _model.EncoderProgram, images, codes);

    /// <summary>The outputs of n codes: n × output size numbers.</summary>
    /// <param name="codes">n codes.</param>
    /// <exception cref="LatentException">The length is no multiple of a code's size.</exception>
    public float[] Decode(ReadOnlySpan<float> codes)
    {
        var outputs = Room(Count(codes.Length, CodeShape, Numbers), OutputShape);
        Decode(codes, outputs);
        return outputs;
    }

    /// <summary>The outputs of n codes, into memory of your own.</summary>
    /// <param name="codes">n codes.</param>
    /// <param name="outputs">Receives n × output size numbers.</param>
    /// <exception cref="LatentException">A length does not fit.</exception>
    public void Decode(ReadOnlySpan<float> codes, Span<float> outputs) => Run("decode", _model.DecoderProgram, codes, outputs);

    /// <summary>The images of n codes as bytes.</summary>
    /// <param name="codes">n codes.</param>
    /// <param name="images">Receives n × output size bytes.</param>
    /// <exception cref="LatentException">A length does not fit.</exception>
    public void Decode(ReadOnlySpan<float> codes, Span<byte> images)
    {
        int count = Count(codes.Length, CodeShape, Numbers);
        CheckRoom(count, OutputShape, images.Length);
        using var room = new Rented(images.Length);
        Decode(codes, room.Span);
        ToBytes(room.Span, images);
    }

    /// <summary>decode(encode(image)) of n images: n × output size numbers.</summary>
    /// <param name="images">n images as floats.</param>
    /// <exception cref="LatentException">The length is no multiple of an image's size.</exception>
    public float[] Reconstruct(ReadOnlySpan<float> images)
    {
        var outputs = Room(Count(images.Length, ImageShape, Numbers), OutputShape);
        Reconstruct(images, outputs);
        return outputs;
    }

    /// <summary>decode(encode(image)) of n images, into memory of your own.</summary>
    /// <param name="images">n images as floats.</param>
    /// <param name="outputs">Receives n × output size numbers.</param>
    /// <exception cref="LatentException">A length does not fit.</exception>
    public void Reconstruct(ReadOnlySpan<float> images, Span<float> outputs) => Run("reconstruct", _model.WholeProgram, images, outputs);

    /// <summary>decode(encode(image)) of n images as bytes.</summary>
    /// <param name="images">n images as bytes.</param>
    /// <exception cref="LatentException">The length is no multiple of an image's size.</exception>
    public byte[] Reconstruct(ReadOnlySpan<byte> images)
    {
        var outputs = new byte[checked(Count(images.Length, ImageShape, Bytes) * OutputShape.Size)];
        Reconstruct(images, outputs);
        return outputs;
    }

    /// <summary>decode(encode(image)) of n images as bytes, into memory of your own.</summary>
    /// <param name="images">n images as bytes.</param>
    /// <param name="outputs">Receives n × output size bytes.</param>
    /// <exception cref="LatentException">A length does not fit.</exception>
    public void Reconstruct(ReadOnlySpan<byte> images, Span<byte> outputs)
    {
        int count = Count(images.Length, ImageShape, Bytes);
        CheckRoom(count, OutputShape, outputs.Length);
        using var room = new Rented(outputs.Length);
        Run("reconstruct", _model.WholeProgram, images, room.Span);
        ToBytes(room.Span, outputs);
    }

    /// <summary>
    /// How unlike those of the training one image is: the mean squared difference of what the model takes and gives, where the model's file
    /// names no other <see cref="CodecSettings.Score"/>.
    /// </summary>
    /// <param name="image">One image as bytes.</param>
    /// <returns>At least 0. Above <see cref="CodecSettings.Threshold"/>, where there is one, the image is unlike those of the training.</returns>
    /// <exception cref="LatentException">The length is not an image's size, or the model gives something else than images.</exception>
    public double Score(ReadOnlySpan<byte> image)
    {
        double score = 0;
        Score(image, new Span<double>(ref score));
        return score;
    }

    /// <summary>The scores of n images, as <see cref="Score(ReadOnlySpan{byte})"/>.</summary>
    /// <param name="images">n images as bytes.</param>
    /// <param name="scores">Receives n numbers.</param>
    /// <exception cref="LatentException">A length does not fit, or the model gives something else than images.</exception>
    public void Score(ReadOnlySpan<byte> images, Span<double> scores)
    {
        int count = CountOfScores(images.Length, Bytes, scores.Length);
        using var call = CodecTelemetry.Begin("score", Name, count);
        if (_scaling == PixelScaling.Unit && Settings.Score == ScoreKind.Error)
            _model.WholeProgram.Losses(images, s_score, scores);
        else
        {
            using var room = new Rented(images.Length);
            ToFloats(images, room.Span);
            Fill(room.Span, scores);
        }
    }

    /// <summary>How unlike its reconstruction one image is, as <see cref="Score(ReadOnlySpan{byte})"/>.</summary>
    /// <param name="image">One image as floats.</param>
    /// <exception cref="LatentException">The length is not an image's size, or the model gives something else than images.</exception>
    public double Score(ReadOnlySpan<float> image)
    {
        double score = 0;
        Score(image, new Span<double>(ref score));
        return score;
    }

    /// <summary>The scores of n images, as <see cref="Score(ReadOnlySpan{byte})"/>.</summary>
    /// <param name="images">n images as floats.</param>
    /// <param name="scores">Receives n numbers.</param>
    /// <exception cref="LatentException">A length does not fit, or the model gives something else than images.</exception>
    public void Score(ReadOnlySpan<float> images, Span<double> scores)
    {
        int count = CountOfScores(images.Length, Numbers, scores.Length);
        using var call = CodecTelemetry.Begin("score", Name, count);
        Fill(images, scores);
    }

    private void Fill(ReadOnlySpan<float> images, Span<double> scores)
    {
        if (Settings.Score == ScoreKind.Error)
            _model.WholeProgram.Losses(images, s_score, scores);
        else
            ImageScores.Combined(_model, images, ImageScores.Required(Settings, _model), scores);
    }

    /// <summary>Whether a score is above the model's threshold; null where it has none.</summary>
    public bool? IsUnusual(double score) => Settings.Threshold is { } most ? score > most : null;

    /// <summary>
    /// The score that so many of some usual images stay below, of the kind that the model's file says: for <see cref="CodecSettings.Threshold"/>, from images that the model was not trained on.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="usual">Images that are to pass.</param>
    /// <param name="quantile">The part of them that passes, 0 to 1.</param>
    /// <exception cref="LatentException">The images have another shape, the model gives no images, or the quantile is out of range.</exception>
    public static double ThresholdOf(Autoencoder model, SampleSet usual, double quantile = 0.99)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!(quantile >= 0 && quantile <= 1))
            throw new LatentException("The quantile of a threshold is out of range.", "0 to 1", $"{quantile}");
        double[] scores = model.Scores(usual);
        Array.Sort(scores);
        return Quantile.Of<double>(scores, quantile);
    }

    /// <summary>Ends the use of it: each later call is refused.</summary>
    public void Dispose() => _disposed = true;

    private const string Bytes = "bytes",
        Numbers = "numbers";

    private void Run(string operation, InferenceProgram program, ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        int count = Count(inputs.Length, program.InputShape, Numbers);
        CheckRoom(count, program.OutputShape, outputs.Length);
        using var call = CodecTelemetry.Begin(operation, Name, count);
        program.Run(inputs, outputs);
    }

    private void Run(string operation, InferenceProgram program, ReadOnlySpan<byte> images, Span<float> outputs)
    {
        int count = Count(images.Length, program.InputShape, Bytes);
        CheckRoom(count, program.OutputShape, outputs.Length);
        using var call = CodecTelemetry.Begin(operation, Name, count);
        if (_scaling == PixelScaling.Unit)
            program.Run(images, outputs);
        else
        {
            using var room = new Rented(images.Length);
            ToFloats(images, room.Span);
            program.Run(room.Span, outputs);
        }
    }

    private int CountOfScores(int length, string unit, int scores)
    {
        _model.RequireImages();
        int count = Count(length, ImageShape, unit);
        return scores == count
            ? count
            : throw new LatentException("The scores do not fit the images.", $"{count}, one for each image", $"{scores}");
    }

    private int Count(int length, Shape shape, string unit)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int count = length / shape.Size;
        return count > 0 && length % shape.Size == 0
            ? count
            : throw new LatentException(
                $"What the model '{Name}' is given does not fit it.",
                $"a multiple of {shape.Size} {unit}, {shape} each",
                $"{length}",
                shape == ImageShape && !shape.IsVector ? "scale the image to the model's height, width and channels first" : null
            );
    }

    private static void CheckRoom(int count, Shape shape, int length)
    {
        if (length != (long)count * shape.Size)
            throw new LatentException("The memory for the outputs has another length.", $"{count} × {shape.Size}", $"{length}");
    }

    // not zeroed: all of it is written
    private static float[] Room(int count, Shape shape) => GC.AllocateUninitializedArray<float>(checked(count * shape.Size));

    private void ToFloats(ReadOnlySpan<byte> pixels, Span<float> numbers)
    {
        for (int i = 0; i < pixels.Length; i++)
            numbers[i] = _scaling.Of(pixels[i]);
    }

    private void ToBytes(ReadOnlySpan<float> numbers, Span<byte> pixels)
    {
        for (int i = 0; i < numbers.Length; i++)
            pixels[i] = _scaling.ToByte(numbers[i]);
    }

    /// <summary>Floats of the pool, for the time of a call.</summary>
    private readonly ref struct Rented(int length) : IDisposable
    {
        private readonly float[] _array = ArrayPool<float>.Shared.Rent(length);

        public Span<float> Span => _array.AsSpan(0, length);

        public void Dispose() => ArrayPool<float>.Shared.Return(_array);
    }
}
