using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Latent.Formats.Hdf5;
using Latent.Tests.Shared;

namespace Latent.Formats.Tests.Keras;

/// <summary>Files that were made to do harm: each ends in one message, soon and with little memory.</summary>
public sealed class HostileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Cut off at each kilobyte.</summary>
    [Theory]
    [InlineData("keras3_colour.h5")]
    [InlineData("keras3_colour.keras")]
    [InlineData("keras2_colour.h5")]
    [InlineData("repacked_gzip.h5")]
    [InlineData("repacked_latest.h5")]
    public void Truncated(string name)
    {
        byte[] whole = File.ReadAllBytes(KerasFiles.Of(name));
        for (int length = 0; length < whole.Length; length += 1024)
            Refused(whole[..length], "damaged, or no model of Keras");
    }

    [Fact]
    public void A_large_file_without_content_takes_no_memory()
    {
        string path = _folder["large.h5"];
        using (var file = File.Create(path))
        {
            file.Write(Hdf5File.Magic);
            file.SetLength(20L << 30); // takes no room on the disk
        }
        Hostile.Hold(() => KerasModel.Open(path));
    }

    [Fact]
    public void A_claim_of_many_numbers_takes_no_memory()
    {
        byte[] file = File.ReadAllBytes(KerasFiles.Of("keras3_colour.h5"));
        // the first side of each shape, where the shape stands as the file has it: (4, 4, 3, 12)
        byte[] sides = [4, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0];
        int at = file.AsSpan().IndexOf(sides);
        Assert.True(at > 0);
        foreach (long claim in (long[])[-1, 0, 5, 1 << 20, 1L << 32, 1L << 40, long.MaxValue, long.MinValue])
        {
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), claim);
            Refused(file, "");
        }
    }

    /// <summary>A hundred weights of a million numbers each, which are all the same four megabytes of the file.</summary>
    [Fact]
    public void Many_weights_of_the_same_bytes_take_no_memory()
    {
        var layers = Enumerable
            .Range(0, 100)
            .Select(i =>
                (
                    "Dense",
                    new JsonObject
                    {
                        ["units"] = 1000,
                        ["name"] = $"d{i}",
                        ["use_bias"] = false,
                    }
                )
            );
        var config = KerasFiles.Sequential([1000], [.. layers]);
        byte[] file = KerasFiles.Archive(
            config,
            root =>
            {
                var vars = new NewGroup();
                vars.Add("0", new(NewType.Float32, [1000, 1000], () => new byte[4_000_000]));
                for (int i = 0; i < 100; i++)
                    root.Group(i == 0 ? "layers/dense" : $"layers/dense_{i}").Objects["vars"] = i == 0 ? vars : new NewGroup();
            }
        );
        Refused(file, "");
    }

    [Fact]
    public void Deep_json()
    {
        foreach (int depth in (int[])[100, 100_000, 5_000_000])
        {
            Refused(Archive(new string('[', depth)), "config.json");
            Refused(
                Archive("{\"class_name\":\"Sequential\",\"config\":{\"layers\":" + new string('[', depth) + new string(']', depth) + "}}"),
                "config.json"
            );
        }
    }

    [Fact]
    public void Models_within_models()
    {
        string inner = """{"class_name":"Flatten","config":{}}""";
        for (int i = 0; i < 15; i++)
            inner = $$$"""{"class_name":"Sequential","config":{"layers":[{{{inner}}}]}}""";
        Refused(Archive(inner), "");
    }

    [Fact]
    public void Json_that_is_none()
    {
        foreach (
            string json in (string[])
                ["", "null", "3", "\"x\"", "[]", "{}", "{\"class_name\":3}", "{\"class_name\":\"\\ud800\",\"config\":{}}", "NaN"]
        )
            Refused(Archive(json), "");
    }

    [Theory]
    [InlineData("../config.json")]
    [InlineData("a/../../b")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\b")]
    [InlineData("C:\\b")]
    public void A_path_that_leads_out_of_the_archive(string name) =>
        Refused(KerasFiles.Zip(("config.json", "{}"u8.ToArray()), (name, [1])), "leads out of the archive");

    [Fact]
    public void A_file_twice() => Refused(KerasFiles.Zip(("config.json", [1]), ("config.json", [2])), "twice");

    [Fact]
    public void Zip_bombs()
    {
        byte[] bomb = KerasFiles.Zip(CompressionLevel.Fastest, ("config.json", new byte[20 << 20]), ("model.weights.h5", [1]));
        Assert.True(bomb.Length < 1 << 20);
        Refused(bomb, "unpacks to");
        bomb = KerasFiles.Zip(
            CompressionLevel.Fastest,
            ("config.json", Encoding.UTF8.GetBytes(KerasFiles.Sequential([4], ("Flatten", [])).ToJsonString())),
            ("model.weights.h5", new byte[20 << 20])
        );
        int list = bomb.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BinaryPrimitives.WriteInt32LittleEndian(bomb.AsSpan(list + 24), 300 << 20);
        Refused(bomb, "unpacks to 314,572,800 bytes");
        // one that says it is small
        BinaryPrimitives.WriteInt32LittleEndian(bomb.AsSpan(list + 24), 1000);
        Refused(bomb, "unpacks to more");
    }

    [Fact]
    public void A_list_of_many_files()
    {
        byte[] file = KerasFiles.Zip([.. Enumerable.Range(0, 20_000).Select(i => ($"{i}", Array.Empty<byte>()))]);
        Refused(file, "files in it");
    }

    /// <summary>A group that has itself in it is only a name; what is looked for is looked for by its path.</summary>
    [Fact]
    public void A_group_in_itself()
    {
        byte[] file = Cyclic(out _);
        using var stream = new MemoryStream(file);
        var root = new Hdf5File(ByteSource.Of(stream)).Root;
        Assert.NotNull(root.Find("a/a/a/a/a/a"));
        Hostile.Hold(() => KerasFiles.Open(file));
    }

    /// <summary>The tree of a group's names leads back to itself.</summary>
    [Fact]
    public void A_tree_in_itself()
    {
        byte[] file = Cyclic(out int tree);
        file[tree + 5] = 1; // its children are trees
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(tree + 32), tree);
        Refused(file, "");
    }

    [Fact]
    public void A_header_that_goes_on_in_itself()
    {
        byte[] file = File.ReadAllBytes(KerasFiles.Of("keras3_colour.h5"));
        int found = 0;
        for (int at = 0; at < 4096; at += 8)
            if (file.AsSpan(at).StartsWith((ReadOnlySpan<byte>)[0x10, 0, 0x10, 0, 0, 0, 0, 0]))
            {
                byte[] changed = [.. file];
                BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(at + 8), at);
                BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(at + 16), 24);
                Hostile.Hold(() => KerasFiles.Open(changed));
                found++;
            }
        Assert.True(found > 0);
    }

    /// <summary>A root group with a group in it, which is the root.</summary>
    private static byte[] Cyclic(out int tree)
    {
        var root = new NewGroup();
        root.Group("a");
        root.Attributes.Add(NewAttribute.Bytes("model_config", KerasFiles.Sequential([4], ("Flatten", [])).ToJsonString()));
        var stream = new MemoryStream();
        Hdf5Writer.Write(stream, root);
        byte[] file = stream.ToArray();
        long header = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(64));
        int symbols = file.AsSpan().LastIndexOf("SNOD"u8);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(symbols + 16), header);
        tree = file.AsSpan().LastIndexOf("TREE"u8);
        return file;
    }

    private static byte[] Archive(string json) =>
        KerasFiles.Zip(("config.json", Encoding.UTF8.GetBytes(json)), ("model.weights.h5", KerasFiles.Legacy(new JsonObject())));

    private static void Refused(byte[] file, string said)
    {
        var e = Hostile.Hold(() => KerasFiles.Open(file));
        Assert.NotNull(e);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }
}
