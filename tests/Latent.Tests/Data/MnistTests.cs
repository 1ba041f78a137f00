using System.Buffers.Binary;
using System.Security.Cryptography;
using Latent.Data;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Data;

public sealed class MnistTests
{
    private static readonly Lazy<DataSet> s_mnist = new(() => DataSets.Open("mnist"));

    private static ImageSet Train => s_mnist.Value.Train;

    private static ImageSet Test => s_mnist.Value.Test;

    [Fact]
    public void Lies_beside_the_program()
    {
        var (train, test) = Mnist.Load();
        Assert.Equal((60000, 10000), (train.Count, test.Count));
        Assert.Equal(("mnist", new Shape(28, 28, 1)), (train.Name, train.Shape));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], test.LabelNames);
    }

    [Fact]
    public void Has_the_known_labels()
    {
        Assert.Equal([5, 0, 4, 1, 9], Train.Labels[..5].ToArray());
        Assert.Equal([7, 2, 1, 0, 4], Test.Labels[..5].ToArray());
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], Counts(Train));
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], Counts(Test));
    }

    /// <summary>The published sums of the uncompressed files: every byte is as it should be.</summary>
    [Fact]
    public void Has_the_published_bytes()
    {
        Assert.Equal("6bbc9ace898e44ae57da46a324031adb", Md5(Train.Pixels, 0x803, 60000, 28, 28));
        Assert.Equal("a25bea736e30d166cdddb491f175f624", Md5(Train.Labels, 0x801, 60000));
        Assert.Equal("2646ac647ad5339dbf082846283269ea", Md5(Test.Pixels, 0x803, 10000, 28, 28));
        Assert.Equal("27ae3e4e09519cfbb04c329615203637", Md5(Test.Labels, 0x801, 10000));
    }

    [Fact]
    public void The_checksum_is_that_of_shape_pixels_and_labels_and_tells_data_sets_apart()
    {
        string checksum = s_mnist.Value.Checksum;
        Assert.Equal("936ce58a80c96469f82409d86bc8be58cdc2f3d2309dd7f88bd255cbdf2d05b8", checksum);
        Assert.Equal(checksum, new DataSet("another name", Train, Test).Checksum);
        Assert.False(checksum == new DataSet("mnist", Train, Test.Take(9999)).Checksum);
    }

    [Fact]
    public void Loads_from_a_folder()
    {
        var (train, _) = Mnist.Load(Repository.Mnist);
        Assert.Equal(("mnist", 60000), (train.Name, train.Count));
    }

    [Fact]
    public void Looks_beside_the_program_then_in_the_cache_and_then_says_how_to_get_it()
    {
        using var folder = new TemporaryFolder();
        string program = folder["program"],
            cache = folder["cache"];
        var mnist = DataSets.Known[0];
        var store = new DataSetStore(
            [mnist],
            new()
            {
                Program = program,
                Cache = cache,
                System = folder["system"],
            },
            new()
        );
        var e = Assert.Throws<LatentException>(() => store.Open(mnist, new(), TestContext.Current.CancellationToken));
        Assert.Contains("MNIST is not on this machine", e.Message, StringComparison.Ordinal);
        Assert.Contains(cache, e.Fix, StringComparison.Ordinal);
        Assert.Contains("data/mnist", e.Fix, StringComparison.Ordinal);
        string cached = Directory.CreateDirectory(Path.Combine(cache, "mnist")).FullName;
        Assert.Equal(cached, store.Find(mnist));
        string beside = Directory.CreateDirectory(Path.Combine(program, "mnist")).FullName;
        Assert.Equal(beside, store.Find(mnist));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said() =>
        Assert.Contains(
            "There is no folder",
            Assert.Throws<LatentException>(() => Mnist.Load("no/such/folder")).Message,
            StringComparison.Ordinal
        );

    private static int[] Counts(ImageSet set)
    {
        var counts = new int[10];
        foreach (byte label in set.Labels)
            counts[label]++;
        return counts;
    }

    private static string Md5(ReadOnlySpan<byte> data, params int[] header)
    {
#pragma warning disable CA5351 // MD5 is what was published
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        Span<byte> word = stackalloc byte[4];
        foreach (int number in header)
        {
            BinaryPrimitives.WriteInt32BigEndian(word, number);
            hash.AppendData(word);
        }
        hash.AppendData(data);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
