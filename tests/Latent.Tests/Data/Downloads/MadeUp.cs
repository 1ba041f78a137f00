using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Latent.Data;
using Latent.Engine;

namespace Latent.Tests.Data.Downloads;

/// <summary>A data set that no one published: noise as images, in files of a few kB. The same bytes each time.</summary>
internal sealed record MadeUp(string Name, int Train = 40, int Test = 20, int Side = 28, int Classes = 10, int FirstLabel = 0)
{
    private static readonly ConcurrentDictionary<MadeUp, byte[][]> s_packed = new();

    /// <summary>Training images, training labels, test images, test labels: as IDX files.</summary>
    public byte[][] Plain => [Images(Train, $"{Name}/train"), Labels(Train), Images(Test, $"{Name}/test"), Labels(Test)];

    /// <summary>The same, packed.</summary>
    public byte[][] Packed => s_packed.GetOrAdd(this, data => [.. data.Plain.Select(Zip)]);

    /// <summary>What the catalogue has of it.</summary>
    public DataSetInfo Info(params string[] mirrors) =>
        new()
        {
            Name = Name,
            Content = "noise",
            TrainImages = Train,
            TestImages = Test,
            LabelNames = [.. Enumerable.Range(0, Classes).Select(i => $"class {i}")],
            Licence = "none",
            Credit = "chance",
            FirstLabel = FirstLabel,
            Mirrors = mirrors,
            Files = [.. Packed.Select((bytes, i) => new DataSetFile(Idx.ClassicNames[i], bytes.Length, Sha256(bytes)))],
        };

    /// <summary>Puts the four files into a folder.</summary>
    public string Write(string folder, bool packed = true, IReadOnlyList<string>? names = null)
    {
        Directory.CreateDirectory(folder);
        for (int i = 0; i < 4; i++)
            File.WriteAllBytes(Path.Combine(folder, (names ?? Idx.ClassicNames)[i] + (packed ? ".gz" : "")), packed ? Packed[i] : Plain[i]);
        return folder;
    }

    public static byte[] Zip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Fastest))
            zip.Write(bytes);
        return memory.ToArray();
    }

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private byte[] Images(int count, string stream)
    {
        var random = new RandomStream(1, stream);
        var pixels = new byte[count * Side * Side];
        foreach (ref byte pixel in pixels.AsSpan())
            pixel = (byte)(256 * random.NextDouble());
        return [0, 0, 8, 3, .. Big(count), .. Big(Side), .. Big(Side), .. pixels];
    }

    private byte[] Labels(int count) =>
        [0, 0, 8, 1, .. Big(count), .. Enumerable.Range(0, count).Select(i => (byte)(FirstLabel + i % Classes))];

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
