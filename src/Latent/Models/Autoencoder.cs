using Latent.Data;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Models;

/// <summary>
/// An encoder, a decoder and their weights. Encoding, decoding and reconstructing are thread-safe while the weights stay as they are.
/// </summary>
public sealed partial class Autoencoder
{
    private readonly Lazy<InferenceProgram> _encoder,
        _decoder,
        _both;

    /// <summary>A new autoencoder with weights drawn from a seed.</summary>
    /// <param name="encoder">Image to code.</param>
    /// <param name="decoder">Code to image, or to whatever its training's targets are.</param>
    /// <param name="seed">The same seed gives the same bits.</param>
    /// <exception cref="LatentException">The decoder's input is not the encoder's output.</exception>
    public Autoencoder(Network encoder, Network decoder, long seed = 0)
        : this(new WeightStore(new ParameterLayout(encoder, decoder))) => Weights.Initialize(seed);

    /// <summary>An autoencoder around weights that exist, of a layout of two networks.</summary>
    /// <exception cref="LatentException">The layout is not an encoder and a decoder.</exception>
    public Autoencoder(WeightStore weights)
    {
        Weights = weights;
        if (weights.Layout.Networks.Length != 2)
            throw new LatentException("An autoencoder is two networks.", "an encoder and a decoder", $"{weights.Layout.Networks.Length}");
        _encoder = new(() => new(weights, 0, 1));
        _decoder = new(() => new(weights, 1, 1));
        _both = new(() => new(weights, 0, 2));
    }

    /// <summary>Image to code.</summary>
    public Network Encoder => Weights.Layout.Networks[0];

    /// <summary>Code to image.</summary>
    public Network Decoder => Weights.Layout.Networks[1];

    /// <summary>The shape of an image, or of another input.</summary>
    public Shape ImageShape => Encoder.Input;

    /// <summary>The shape of a code: a vector, or feature maps.</summary>
    public Shape CodeShape => Encoder.Output;

    /// <summary>The shape of an output: that of an image, but where the model is trained on other targets.</summary>
    public Shape OutputShape => Decoder.Output;

    /// <summary>Whether the outputs have the shape of the inputs, so that they can be reconstructions of them.</summary>
    public bool GivesImages => OutputShape == ImageShape;

    /// <summary>For what makes sense with reconstructions only.</summary>
    /// <exception cref="LatentException"><see cref="GivesImages"/> is false.</exception>
    public void RequireImages()
    {
        if (!GivesImages)
            throw new LatentException(
                "The model gives something else than its images back.",
                $"outputs of {ImageShape}",
                $"{OutputShape}",
                "see its outputs as numbers: latent predict MODEL --input x.npy --output y.npy; train it from C#, with Fit(inputs, targets, …)"
            );
    }

    /// <summary>How many numbers a code has.</summary>
    public int LatentSize => Encoder.Output.Size;

    /// <summary>The encoder, compiled when it is first used.</summary>
    internal InferenceProgram EncoderProgram => _encoder.Value;

    /// <summary>The decoder, compiled when it is first used.</summary>
    internal InferenceProgram DecoderProgram => _decoder.Value;

    /// <summary>Encoder and decoder as one, compiled when it is first used.</summary>
    internal InferenceProgram WholeProgram => _both.Value;

    /// <summary>The numbers of both networks.</summary>
    public WeightStore Weights { get; }

    /// <summary>What is known about the model beside its weights; saved with it.</summary>
    public ModelInfo Info { get; set; } = new();

    /// <summary>The codes of all images of a set (pixels / 255): count × latent numbers.</summary>
    /// <exception cref="LatentException">The images have another shape than the model's.</exception>
    public float[] Encode(SampleSet images) => Run(_encoder.Value, images);

    /// <summary>As <see cref="Encode(SampleSet)"/>, into memory of your own: nothing is allocated for the numbers.</summary>
    /// <param name="images">The images.</param>
    /// <param name="codes">Receives count × latent numbers.</param>
    /// <exception cref="LatentException">The images have another shape than the model's, or the codes another length.</exception>
    public void Encode(SampleSet images, Span<float> codes) => Run(_encoder.Value, images, codes);

    /// <summary>The codes of n images of floats, 0 to 1: n × latent numbers.</summary>
    /// <exception cref="LatentException">The length is no multiple of an image's size.</exception>
    public float[] Encode(ReadOnlySpan<float> images) => Run(_encoder.Value, images, "images");

    /// <summary>As <see cref="Encode(ReadOnlySpan{float})"/>, into memory of your own.</summary>
    /// <param name="images">n images.</param>
    /// <param name="codes">Receives n × latent numbers.</param>
    /// <exception cref="LatentException">A length does not fit.</exception>
    public void Encode(ReadOnlySpan<float> images, Span<float> codes) => Run(_encoder.Value, images, "images", codes);

    /// <summary>The outputs of n codes: n × output size numbers; 0 to 1 where the decoder ends with a sigmoid.</summary>
    /// <exception cref="LatentException">The length is no multiple of the latent size.</exception>
    public float[] Decode(ReadOnlySpan<float> codes) => Run(_decoder.Value, codes, "codes");

    /// <summary>As <see cref="Decode(ReadOnlySpan{float})"/>, into memory of your own.</summary>
    /// <param name="codes">n codes.</param>
    /// <param name="outputs">Receives n × output size numbers.</param>
    /// <exception cref="LatentException">A length does not fit.</exception>
    public void Decode(ReadOnlySpan<float> codes, Span<float> outputs) => Run(_decoder.Value, codes, "codes", outputs);

    /// <summary>decode(encode(image)) of all images of a set: count × output size numbers.</summary>
    /// <exception cref="LatentException">The images have another shape than the model's.</exception>
    public float[] Reconstruct(SampleSet images) => Run(_both.Value, images);

    /// <summary>As <see cref="Reconstruct(SampleSet)"/>, into memory of your own.</summary>
    /// <param name="images">The images.</param>
    /// <param name="outputs">Receives count × output size numbers.</param>
    /// <exception cref="LatentException">The images have another shape than the model's, or the outputs another length.</exception>
    public void Reconstruct(SampleSet images, Span<float> outputs) => Run(_both.Value, images, outputs);

    /// <summary>decode(encode(image)) of n images of floats: n × output size numbers.</summary>
    /// <exception cref="LatentException">The length is no multiple of an image's size.</exception>
    public float[] Reconstruct(ReadOnlySpan<float> images) => Run(_both.Value, images, "images");

    /// <summary>As <see cref="Reconstruct(ReadOnlySpan{float})"/>, into memory of your own.</summary>
    /// <param name="images">n images.</param>
    /// <param name="outputs">Receives n × output size numbers.</param>
    /// <exception cref="LatentException">A length does not fit.</exception>
    public void Reconstruct(ReadOnlySpan<float> images, Span<float> outputs) => Run(_both.Value, images, "images", outputs);

    /// <summary>The loss of each image's output: the mean over its numbers, without penalties of layers.</summary>
    /// <param name="images">The inputs.</param>
    /// <param name="loss">Null for the mean squared error.</param>
    /// <param name="targets">What the outputs are compared with, image by image; null for the images themselves.</param>
    /// <exception cref="LatentException">The images or the targets have another shape than the model's.</exception>
    public double[] Losses(SampleSet images, Loss? loss = null, SampleSet? targets = null)
    {
        loss ??= new MeanSquaredError();
        targets ??= images;
        Check(_both.Value, images);
        if (targets.Shape != OutputShape || targets.Count != images.Count)
            throw new LatentException(
                "The targets do not fit the outputs.",
                $"{images.Count} of {OutputShape}",
                $"{targets.Count} of {targets.Shape} in '{targets.Name}'",
                ReferenceEquals(targets, images) ? "give targets: the model's outputs are no images of the inputs' shape" : null
            );
        if (loss.Misfit(OutputShape) is { } misfit)
            throw new LatentException(misfit);
        return _both.Value.Losses(images, targets, loss);
    }

    /// <summary>The mean of <see cref="Losses"/> over all images of a set.</summary>
    /// <param name="images">The inputs.</param>
    /// <param name="loss">Null for the mean squared error.</param>
    /// <param name="targets">What the outputs are compared with, image by image; null for the images themselves.</param>
    /// <exception cref="LatentException">The images or the targets have another shape than the model's.</exception>
    public double Evaluate(SampleSet images, Loss? loss = null, SampleSet? targets = null) => Losses(images, loss, targets).Average();

    private static float[] Run(InferenceProgram program, SampleSet images)
    {
        var outputs = Room(images.Count, program);
        Run(program, images, outputs);
        return outputs;
    }

    private static void Run(InferenceProgram program, SampleSet images, Span<float> outputs)
    {
        Check(program, images);
        Check(program, images.Count, outputs);
        program.Run(images, outputs);
    }

    private static float[] Run(InferenceProgram program, ReadOnlySpan<float> inputs, string what)
    {
        var outputs = Room(inputs.Length / program.InputShape.Size, program);
        Run(program, inputs, what, outputs);
        return outputs;
    }

    private static void Run(InferenceProgram program, ReadOnlySpan<float> inputs, string what, Span<float> outputs)
    {
        int size = program.InputShape.Size,
            count = inputs.Length / size;
        if (count < 1 || inputs.Length % size != 0)
            throw new LatentException(
                $"The {what} do not fit the model.",
                $"a multiple of {size} numbers, {program.InputShape} each",
                $"{inputs.Length}"
            );
        Check(program, count, outputs);
        program.Run(inputs, outputs);
    }

    // not zeroed: all of it is written
    private static float[] Room(int count, InferenceProgram program) =>
        GC.AllocateUninitializedArray<float>(checked(count * program.OutputShape.Size));

    private static void Check(InferenceProgram program, int count, Span<float> outputs)
    {
        if (outputs.Length != (long)count * program.OutputShape.Size)
            throw new LatentException(
                "The memory for the outputs has another length.",
                $"{count} × {program.OutputShape.Size} numbers",
                $"{outputs.Length}"
            );
    }

    private static void Check(InferenceProgram program, SampleSet images)
    {
        if (images.Shape != program.InputShape)
            throw new LatentException("The images do not fit the model.", $"{program.InputShape}", $"{images.Shape} in '{images.Name}'");
    }
}
