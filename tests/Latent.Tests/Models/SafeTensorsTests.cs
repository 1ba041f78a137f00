using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;
using Latent.Models;
using Latent.Tests.Shared;

namespace Latent.Tests.Models;

public sealed class SafeTensorsTests : IDisposable
{
    private static readonly string[] s_types = ["F32", "U8", "I64", "BF16"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Put(byte[] bytes)
    {
        File.WriteAllBytes(_folder["x.safetensors"], bytes);
        return _folder["x.safetensors"];
    }

    private string Message(byte[] bytes)
    {
        string path = Put(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<LatentException>(() => SafeTensors.Read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20); // whatever the file claims
        Assert.NotNull(e.Fix);
        return e.Message;
    }

    private void Refuses(string because, string header, int dataLength) =>
        Assert.Contains(because, Message(RawSafeTensors.Bytes(header, new byte[dataLength])), StringComparison.Ordinal);

    [Fact]
    public void Reads_what_another_program_wrote()
    {
        byte[] data = [0, 0, 128, 63, 0, 0, 0, 64, 7, 255];
        string header =
            """{"__metadata__":{"by":"another"},"b":{"dtype":"U8","shape":[2],"data_offsets":[8,10]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}  """;
        var file = SafeTensors.Read(Put(RawSafeTensors.Bytes(header, data)));
        Assert.Equal("another", file.Metadata["by"]);
        Assert.Equal([1f, 2f], file.Tensors["a"].ToFloats());
        Assert.Equal<int>([1, 2], file.Tensors["a"].Shape);
        Assert.Equal([7f, 255f], file.Tensors["b"].ToFloats());
    }

    [Fact]
    public void Writes_what_it_reads_in_an_order_that_does_not_depend_on_theirs()
    {
        var gen = Gen.Dictionary(
            Gen.String[Gen.Char["ab/é\"\\"], 1, 6],
            Gen.Select(Gen.Int[0, 3].Select(i => s_types[i]), Gen.Int[0, 4].Array[0, 3], Gen.Byte.Array[256])
        )[0, 6];
        gen.Sample(
            drawn =>
            {
                var tensors = drawn.ToDictionary(
                    t => t.Key,
                    t => Make(t.Value.Item1, t.Value.Item2, t.Value.Item3),
                    StringComparer.Ordinal
                );
                SafeTensors.Write(_folder["a"], tensors, [new("ключ", "значение"), new("b", "\"{}\n")]);
                SafeTensors.Write(_folder["b"], tensors.Reverse(), [new("b", "\"{}\n"), new("ключ", "значение")]);
                Assert.Equal(File.ReadAllBytes(_folder["a"]), File.ReadAllBytes(_folder["b"]));
                var file = SafeTensors.Read(_folder["a"]);
                Assert.Equal("\"{}\n", file.Metadata["b"]);
                Assert.Equal("значение", file.Metadata["ключ"]);
                Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), file.Tensors.Keys.Order(StringComparer.Ordinal));
                foreach (var (name, tensor) in file.Tensors)
                {
                    Assert.Equal(tensors[name].DType, tensor.DType);
                    Assert.Equal<int>(tensors[name].Shape, tensor.Shape);
                    Assert.Equal(tensors[name].Data.ToArray(), tensor.Data.ToArray());
                }
            },
            iter: 100,
            threads: 1
        );
    }

    private static Tensor Make(string dtype, int[] shape, byte[] bytes)
    {
        int size = shape.Aggregate(
            dtype switch
            {
                "F32" => 4,
                "I64" => 8,
                "BF16" => 2,
                _ => 1,
            },
            (a, b) => a * b
        );
        return new(dtype, [.. shape], Enumerable.Range(0, size).Select(i => bytes[i % bytes.Length]).ToArray());
    }

    [Fact]
    public void The_header_is_aligned_and_names_the_version()
    {
        SafeTensors.Write(_folder["x"], [new("t", Tensor.FromFloats([1.5f], 1))]);
        byte[] bytes = File.ReadAllBytes(_folder["x"]);
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        var header = JsonElement.Parse(Encoding.UTF8.GetString(bytes, 8, (int)length));
        Assert.Equal("1", header.GetProperty("__metadata__").GetProperty("latent.version").GetString());
        Assert.Equal("F32", header.GetProperty("t").GetProperty("dtype").GetString());
        Assert.Equal(8 + length + 4, bytes.Length);
    }

    [Theory]
    [InlineData("2", "written by a newer version")]
    [InlineData("0", "no valid format version")]
    [InlineData("one", "no valid format version")]
    public void Another_version(string version, string because) =>
        Refuses(because, $$$"""{"__metadata__":{"latent.version":"{{{version}}}"}}""", 0);

    [Fact]
    public void Empty() => Assert.Contains("an empty file", Message([]), StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Too_short(int length) => Assert.Contains("too short", Message(new byte[length]), StringComparison.Ordinal);

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1L << 33)]
    public void A_header_of_impossible_length(long length) =>
        Assert.Contains("length of its header", Message(RawSafeTensors.Bytes("{}", [0], length)), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]", "no JSON object")]
    [InlineData("{]", "no valid JSON")]
    [InlineData("{\"a\":\"\\ud800\"}", "no JSON object")]
    [InlineData("""{"a":1}""", "'a' is no JSON object")]
    [InlineData("""{"a":{}}""", "'a' has no type")]
    [InlineData("""{"a":{"dtype":3}}""", "'a' has no type")]
    [InlineData("""{"a":{"dtype":"F33"}}""", "unknown type")]
    [InlineData("""{"a":{"dtype":"F32"}}""", "has no shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "has no shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "has no shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "no place")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "no place")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "no place")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "does not fit its shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "does not fit its shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3000000000],"data_offsets":[0,4]}}""", "too large")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""", "too large")]
    [InlineData("""{"a":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,17179869184]}}""", "beyond the end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "beyond the end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", "more bytes than its tensors")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "lies a gap")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        "'a' and 'b' overlap"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""",
        "not aligned"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        "'a' twice"
    )]
    [InlineData("""{"a":{"dtype":"U8","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "'dtype' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "'__metadata__' twice")]
    [InlineData("""{"__metadata__":{"x":"1","x":"2"}}""", "'x' twice")]
    [InlineData("""{"__metadata__":{"x":1}}""", "'x' is no text")]
    [InlineData("""{"__metadata__":[]}""", "metadata is no JSON object")]
    public void What_is_wrong_is_said(string header, string because) => Refuses(because, header, 4);

    [Fact]
    public void More_sizes_than_any_tensor_has() =>
        Refuses(
            "has no shape",
            $$$"""{"a":{"dtype":"U8","shape":[{{{string.Join(',', Enumerable.Repeat(1, 65))}}}],"data_offsets":[0,1]}}""",
            1
        );

    [Fact]
    public void A_number_of_a_million_digits() =>
        Refuses("has no shape", $$$"""{"a":{"dtype":"U8","shape":[{{{new string('1', 1_000_000)}}}],"data_offsets":[0,1]}}""", 1);

    [Theory]
    [InlineData(SafeTensorsReader.LargestHeader + 1)]
    [InlineData(100_000_000)]
    public void A_header_longer_than_any_honest_one(int length)
    {
        RawSafeTensors.Write(_folder["x"], "", zeros: length, headerLength: length);
        var e = Assert.Throws<LatentException>(() => SafeTensors.Read(_folder["x"]));
        Assert.Contains($"2 to {SafeTensorsReader.LargestHeader:N0} bytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_not_be_read_is_not_written()
    {
        var e = Assert.Throws<LatentException>(() => SafeTensors.Write(_folder["x"], [], [new("x", new string('x', 17 << 20))]));
        Assert.Contains("is not written", e.Message, StringComparison.Ordinal);
        var texts = Enumerable.Range(0, SafeTensorsReader.MostNames + 1).Select(i => KeyValuePair.Create($"{i}", ""));
        e = Assert.Throws<LatentException>(() => SafeTensors.Write(_folder["x"], [], texts));
        Assert.Contains("is not written", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["x"]));
        SafeTensors.Write(_folder["x"], [], [new("x", new string('x', 8_000_000))]);
        Assert.Equal(8_000_000, SafeTensors.Read(_folder["x"]).Metadata["x"].Length);
    }

    [Fact]
    public void A_tensor_is_read_when_it_is_asked_for()
    {
        string header =
            """{"large":{"dtype":"U8","shape":[2000000000],"data_offsets":[0,2000000000]},"big":{"dtype":"F32","shape":[500000000],"data_offsets":[2000000000,4000000000]},"small":{"dtype":"F32","shape":[2,1],"data_offsets":[4000000000,4000000008]}}""";
        RawSafeTensors.Write(_folder["x"], header, zeros: 4_000_000_008);
        using (var file = File.OpenWrite(_folder["x"]))
        {
            file.Position = file.Length - 4;
            file.Write(BitConverter.GetBytes(1.5f));
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        SafeTensors.Read(
            _folder["x"],
            file =>
            {
                Assert.Equal(["large", "big", "small"], file.Tensors.Keys);
                Assert.Equal<int>([500_000_000], file.Tensors["big"].Shape);
                Assert.Equal([0, 1.5f], file.Read("small").ToFloats());
                var floats = new float[2];
                file.ReadFloats("small", floats);
                Assert.Equal([0, 1.5f], floats);
                Assert.Contains("500000000 of F32", Message(() => file.ReadFloats("big", new float[3])), StringComparison.Ordinal);
                Assert.Contains("of U8", Message(() => file.ReadFloats("large", new float[3])), StringComparison.Ordinal);
                Assert.Contains("no tensor 'none'", Message(() => file.Read("none")), StringComparison.Ordinal);
                return 0;
            }
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);

        static string Message(Action read) => Assert.Throws<LatentException>(read).Message;
    }

    [Fact]
    public void A_truncated_file_is_told_with_its_size_and_the_one_it_should_have()
    {
        SafeTensors.Write(_folder["good"], [new("a", Tensor.FromFloats([1, 2, 3], 3)), new("b", Tensor.FromBytes([1, 2], 2, 1))]);
        byte[] good = File.ReadAllBytes(_folder["good"]);
        string message = Message(good[..^10]);
        Assert.Contains($"a file of at least {good.Length} bytes", message, StringComparison.Ordinal);
        Assert.Contains($"{good.Length - 10}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_JSON() =>
        Refuses("no valid JSON", $$$"""{"a":{"x":{{{new string('[', 100_000)}}}{{{new string(']', 100_000)}}}}}""", 0);

    [Theory]
    [InlineData("\u0089HDF\r\n\u001a\n", "an HDF5 file")]
    [InlineData("PK\u0003\u0004aaaa", "a zip file")]
    [InlineData("\u0093NUMPY\u0001\0", "a NumPy array")]
    public void Other_formats_are_named(string start, string format) =>
        Assert.Contains(format, Message([.. Encoding.Latin1.GetBytes(start), .. new byte[50]]), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there() =>
        Assert.Contains(
            "There is no file",
            Assert.Throws<LatentException>(() => SafeTensors.Read(_folder["none"])).Message,
            StringComparison.Ordinal
        );

    /// <summary>One byte changed or the end cut off: either it reads, or it says why not. Nothing else is thrown.</summary>
    [Fact]
    public void Damage_is_never_a_crash()
    {
        SafeTensors.Write(_folder["good"], [new("a", Tensor.FromFloats([1, 2, 3], 3)), new("b", Tensor.FromBytes([1, 2], 2, 1))]);
        byte[] good = File.ReadAllBytes(_folder["good"]);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length])
            .Sample(
                (at, value, length) =>
                {
                    byte[] bad = [.. good];
                    bad[at] = value;
                    string path = Put(length % 2 == 0 ? bad : bad[..length]);
                    try
                    {
                        SafeTensors.Read(path);
                    }
                    catch (LatentException) { }
                },
                iter: 2000,
                threads: 1
            );
    }

    [Fact]
    public void Other_numbers_than_floats_and_bytes_are_not_turned_into_floats() =>
        Assert.Contains(
            "F32 or U8",
            Assert.Throws<LatentException>(() => new Tensor("I64", [1], new byte[8]).ToFloats()).Message,
            StringComparison.Ordinal
        );
}
