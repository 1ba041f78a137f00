using System.Text;
using CsCheck;
using Latent.Formats;
using Latent.Tests.Shared;

namespace Latent.Formats.Tests;

public sealed class NpyTests : IDisposable
{
    private const string Floats = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static byte[] Bytes(string header, byte[] data, byte version = 1)
    {
        byte[] text = Encoding.ASCII.GetBytes(header);
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }

    private string Put(byte[] bytes)
    {
        File.WriteAllBytes(_folder["x.npy"], bytes);
        return _folder["x.npy"];
    }

    private void Refuses(string because, byte[] bytes)
    {
        string path = Put(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<LatentException>(() => Npy.Read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20); // whatever the file claims
        Assert.Contains(because, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_back_what_it_wrote() =>
        Gen.Select(Gen.Int[0, 5].Array[0, 4], Gen.Single, Gen.Int)
            .Sample(
                (shape, value, salt) =>
                {
                    int count = shape.Aggregate(1, (a, b) => a * b);
                    float[] values = [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? value : i * salt)];
                    Npy.Write(_folder["x.npy"], values, shape);
                    var array = Npy.Read(_folder["x.npy"]);
                    Assert.Equal<int>(shape, array.Shape);
                    Assert.Equal(values, array.Data);
                    Assert.Equal("<f4", array.Type);
                },
                iter: 200,
                threads: 1
            );

    [Fact]
    public void Rows_are_counted_at_the_end()
    {
        foreach (int blocks in (int[])[0, 1, 7])
        {
            using (var stream = File.Create(_folder["x.npy"]))
            {
                var rows = new NpyRows(stream, 2, 3);
                for (int i = 0; i < blocks; i++)
                    rows.Write([.. Enumerable.Range(i * 12, 12).Select(n => (float)n)]);
                Assert.Throws<LatentException>(() => rows.Write([1, 2, 3]));
                rows.End();
            }
            var array = Npy.Read(_folder["x.npy"]);
            Assert.Equal([2 * blocks, 2, 3], array.Shape);
            Assert.Equal(Enumerable.Range(0, 12 * blocks).Select(n => (float)n), array.Data);
        }
    }

    [Fact]
    public void Reads_back_more_than_one_block()
    {
        float[] values = [.. Enumerable.Range(0, (1 << 20) + 5).Select(i => (float)i)];
        Npy.Write(_folder["x.npy"], values, values.Length);
        Assert.Equal(values, Npy.Read(_folder["x.npy"]).Data);
        Assert.Equal(
            values.Select(v => (float)(byte)v),
            Npy.Read(
                Put(Bytes($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({values.Length},), }}\n", [.. values.Select(v => (byte)v)]))
            ).Data
        );
    }

    /// <summary>The very bytes that NumPy 1.24 writes for np.arange(3, dtype='&lt;f4').</summary>
    [Fact]
    public void Writes_as_NumPy_does()
    {
        Npy.Write(_folder["x.npy"], [0, 1, 2], 3);
        string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".PadRight(117) + "\n";
        Assert.Equal(Bytes(header, [0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64]), File.ReadAllBytes(_folder["x.npy"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Reads_every_version(byte version)
    {
        var array = Npy.Read(Put(Bytes(Floats + "\n", [.. new byte[20], 0, 0, 128, 63], version)));
        Assert.Equal<int>([2, 3], array.Shape);
        Assert.Equal([0, 0, 0, 0, 0, 1], array.Data);
    }

    [Fact]
    public void Reads_bytes_and_says_so()
    {
        var array = Npy.Read(Put(Bytes("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }\n", [0, 128, 255])));
        Assert.Equal([0, 128, 255], array.Data);
        Assert.Equal("|u1", array.Type);
    }

    [Fact]
    public void Bytes_where_only_floats_are_wanted()
    {
        string path = Put(Bytes("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }\n", [0, 128, 255]));
        string message = Assert.Throws<LatentException>(() => Npy.Read(path, bytes: false)).Message;
        Assert.Contains("'<f4' (float32)", message, StringComparison.Ordinal);
        Assert.Contains("x / 255", message, StringComparison.Ordinal);
        Assert.DoesNotContain("(bytes)", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'<f8'", "'<f8'")]
    [InlineData("'>f4'", "'>f4'")]
    [InlineData("'|O'", "Python objects")]
    [InlineData("[('a', '<f4')]", "several types")]
    public void Another_type_is_named_with_the_way_to_convert_it(string descr, string name)
    {
        byte[] bytes = Bytes($"{{'descr': {descr}, 'fortran_order': False, 'shape': (2,), }}", new byte[16]);
        Refuses(name, bytes);
        Refuses("Fix: convert it in Python: np.save(path, x.astype('<f4'))", bytes);
    }

    [Fact]
    public void Fortran_order()
    {
        Refuses("np.ascontiguousarray(x)", Bytes(Floats.Replace("False", "True", StringComparison.Ordinal), new byte[24]));
        byte[] column = Bytes("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", new byte[8]); // the same in both orders
        Assert.Equal(2, Npy.Read(Put(column)).Data.Length);
    }

    [Fact]
    public void Truncated()
    {
        byte[] good = Bytes(Floats + "\n", new byte[24]);
        for (int length = 0; length < good.Length; length++)
            Refuses(length < 6 ? "is no NumPy file" : "is truncated", good[..length]);
    }

    [Fact]
    public void Longer_than_the_header_says() => Refuses("longer than its header says", Bytes(Floats, new byte[25]));

    [Theory]
    [InlineData("(1000000000,)", "truncated")]
    [InlineData("(2147483647, 2147483647)", "out of range")]
    [InlineData("(99999999999,)", "out of range")]
    [InlineData("(0, 2147483647, 2147483647)", "longer than its header says")]
    [InlineData("(-1,)", "header cannot be read")]
    [InlineData("5", "header cannot be read")]
    public void A_shape_that_cannot_be(string shape, string because) =>
        Refuses(because, Bytes($"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}", new byte[24]));

    [Fact]
    public void A_header_of_a_megabyte_is_no_message_of_a_megabyte()
    {
        string endless = string.Join(", ", Enumerable.Repeat("1", 10_000));
        Refuses("at most 64 sizes", Bytes($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({endless}), }}", new byte[4], version: 2));
        string type = "\u001b[2J\n" + new string('f', 1_000_000);
        string path = Put(Bytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': (1,), }}", new byte[4], version: 2));
        string message = Assert.Throws<LatentException>(() => Npy.Read(path)).Message;
        Assert.InRange(message.Length, 1, 500);
        Assert.Contains("'\\u001b[2J ff", message, StringComparison.Ordinal);
    }

    /// <summary>What another program sends has no length that a claim could be held against.</summary>
    [Fact]
    public async Task A_pipe_that_claims_gigabytes_takes_as_much_memory_as_comes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "pipes with a name");
        using (var make = System.Diagnostics.Process.Start("mkfifo", _folder["pipe"]))
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        byte[] bytes = Bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,), }", new byte[5 << 20]);
        var writing = Task.Run(() => File.WriteAllBytes(_folder["pipe"], bytes), TestContext.Current.CancellationToken);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<LatentException>(() => Npy.Read(_folder["pipe"]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
        await writing;
        Assert.Contains("8,000,000,000 bytes of numbers", e.Message, StringComparison.Ordinal);
        Assert.Contains("5,242,880", e.Message, StringComparison.Ordinal);

        float[] values = [.. Enumerable.Range(0, (3 << 20) + 5).Select(i => (float)i)];
        Npy.Write(_folder["x.npy"], values, values.Length);
        writing = Task.Run(
            () => File.WriteAllBytes(_folder["pipe"], File.ReadAllBytes(_folder["x.npy"])),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(values, Npy.Read(_folder["pipe"]).Data);
        await writing;
    }

    [Fact]
    public void Other_files_are_named()
    {
        Refuses("is no NumPy file", "hello, world"u8.ToArray());
        Refuses("an .npz", [(byte)'P', (byte)'K', 3, 4, .. new byte[60]]);
        Refuses("unknown version", Bytes(Floats, new byte[24], version: 9));
        Refuses("header cannot be right", [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255, 0, 0]);
        Assert.Contains(
            "There is no file",
            Assert.Throws<LatentException>(() => Npy.Read(_folder["none"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Numbers_that_do_not_have_the_shape()
    {
        var e = Assert.Throws<LatentException>(() => Npy.Write(_folder["x.npy"], [1, 2, 3], 2, 2));
        Assert.Contains("(2, 2), 4 numbers", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["x.npy"]));
    }
}
