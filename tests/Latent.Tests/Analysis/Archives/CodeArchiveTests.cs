using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Latent.Analysis;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Analysis.Archives;

public sealed class CodeArchiveTests : IDisposable
{
    private static readonly Autoencoder s_model = new(Article.Encoder(3), Article.Decoder(3), seed: 1);
    private static readonly string[] s_names = ["a/1.png", "a/2.png", "b/2.png", "ü/日本 語.jpg", "ελ/🦀.png", "x"];

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder["file"];

    public void Dispose() => _folder.Dispose();

    private static byte[] Archive(int bits = 8, string[]? names = null)
    {
        names ??= s_names;
        using var stream = new MemoryStream();
        var writer = new CodeArchiveWriter(stream, s_model, bits);
        for (int start = 0; start < names.Length; start += 4)
        {
            string[] some = [.. names.Skip(start).Take(4)];
            writer.Write(some, Codes(start, some.Length));
        }
        writer.Finish();
        Assert.Equal(stream.Length, writer.Bytes);
        return stream.ToArray();
    }

    private static float[] Codes(int start, int count) => [.. Enumerable.Range(3 * start, 3 * count).Select(i => (float)Math.Sin(i))];

    private List<CodeBlock> Read(byte[] file, Autoencoder? model = null)
    {
        File.WriteAllBytes(FilePath, file);
        var blocks = new List<CodeBlock>();
        CodeArchive.Read(FilePath, model ?? s_model, (block, _) => blocks.Add(block));
        return blocks;
    }

    private LatentException Refused(byte[] file, Autoencoder? model = null)
    {
        File.WriteAllBytes(FilePath, file);
        int given = 0;
        var e = Assert.Throws<LatentException>(() => CodeArchive.Read(FilePath, model ?? s_model, (_, _) => given++));
        Assert.Equal(0, given);
        return e;
    }

    /// <summary>A file with a right checksum, made by someone who means harm.</summary>
    private static byte[] Signed(byte[] file)
    {
        SHA256.HashData(file.AsSpan(0, file.Length - 32)).CopyTo(file, file.Length - 32);
        return file;
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(32)]
    public void Names_and_codes_come_back(int bits)
    {
        var blocks = Read(Archive(bits));
        Assert.Equal(2, blocks.Count);
        Assert.Equal(s_names, blocks.SelectMany(block => block.Names));
        float[] expected = Codes(0, s_names.Length);
        float[] back = [.. blocks.SelectMany(block => block.Codes)];
        for (int i = 0; i < back.Length; i++)
            Assert.Equal(expected[i], back[i], bits == 32 ? 0 : 2.0 / (1 << bits));
    }

    [Fact]
    public void An_archive_of_nothing_is_one() => Assert.Empty(Read(Archive(names: [])));

    [Fact]
    public void All_blocks_can_be_asked_for_twice()
    {
        File.WriteAllBytes(FilePath, Archive());
        var times = new List<int>();
        Assert.Equal(s_names.Length, CodeArchive.Read(FilePath, s_model, (_, time) => times.Add(time), times: 2));
        Assert.Equal([0, 0, 1, 1], times);
    }

    [Fact]
    public void Numbered_names_take_little()
    {
        string[] names = [.. Enumerable.Range(0, 4).Select(i => $"photos/2024/img-{i:D6}.jpg")];
        int one = Archive(names: names).Length;
        string[] more = [.. Enumerable.Range(0, 2000).Select(i => $"photos/2024/img-{i:D6}.jpg")];
        using var stream = new MemoryStream();
        var writer = new CodeArchiveWriter(stream, s_model, 4);
        writer.Write(more, Codes(0, more.Length));
        writer.Finish();
        Assert.InRange(writer.NameBytes, 1, 2 * more.Length);
        Assert.True(one < 300, $"{one}");
    }

    [Fact]
    public void Another_models_file_is_refused()
    {
        Assert.Contains("another model", Refused(Archive(), new(Article.Encoder(3), Article.Decoder(3), seed: 2)).Message);
        Assert.Contains("another model", Refused(Archive(), new(Article.Encoder(2), Article.Decoder(2), seed: 1)).Message);
    }

    [Fact]
    public void A_newer_version_is_refused()
    {
        byte[] file = Archive();
        file[8] = 9;
        Assert.Contains("newer version", Refused(Signed(file)).Message);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        Assert.Contains("no archive", Refused([1, 2, 3]).Message);
        Assert.Contains("no archive", Refused([.. Enumerable.Repeat((byte)7, 500)]).Message);
        Assert.Contains("no file", Assert.Throws<LatentException>(() => CodeArchive.Read(_folder["none"], s_model, (_, _) => { })).Message);
        File.WriteAllBytes(FilePath, []);
        Assert.Throws<LatentException>(() => CodeArchive.Read(FilePath, s_model, (_, _) => { }));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] file = Archive();
        for (int length = 1; length < file.Length; length++)
            Refused(file[..length]);
        Refused([.. file, 0]);
    }

    [Fact]
    public void Every_flipped_bit_is_refused()
    {
        byte[] file = Archive();
        for (int i = 0; i < file.Length; i++)
        {
            byte[] damaged = [.. file];
            damaged[i] ^= (byte)(1 << i % 8);
            Refused(damaged);
        }
    }

    /// <summary>Behind a right checksum all the same: read, or refused, and never another exception or a large allocation.</summary>
    [Fact]
    public void Signed_damage_is_read_or_refused()
    {
        var random = new RandomStream(5, "fuzz");
        byte[] file = Archive();
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. file.AsSpan(0, i % 3 == 0 ? 104 + random.Next(file.Length - 103) : file.Length)];
            for (int n = 1 + random.Next(3); n > 0; n--)
                damaged[60 + random.Next(damaged.Length - 92)] = random.Next(3) switch
                {
                    0 => 255,
                    1 => 0,
                    _ => (byte)random.Next(256),
                };
            File.WriteAllBytes(FilePath, Signed(damaged));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                CodeArchive.Read(
                    FilePath,
                    s_model,
                    (block, _) => Assert.All(block.Names, name => Assert.DoesNotContain("..", name.Split('/')))
                );
            }
            catch (LatentException) { }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
        }
    }

    [Theory]
    [InlineData(0, int.MaxValue)]
    [InlineData(0, -1)]
    [InlineData(0, 1 << 16)]
    [InlineData(4, int.MaxValue)]
    [InlineData(8, int.MinValue)]
    [InlineData(8, int.MaxValue)]
    public void Huge_counts_are_refused(int field, int value)
    {
        byte[] file = Archive();
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(60 + field), value);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(Signed(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    public static TheoryData<string> Escapes =>
        [
            "",
            "../x.png",
            "a/../../x.png",
            "a/..",
            "/etc/passwd",
            "C:/x.png",
            "c:x",
            "a\\..\\x.png",
            "a//b",
            "./a",
            "a/.",
            "nul",
            "a/CON.png",
            "com1.txt",
            "a.",
            "a ",
            "a\nb",
            "a\0b",
            "a?b",
            "\ud800",
            new string('a', 300),
        ];

    [Theory]
    [MemberData(nameof(Escapes))]
    public void Names_that_lead_elsewhere_are_not_written_and_not_read(string name)
    {
        Assert.Throws<LatentException>(() => Archive(names: [name]));
        if (name.Length is 0 or > 250 || name.Contains('\ud800', StringComparison.Ordinal))
            return;
        // a file with that name in the place of one of as many bytes
        string innocent = new('q', Encoding.UTF8.GetByteCount(name));
        byte[] good = Archive(32, [innocent]);
        byte[] packed = ArchiveNames.Pack([innocent]),
            evil = ArchiveNames.Pack([name]);
        int at = good.AsSpan().IndexOf(packed);
        byte[] file = [.. good.AsSpan(0, at), .. evil, .. good.AsSpan(at + packed.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(64), evil.Length);
        Assert.Contains("not written", Refused(Signed(file)).Message);
    }

    [Theory]
    [InlineData("..a/b..c/...d")]
    [InlineData(".hidden/.x.png")]
    [InlineData("console/nullable.png")]
    [InlineData("Ünï/ç ø dé.webp")]
    [InlineData("שלום/مرحبا.png")]
    public void Other_names_are_names(string name) => Assert.Equal([name], Read(Archive(names: [name])).SelectMany(block => block.Names));

    [Fact]
    public void The_models_identity_is_that_of_its_weights()
    {
        var same = new Autoencoder(Article.Encoder(3), Article.Decoder(3), seed: 1) { Info = new() { DataSet = "other" } };
        Assert.Equal(ModelIdentity.Of(s_model), ModelIdentity.Of(same));
        same.Weights.Values[0] += 1e-6f;
        Assert.NotEqual(ModelIdentity.Of(s_model), ModelIdentity.Of(same));
    }
}
