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
    /// <param name="decoder">Code to image.</param>
    /// <param name="seed">The same seed gives the same bits.</param>
    /// <exception cref="LatentException">The decoder's input is not the encoder's output, or its output not the image.</exception>
    public Autoencoder(Network encoder, Network decoder, long seed = 0)
        : this(new WeightStore(new ParameterLayout(encoder, decoder))) => Weights.Initialize(seed);

    /// <summary>An autoencoder around weights that exist, of a layout of two networks.</summary>
    /// <exception cref="LatentException">The layout is not an encoder and a decoder that gives the encoder's image back.</exception>
    public Autoencoder(WeightStore weights)
    {
        Weights = weights;
        if (weights.Layout.Networks is not [var encoder, var decoder])
            throw new LatentException("An autoencoder is two networks.", "an encoder and a decoder", $"{weights.Layout.Networks.Length}");
        if (decoder.Output != encoder.Input)
            throw new LatentException("The decoder does not give the encoder's image back.", $"{encoder.Input}", $"{decoder.Output}");
        _encoder = new(() => new(weights, 0, 1));
        _decoder = new(() => new(weights, 1, 1));
        _both = new(() => new(weights, 0, 2));
    }

    /// <summary>Image to code.</summary>
    public Network Encoder => Weights.Layout.Networks[0];

    /// <summary>Code to image.</summary>
    public Network Decoder => Weights.Layout.Networks[1];

    /// <summary>The shape of an image.</summary>
    public Shape ImageShape => Encoder.Input;

    /// <summary>How many numbers a code has.</summary>
    public int LatentSize => Encoder.Output.Size;

    /// <summary>The numbers of both networks.</summary>
    public WeightStore Weights { get; }

    /// <summary>What is known about the model beside its weights; saved with it.</summary>
    public ModelInfo Info { get; set; } = new();

    /// <summary>The codes of all images of a set (pixels / 255): count × latent numbers.</summary>
    /// <exception cref="LatentException">The images have another shape than the model's.</exception>
    public float[] Encode(ImageSet images) => Run(_encoder.Value, images);

    /// <summary>The codes of n images of floats, 0 to 1: n × latent numbers.</summary>
    /// <exception cref="LatentException">The length is no multiple of an image's size.</exception>
    public float[] Encode(ReadOnlySpan<float> images) => Run(_encoder.Value, images, "images");

    /// <summary>The images of n codes: n × image size numbers; 0 to 1 where the decoder ends with a sigmoid.</summary>
    /// <exception cref="LatentException">The length is no multiple of the latent size.</exception>
    public float[] Decode(ReadOnlySpan<float> codes) => Run(_decoder.Value, codes, "codes");

    /// <summary>decode(encode(image)) of all images of a set: count × image size numbers.</summary>
    /// <exception cref="LatentException">The images have another shape than the model's.</exception>
    public float[] Reconstruct(ImageSet images) => Run(_both.Value, images);

    /// <summary>decode(encode(image)) of n images of floats: n × image size numbers.</summary>
    /// <exception cref="LatentException">The length is no multiple of an image's size.</exception>
    public float[] Reconstruct(ReadOnlySpan<float> images) => Run(_both.Value, images, "images");

    /// <summary>The loss of each image's reconstruction, the image its own target: the mean over its numbers.</summary>
    /// <param name="images">The set; pixels are divided by 255.</param>
    /// <param name="loss">Null for the mean squared error.</param>
    /// <exception cref="LatentException">The images have another shape than the model's.</exception>
    public double[] Losses(ImageSet images, Loss? loss = null)
    {
        Check(_both.Value, images);
        return _both.Value.Losses(images, loss ?? new MeanSquaredError());
    }

    /// <summary>The mean of <see cref="Losses"/> over all images of a set.</summary>
    /// <param name="images">The set; pixels are divided by 255.</param>
    /// <param name="loss">Null for the mean squared error.</param>
    /// <exception cref="LatentException">The images have another shape than the model's.</exception>
    public double Evaluate(ImageSet images, Loss? loss = null) => Losses(images, loss).Average();

    private static float[] Run(InferenceProgram program, ImageSet images)
    {
        Check(program, images);
        var outputs = new float[(long)images.Count * program.OutputShape.Size];
        program.Run(images, outputs);
        return outputs;
    }

    private static float[] Run(InferenceProgram program, ReadOnlySpan<float> inputs, string what)
    {
        int size = program.InputShape.Size,
            count = inputs.Length / size;
        if (count < 1 || inputs.Length % size != 0)
            throw new LatentException(
                $"The {what} do not fit the model.",
                $"a multiple of {size} numbers, {program.InputShape} each",
                $"{inputs.Length}"
            );
        var outputs = new float[(long)count * program.OutputShape.Size];
        program.Run(inputs, outputs);
        return outputs;
    }

    private static void Check(InferenceProgram program, ImageSet images)
    {
        if (images.Shape != program.InputShape)
            throw new LatentException("The images do not fit the model.", $"{program.InputShape}", $"{images.Shape} in '{images.Name}'");
    }
}
