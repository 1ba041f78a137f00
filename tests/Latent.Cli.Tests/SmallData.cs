using System.Buffers.Binary;
using Latent.Data;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests;

/// <summary>Folders of IDX files: the first images of MNIST, or noise of another size.</summary>
internal static class SmallData
{
    public static string Mnist(string folder, int train = 200, int test = 70)
    {
        var (all, tests) = Data.Mnist.Load(Repository.Mnist);
        Write(folder, "train", all.Take(train));
        Write(folder, "t10k", tests.Take(test));
        return folder;
    }

    public static string OfSize(string folder, int height, int width)
    {
        var images = ImageSet.FromPixels(new byte[8 * height * width], 8, height, width, labels: new byte[8]);
        Write(folder, "train", images);
        Write(folder, "t10k", images);
        return folder;
    }

    private static void Write(string folder, string name, ImageSet images)
    {
        Directory.CreateDirectory(folder);
        var shape = images.Shape;
        byte[] header = [0, 0, 8, 3, .. Big(images.Count), .. Big(shape.Height), .. Big(shape.Width)];
        File.WriteAllBytes(Path.Combine(folder, $"{name}-images-idx3-ubyte"), [.. header, .. images.Pixels]);
        File.WriteAllBytes(Path.Combine(folder, $"{name}-labels-idx1-ubyte"), [0, 0, 8, 1, .. Big(images.Count), .. images.Labels]);
    }

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
