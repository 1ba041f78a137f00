using System.Globalization;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Formats.Tests.Keras;

/// <summary>
/// Files with random damage: each is read, or refused with the one exception, within 5 seconds and 500 MB. A case is a number; the same number
/// damages the same file in the same way. LATENT_FUZZ=N reads N files of each kind and LATENT_FUZZ=N..M those of these numbers.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private const int Everyday = 60;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("keras3_colour.h5")]
    [InlineData("keras2_colour.h5")]
    [InlineData("keras3_seed_z2_decoder.h5")]
    [InlineData("repacked_gzip.h5")]
    [InlineData("repacked_chunks.h5")]
    [InlineData("repacked_latest.h5")]
    [InlineData("keras3_colour.keras")]
    [InlineData("keras3_dense_sequential.keras")]
    public void Keras(string name) => Damage(File.ReadAllBytes(KerasFiles.Of(name)), name, file => KerasFiles.Open(file));

    [Theory]
    [InlineData("z10_step100.h5")]
    [InlineData("z10_step100.keras")]
    public void With_an_optimizer(string name) =>
        Damage(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "golden", "golden", name)), name, file => KerasFiles.Open(file));

    /// <summary>The description changed and packed again, so that no checksum of the archive finds it.</summary>
    [Fact]
    public void Descriptions()
    {
        var zip = new Archives.ZipArchiveReader(ByteSource.Of(File.ReadAllBytes(KerasFiles.Of("keras3_colour.keras"))));
        var (json, weights) = (Entry("config.json"), Entry("model.weights.h5"));
        Damage(json, "config.json", config => KerasFiles.Open(KerasFiles.Zip(("config.json", config), ("model.weights.h5", weights))));
        Damage(weights, "model.weights.h5", file => KerasFiles.Open(KerasFiles.Zip(("config.json", json), ("model.weights.h5", file))));

        byte[] Entry(string name)
        {
            var content = zip.Open(name, int.MaxValue)!;
            return content.Read(0, content.Length);
        }
    }

    [Fact]
    public void Safetensors()
    {
        string path = _folder["model.safetensors"];
        new Autoencoder(
            new("encoder", new(8, 8, 1), new Conv2D(4, 3, 2), new Flatten(), new Dense(3)),
            new("decoder", Shape.Vector(3), new Dense(64), new Reshape(new(8, 8, 1)))
        ).Save(path);
        Damage(
            File.ReadAllBytes(path),
            "model.safetensors",
            file =>
            {
                File.WriteAllBytes(path, file);
                Autoencoder.Open(path);
            }
        );
    }

    [Fact]
    public void NumPy()
    {
        string path = _folder["x.npy"];
        Npy.Write(path, new float[60], 3, 4, 5);
        Damage(
            File.ReadAllBytes(path),
            "x.npy",
            file =>
            {
                File.WriteAllBytes(path, file);
                Npy.Read(path);
            }
        );
    }

    [Fact]
    public void IdxFiles()
    {
        string path = _folder["images-idx3-ubyte"];
        byte[] pixels = [.. Enumerable.Range(0, 5 * 6 * 7).Select(i => (byte)i)];
        Damage(
            [0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7, .. pixels],
            "images-idx3-ubyte",
            file =>
            {
                File.WriteAllBytes(path, file);
                Data.Idx.Read(path);
            }
        );
    }

    private static (int From, int To) Cases()
    {
        string[]? given = Environment.GetEnvironmentVariable("LATENT_FUZZ")?.Split("..");
        return given switch
        {
            [var count] => (0, int.Parse(count, CultureInfo.InvariantCulture)),
            [var from, var to] => (int.Parse(from, CultureInfo.InvariantCulture), int.Parse(to, CultureInfo.InvariantCulture)),
            _ => (0, Everyday),
        };
    }

    private static void Damage(byte[] whole, string name, Action<byte[]> read)
    {
        var (from, to) = Cases();
        int[] places = Places(whole);
        int refused = 0;
        for (int number = from; number < to; number++)
        {
            byte[] file = Damaged(whole, places, number);
            if (Hostile.Hold(() => read(file), $"{name}, LATENT_FUZZ={number}..{number + 1}") is not null)
                refused++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {to - from} files, {refused} refused, {to - from - refused} read");
    }

    /// <summary>Where HDF5, zip and safetensors begin something: damage there does most.</summary>
    private static int[] Places(byte[] file)
    {
        var places = new List<int> { 0, Math.Max(0, file.Length - 64) };
        foreach (string signature in (string[])["TREE", "SNOD", "HEAP", "GCOL", "OHDR", "OCHK", "PK", "{\"", "shape", "units", "filters"])
        {
            byte[] bytes = [.. signature.Select(c => (byte)c)];
            for (int at = 0; file.AsSpan(at).IndexOf(bytes) is var found and >= 0; at += found + 1)
                places.Add(at + found);
        }
        // headers of objects have no signature: version 1, nothing, a number of messages
        for (int at = 0; at + 16 < file.Length; at += 8)
            if (
                file.AsSpan(at).StartsWith((ReadOnlySpan<byte>)[1, 0])
                && file[at + 3] == 0
                && file.AsSpan(at + 4, 4).SequenceEqual((ReadOnlySpan<byte>)[1, 0, 0, 0])
            )
                places.Add(at);
        return [.. places];
    }

    private static byte[] Damaged(byte[] whole, int[] places, int number)
    {
        var random = new Random(number);
        byte[] file = [.. whole];
        if (number % 16 == 0)
            return file[..random.Next(file.Length)];
        for (int times = 1 + random.Next(4); times > 0; times--)
        {
            int at =
                random.Next(4) > 0
                    ? Math.Min(file.Length - 1, places[random.Next(places.Length)] + random.Next(200))
                    : random.Next(file.Length);
            int length = Math.Min(1 << random.Next(4), file.Length - at);
            var part = file.AsSpan(at, length);
            switch (random.Next(6))
            {
                case 0:
                    part[0] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    random.NextBytes(part);
                    break;
                case 2:
                    part.Fill((byte)(random.Next(2) * 255));
                    break;
                case 3: // another place's bytes: an address that leads there
                    file.AsSpan(Math.Min(file.Length - length, places[random.Next(places.Length)]), length).CopyTo(part);
                    break;
                case 4:
                    part[0] += (byte)(1 - 2 * random.Next(2));
                    break;
                default: // a place as an address
                    if (length == 8)
                        BitConverter.TryWriteBytes(part, (long)places[random.Next(places.Length)]);
                    else
                        part[0] = (byte)random.Next(128);
                    break;
            }
        }
        return file;
    }
}
