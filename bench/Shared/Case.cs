using System.Runtime.InteropServices;

namespace Latent.Bench.Shared;

/// <summary>
/// What all sides are given: a network, its weights, images and codes. A folder with files that a program in any language reads in ten lines:
/// network.txt has a line for each layer; the others are bare numbers, little-endian.
/// </summary>
internal sealed class Case
{
    public const string NetworkFile = "network.txt",
        WeightsFile = "weights.f32",
        ImagesFile = "images.u8",
        CodesFile = "codes.f32";

    private Case(string name, IReadOnlyList<CaseLayer> encoder, IReadOnlyList<CaseLayer> decoder, byte[] images, float[] codes) =>
        (Name, Encoder, Decoder, Images, Codes) = (name, encoder, decoder, images, codes);

    /// <summary>The network's name.</summary>
    public string Name { get; }

    public IReadOnlyList<CaseLayer> Encoder { get; }

    public IReadOnlyList<CaseLayer> Decoder { get; }

    /// <summary>The images, (n, height, width, channels).</summary>
    public byte[] Images { get; }

    /// <summary>What the weights' encoder makes of the images, or of the first of them.</summary>
    public float[] Codes { get; }

    /// <summary>Height, width, channels.</summary>
    public int[] Input => Encoder[0].Input;

    public int ImageSize => CaseLayer.Product(Input);

    public int CodeSize => CaseLayer.Product(Encoder[^1].Output);

    public int ImageCount => Images.Length / ImageSize;

    /// <summary>The images of a batch as floats from 0 to 1.</summary>
    public float[] Floats(int first, int count) =>
        Array.ConvertAll(Images.AsSpan(first * ImageSize, count * ImageSize).ToArray(), pixel => pixel / 255f);

    /// <summary>Reads a case.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="images">How many of its images at most.</param>
    public static Case Read(string folder, int images)
    {
        float[] weights = Numbers(Path.Combine(folder, WeightsFile));
        int position = 0;
        string name = "";
        List<CaseLayer> encoder = [],
            decoder = [],
            current = encoder;
        foreach (string line in File.ReadLines(Path.Combine(folder, NetworkFile)))
        {
            var request = Request.Parse(line);
            if (request.Word == "network")
                name = request.Text("name");
            else if (request.Word is "encoder" or "decoder")
                current = request.Word == "encoder" ? encoder : decoder;
            else
                current.Add(CaseLayer.Of(request, weights, ref position));
        }
        if (position != weights.Length)
            throw new InvalidDataException($"The layers of '{name}' have {position} weights, its file {weights.Length}.");
        int size = CaseLayer.Product(encoder[0].Input);
        using var file = File.OpenRead(Path.Combine(folder, ImagesFile));
        byte[] pixels = new byte[Math.Min(file.Length, (long)images * size)];
        file.ReadExactly(pixels);
        return new(name, encoder, decoder, pixels, Numbers(Path.Combine(folder, CodesFile)));
    }

    private static float[] Numbers(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
}

/// <summary>A layer of a case. Kernels are (height, width, in, out) and (in, out), images (height, width, channels); the padding is 'same'.</summary>
/// <param name="Kind">conv2d, dense, flatten, reshape or upsample.</param>
/// <param name="Input">The shape of its input.</param>
/// <param name="Output">The shape of its output.</param>
/// <param name="Kernel">Height and width of a convolution's window.</param>
/// <param name="Stride">Of a convolution.</param>
/// <param name="Factor">Of an upsampling.</param>
/// <param name="Activation">linear, relu or sigmoid.</param>
/// <param name="Weights">The kernel's numbers.</param>
/// <param name="Bias">A number for each filter or unit.</param>
internal sealed record CaseLayer(
    string Kind,
    int[] Input,
    int[] Output,
    int Kernel,
    int Stride,
    int Factor,
    string Activation,
    float[] Weights,
    float[] Bias
)
{
    public static int Product(int[] shape) => shape.Aggregate(1, (product, side) => product * side);

    /// <summary>Reads a layer's line, and its weights from where the last layer's ended.</summary>
    public static CaseLayer Of(Request line, float[] weights, ref int position)
    {
        int[] input = line.Sizes("in"),
            output = line.Sizes("out");
        int kernel = line.Word == "conv2d" ? line.Whole("kernel") : 0,
            biases = line.Word is "conv2d" or "dense" ? output[^1] : 0,
            count = biases * (line.Word == "conv2d" ? kernel * kernel * input[^1] : Product(input));
        var layer = new CaseLayer(
            line.Word,
            input,
            output,
            kernel,
            line.Word == "conv2d" ? line.Whole("stride") : 1,
            line.Word == "upsample" ? line.Whole("factor") : 1,
            line.Text("activation", "linear"),
            weights[position..(position + count)],
            weights[(position + count)..(position + count + biases)]
        );
        position += count + biases;
        return layer;
    }
}
