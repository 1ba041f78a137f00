using System.Buffers.Binary;
using Latent.Data;
using Latent.Tests.Shared;

namespace Latent.Studio.Tests.Training;

/// <summary>A folder of IDX files with the first images of MNIST: few, so that an epoch takes some milliseconds.</summary>
internal static class FewDigits
{
    private static readonly Lazy<(ImageSet Train, ImageSet Test)> s_all = new(() => Mnist.Load(Repository.Mnist));

    /// <summary>Writes the folder.</summary>
    public static string Write(string folder, int train = 640, int test = 200)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "train", s_all.Value.Train.Take(train));
        Write(folder, "t10k", s_all.Value.Test.Take(test));
        return folder;
    }

    private static void Write(string folder, string name, ImageSet images)
    {
        Write(Path.Combine(folder, $"{name}-images-idx3-ubyte"), images.Pixels, images.Count, images.Shape.Height, images.Shape.Width);
        Write(Path.Combine(folder, $"{name}-labels-idx1-ubyte"), images.Labels, images.Count);
    }

    private static void Write(string path, ReadOnlySpan<byte> content, params ReadOnlySpan<int> sides)
    {
        var bytes = new byte[4 + 4 * sides.Length + content.Length];
        (bytes[2], bytes[3]) = (8, (byte)sides.Length); // unsigned bytes, and how many sides
        for (int i = 0; i < sides.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + 4 * i), sides[i]);
        content.CopyTo(bytes.AsSpan(4 + 4 * sides.Length));
        File.WriteAllBytes(path, bytes);
    }
}
