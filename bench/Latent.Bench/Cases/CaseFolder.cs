using System.Runtime.InteropServices;
using Latent.Bench.Shared;
using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;

namespace Latent.Bench.Cases;

/// <summary>Writes what all sides are given, so that all compute the same: <see cref="Case"/> says in which form.</summary>
internal static class CaseFolder
{
    private const int Codes = 1024;

    /// <summary>Writes the case of a network with weights of a seed into a folder of its own.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string parent, BenchNetwork network)
    {
        string folder = Directory.CreateDirectory(Path.Combine(parent, network.Name)).FullName;
        var model = new Autoencoder(network.Encoder, network.Decoder, seed: 1);
        var images = Images(network);
        File.WriteAllLines(Path.Combine(folder, Case.NetworkFile), Lines(network));
        using (var file = File.Create(Path.Combine(folder, Case.WeightsFile)))
        {
            foreach (var parameter in model.Weights.Layout.Parameters)
                file.Write(MemoryMarshal.AsBytes(model.Weights[parameter]));
        }
        File.WriteAllBytes(Path.Combine(folder, Case.ImagesFile), images.Pixels);
        File.WriteAllBytes(Path.Combine(folder, Case.CodesFile), MemoryMarshal.AsBytes(model.Encode(images.Take(Codes)).AsSpan()));
        return folder;
    }

    /// <summary>MNIST's training images where they fit; else smooth random fields, since noise would have nothing to learn.</summary>
    private static ImageSet Images(BenchNetwork network)
    {
        if (network.IsMnist)
            return Mnist.Load().Train;
        const int count = 1024,
            waves = 4;
        var shape = network.Encoder.Input;
        var random = new RandomStream(1, "bench/images");
        byte[] pixels = new byte[count * shape.Size];
        var along = new (double X, double Y, double Phase)[waves];
        for (int n = 0, p = 0; n < count; n++)
        {
            for (int wave = 0; wave < waves; wave++)
                along[wave] = (random.NextDouble() * 0.4, random.NextDouble() * 0.4, random.NextDouble() * Math.Tau);
            for (int y = 0; y < shape.Height; y++)
            for (int x = 0; x < shape.Width; x++)
            for (int c = 0; c < shape.Channels; c++)
            {
                double sum = 0;
                foreach (var (ofX, ofY, phase) in along)
                    sum += Math.Sin(ofX * x + ofY * y + phase * (c + 1));
                pixels[p++] = (byte)Math.Round(127.5 + 127.5 * sum / waves);
            }
        }
        return ImageSet.FromPixels(pixels, count, shape.Height, shape.Width, shape.Channels, name: network.Name);
    }

    private static IEnumerable<string> Lines(BenchNetwork network)
    {
        yield return $"network name={network.Name}";
        foreach (var part in (Network[])[network.Encoder, network.Decoder])
        {
            yield return part.Name;
            for (int i = 0; i < part.Layers.Length; i++)
                yield return $"{Line(part.Layers[i])} in={Sizes(part.InputOf(i))} out={Sizes(part.Shapes[i])}";
        }
    }

    private static string Line(Layer layer) =>
        layer switch
        {
            Conv2D { Padding: Padding.Same, UseBias: true, DilationRate: null } convolution
                when convolution.Kernel.Height == convolution.Kernel.Width
                    && (convolution.Strides ?? 1) is var strides
                    && strides.Height == strides.Width =>
                $"conv2d kernel={convolution.Kernel.Height} stride={strides.Height} activation={Name(convolution.Activation)}",
            Dense { UseBias: true } dense => $"dense activation={Name(dense.Activation)}",
            Flatten => "flatten",
            Reshape => "reshape",
            UpSampling2D { Interpolation: Interpolation.Nearest } up when up.Size.Height == up.Size.Width =>
                $"upsample factor={up.Size.Height}",
            _ => throw new NotSupportedException($"The peers are not told of {layer}."),
        };

    private static string Name(Activation? activation) => (activation ?? Activation.Linear).Name;

    private static string Sizes(Shape shape) => shape.IsVector ? $"{shape.Size}" : $"{shape.Height}x{shape.Width}x{shape.Channels}";
}
