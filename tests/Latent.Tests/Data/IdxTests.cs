using System.Buffers.Binary;
using System.IO.Compression;
using Latent.Data;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly byte[] s_pixels = [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 10))];

    private static byte[] File3 => Bytes(0x803, [2, 3, 4], s_pixels);

    private static byte[] Labels => Bytes(0x801, [2], [7, 3]);

    private static byte[] Bytes(uint magic, uint[] dimensions, byte[] data)
    {
        var bytes = new byte[4 + 4 * dimensions.Length + data.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, magic);
        for (int i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + 4 * i), dimensions[i]);
        data.CopyTo(bytes, 4 + 4 * dimensions.Length);
        return bytes;
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Optimal))
            zip.Write(bytes);
        return memory.ToArray();
    }

    private string Put(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder[name], bytes);
        return _folder[name];
    }

    private static string Message(Action action)
    {
        var e = Assert.Throws<LatentException>(action);
        Assert.Contains("\nExpected: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("\nReceived: ", e.Message, StringComparison.Ordinal);
        return e.Message;
    }

    private void Refuses(string because, byte[] images, string name = "images") =>
        Assert.Contains(because, Message(() => Idx.Read(Put(name, images))), StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_images_and_labels_plain_and_zipped(bool zipped)
    {
        string images = Put(zipped ? "x.gz" : "x", zipped ? Zip(File3) : File3);
        string labels = Put(zipped ? "y.gz" : "y", zipped ? Zip(Labels) : Labels);
        var set = Idx.Read(images, labels);
        Assert.Equal(("x", 2, new Shape(3, 4, 1)), (set.Name, set.Count, set.Shape));
        Assert.Equal(s_pixels, set.Pixels.ToArray());
        Assert.Equal([7, 3], set.Labels.ToArray());
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7"], set.LabelNames);
    }

    [Fact]
    public void Reads_zipped_content_under_any_name_and_images_without_labels()
    {
        var set = Idx.Read(Put("x", Zip(File3)));
        Assert.Equal(s_pixels, set.Pixels.ToArray());
        Assert.False(set.HasLabels);
        Assert.Empty(set.LabelNames);
    }

    [Fact]
    public void Reads_colour()
    {
        var set = Idx.Read(Put("x", Bytes(0x804, [2, 2, 2, 3], s_pixels)));
        Assert.Equal((2, new Shape(2, 2, 3)), (set.Count, set.Shape));
        Assert.Equal(s_pixels, set.Pixels.ToArray());
    }

    [Fact]
    public void Two_channels_are_no_colour() => Refuses("images of 2 channels", Bytes(0x804, [2, 2, 3, 2], s_pixels));

    [Fact]
    public void Truncated() => Refuses("is truncated.\nExpected: 2 × 3 × 4 = 24 bytes", File3[..^1]);

    [Fact]
    public void Truncated_inside_gzip() => Refuses("is truncated.\nExpected: 2 × 3 × 4 = 24 bytes", Zip(File3[..^1]), "x.gz");

    /// <summary>Wherever a gzip file ends too early, it is an error: even where all pixels were there and only the check sum is missing.</summary>
    [Fact]
    public void Truncated_gzip()
    {
        byte[] zip = Zip(File3);
        for (int length = 0; length < zip.Length; length++)
            Assert.NotNull(Message(() => Idx.Read(Put("x.gz", zip[..length]))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(15)]
    public void Truncated_header(int length) => Refuses("truncated in its header", File3[..length]);

    [Fact]
    public void Longer_than_the_header_says() => Refuses("longer than its header says", [.. File3, 1]);

    [Fact]
    public void Longer_than_the_header_says_zipped() => Refuses("longer than its header says", Zip([.. File3, 1]), "x.gz");

    [Fact]
    public void Wrong_magic() => Refuses("is no IDX file", [1, 0, 8, 3, .. File3[4..]]);

    [Fact]
    public void Numbers_that_are_not_bytes() => Refuses("numbers of a type", Bytes(0xD03, [2, 3, 4], new byte[96]));

    [Fact]
    public void Labels_where_images_are_expected() => Refuses("labels where images are expected", Labels);

    [Fact]
    public void Images_where_labels_are_expected()
    {
        string images = Put("x", File3);
        Assert.Contains("images where labels are expected", Message(() => Idx.Read(images, images)), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_dimensions() => Refuses("wrong number of dimensions", Bytes(0x802, [4, 6], s_pixels));

    [Fact]
    public void No_images() => Refuses("cannot be right", Bytes(0x803, [0, 3, 4], []));

    [Fact]
    public void A_count_of_labels_that_is_not_that_of_the_images()
    {
        string images = Put("x", File3);
        string labels = Put("y", Bytes(0x801, [3], [1, 2, 3]));
        Assert.Contains("does not belong to", Message(() => Idx.Read(images, labels)), StringComparison.Ordinal);
    }

    [Fact]
    public void Not_gzip_under_a_name_that_says_so()
    {
        Refuses("rename it without .gz", File3, "x.gz");
        Refuses("is no gzip file", "<html>not found</html>"u8.ToArray(), "x.gz");
        Refuses("an empty file", [], "x.gz");
        Refuses("an empty file", []);
    }

    [Fact]
    public void Damaged_gzip()
    {
        byte[] zip = Zip(Bytes(0x803, [2, 30, 40], [.. Enumerable.Range(0, 2400).Select(i => (byte)(i * i * 7 % 251))]));
        zip[zip.Length / 2] ^= 0x55;
        Refuses("'", zip, "x.gz"); // where it breaks decides which message it is
        byte[] checksum = Zip(File3);
        checksum[^6] ^= 1;
        Refuses("gzip data cannot be unpacked", checksum, "x.gz");
    }

    [Theory]
    [InlineData(0x7fffffff, 0x7fffffff, 0x7fffffff)]
    [InlineData(0x7fffffff, 1, 1)]
    [InlineData(60000, 28, 28)]
    public void A_header_that_claims_more_than_there_is_takes_no_memory(int count, int height, int width)
    {
        byte[] bytes = Bytes(0x803, [(uint)count, (uint)height, (uint)width], s_pixels);
        string plain = Put("x", bytes);
        string zipped = Put("x.gz", Zip(bytes));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("truncated", Message(() => Idx.Read(plain)), StringComparison.Ordinal);
        Assert.Contains("truncated", Message(() => Idx.Read(zipped)), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_negative_size() => Refuses("cannot be right", Bytes(0x803, [0xffffffff, 3, 4], s_pixels));

    [Fact]
    public void A_file_that_is_not_there() =>
        Assert.Contains(
            "There is no file",
            Assert.Throws<LatentException>(() => Idx.Read(_folder["none"])).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_folder_where_a_file_is_expected() =>
        Assert.Contains("cannot be read", Message(() => Idx.Read(_folder.Path)), StringComparison.Ordinal);

    [Theory]
    [InlineData("train-images-idx3-ubyte", "t10k-images.idx3-ubyte", "train-labels-idx1-ubyte")]
    [InlineData("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz", "train-labels.idx1-ubyte.gz")]
    public void Reads_a_folder(string train, string test, string labels)
    {
        Put(train, train.EndsWith(".gz", StringComparison.Ordinal) ? Zip(File3) : File3);
        Put(test, test.EndsWith(".gz", StringComparison.Ordinal) ? Zip(File3) : File3);
        Put(labels, labels.EndsWith(".gz", StringComparison.Ordinal) ? Zip(Labels) : Labels);
        var data = Idx.ReadFolder(_folder.Path + "/");
        Assert.Equal(Path.GetFileName(_folder.Path), data.Name);
        Assert.Equal(s_pixels, data.Test.Pixels.ToArray());
        Assert.True(data.Train.HasLabels);
        Assert.False(data.Test.HasLabels);
        Assert.Equal(data.Train.LabelNames, data.Test.LabelNames);
    }

    [Fact]
    public void A_folder_without_the_files_says_what_is_there()
    {
        Put("train-images-idx3-ubyte", File3);
        Put("readme.txt", []);
        string message = Message(() => Idx.ReadFolder(_folder.Path));
        Assert.Contains("no file 't10k-images-idx3-ubyte'", message, StringComparison.Ordinal);
        Assert.Contains("Received: readme.txt, train-images-idx3-ubyte", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_different_shapes_are_no_data_set()
    {
        Put("train-images-idx3-ubyte", File3);
        Put("t10k-images-idx3-ubyte", Bytes(0x803, [1, 4, 6], s_pixels));
        Assert.Contains("differ in shape", Message(() => Idx.ReadFolder(_folder.Path)), StringComparison.Ordinal);
    }
}
