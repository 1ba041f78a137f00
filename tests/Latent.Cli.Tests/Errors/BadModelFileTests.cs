using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Errors;

/// <summary>Model files that are damaged or were made to do harm, given to the program.</summary>
public sealed class BadModelFileTests : IDisposable
{
    private const long MostMemory = 200 << 20;
    private static readonly TimeSpan s_mostWork = TimeSpan.FromSeconds(3); // beside a good file's; about half a second is usual
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder["model.safetensors"];

    private static string Entry(string name, int shape, long start, long end) =>
        $$"""{{name}}:{"dtype":"F32","shape":[{{shape}}],"data_offsets":[{{start}},{{end}}]}""";

    /// <summary>What each file is, and what its message says.</summary>
    private string Make(string what)
    {
        const int most = SafeTensorsReader.LargestHeader;
        return what switch
        {
            "many tensors" => Raw(RawSafeTensors.Fill(most, "{", i => Entry($"\"{i:x}\"", 0, 0, 0), "}")),
            "many texts" => Raw(RawSafeTensors.Fill(most, "{\"__metadata__\":{", i => $"\"{i:x}\":\"\"", "}}")),
            "long names" => Raw(
                RawSafeTensors.Fill(most, "{", i => Entry($"\"{i:x}{new string('z', 150)}\"", 0, 0, 0), "}") // fewer than are too many
            ),
            "one long name" => Raw($"{{\"{new string('a', most - 100)}\":{{}}}}"),
            "a description of many elements" => RawSafeTensors.WriteModel(
                Path,
                RawSafeTensors.Fill(1_000_000, "{\"name\":\"x\",\"layers\":[", _ => "[]", "]}"),
                "{}",
                []
            ),
            "many layers" => RawSafeTensors.WriteModel(Path, Layers("encoder"), Layers("decoder"), []),
            "a header of 4 GB" => RawSafeTensors.Write(Path, "{", zeros: 1L << 32, headerLength: (1L << 32) - 100),
            "tensors of 4 GB" => Raw(
                $"{{{Entry("\"encoder/conv2d/kernel\"", 500_000_000, 0, 2_000_000_000)},{Entry("\"b\"", 500_000_000, 2_000_000_000, 4_000_000_000)}}}",
                4_000_000_000
            ),
            _ => throw new ArgumentException(what),
        };

        string Raw(string header, long zeros = 0) => RawSafeTensors.Write(Path, header, zeros);

        string Layers(string name) =>
            RawSafeTensors.Fill(
                1_000_000,
                $$"""{"name":"{{name}}","input":[4],"layers":[""",
                _ => """{"class_name":"Dense","config":{"units":4}}""",
                "]}"
            );
    }

    [Theory]
    [InlineData("many tensors", "too many tensors")]
    [InlineData("many texts", "too many texts")]
    [InlineData("long names", "is no model")]
    [InlineData("one long name", "has no type")]
    [InlineData("a description of many elements", "Layer 1")]
    [InlineData("many layers", "is missing")]
    [InlineData("a header of 4 GB", "is longer than Latent reads")]
    [InlineData("tensors of 4 GB", "is no model")]
    public void A_hostile_file_takes_little_time_and_memory(string what, string because)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the peak of a process's memory in /proc");
        new Autoencoder(Article.Encoder(2), Article.Decoder(2), seed: 1).Save(_folder["good"]);
        var good = Measure(_folder["good"]);
        Assert.Equal(0, good.Code);

        var bad = Measure(Make(what));
        Assert.True(bad.Code == 1, bad.Error);
        Assert.StartsWith("error: ", bad.Error);
        Assert.Contains(because, bad.Error);
        Assert.DoesNotContain("   at ", bad.Error);
        Assert.DoesNotContain("fault in Latent", bad.Error);
        Assert.InRange(bad.Error.Length, 1, 2000);
        Assert.InRange(bad.Memory, 1 << 20, MostMemory);
        Assert.InRange(bad.Work, TimeSpan.FromTicks(1), good.Work + s_mostWork);
    }

    private sealed record Measured(int Code, string Error, long Memory, TimeSpan Work);

    /// <summary>Runs the program with a file: its peak of memory in bytes, and the time that processors worked for it.</summary>
    private static Measured Measure(string file)
    {
        using var program = Process.Start(
            new ProcessStartInfo("dotnet", [System.IO.Path.Combine(AppContext.BaseDirectory, "Latent.Cli.dll"), "summary", file])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var error = new StringBuilder();
        program.ErrorDataReceived += (_, line) => error.AppendLine(line.Data);
        program.BeginErrorReadLine();
        program.BeginOutputReadLine();
        var clock = Stopwatch.StartNew();
        long memory = 0;
        var work = TimeSpan.Zero;
        do
        {
            try
            {
                memory = Math.Max(memory, PeakOf(program.Id));
                work = program.TotalProcessorTime;
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or Win32Exception) { } // it has ended meanwhile
            if (clock.Elapsed > TimeSpan.FromMinutes(2))
                program.Kill();
        } while (!program.WaitForExit(TimeSpan.FromMilliseconds(5)));
        program.WaitForExit(); // for the rest of its output
        return new(program.ExitCode, error.ToString(), memory, work);
    }

    /// <summary>The most memory that a process has had so far, in bytes; 0 while it ends.</summary>
    private static long PeakOf(int process)
    {
        string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) << 10;
    }

    /// <summary>Every command that opens a model says what is wrong with it, and leaves no output behind.</summary>
    [Theory]
    [InlineData("NaN", "holds NaN")]
    [InlineData("truncated", "truncated")]
    [InlineData("hostile", "too large")]
    [InlineData("unknown", "\\u001b[2Jlayer")]
    public void Every_command_says_it(string what, string because)
    {
        string run = Directory.CreateDirectory(_folder["run"]).FullName;
        string file = System.IO.Path.Combine(run, "model.safetensors");
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2), seed: 1);
        if (what == "NaN")
            model.Weights["decoder/conv2d_4/bias"][5] = float.NaN;
        model.Save(file);
        if (what == "truncated")
            File.WriteAllBytes(file, File.ReadAllBytes(file)[..^100]);
        string layer =
            what == "hostile"
                ? """{"class_name":"UpSampling2D","config":{"size":1000}}"""
                : """{"class_name":"\u001b[2Jlayer","config":{}}""";
        if (what is "hostile" or "unknown")
            RawSafeTensors.WriteModel(file, $$"""{"name":"encoder","input":[28,28,1],"layers":[{{layer}}]}""", "{}", []);

        string data = SmallData.Mnist(_folder["digits"], train: 20, test: 10);
        string codes = _folder["codes.npy"];
        Latent.Formats.Npy.Write(codes, [1, 2], 1, 2);
        string output = _folder["output"];
        foreach (
            string[] line in (string[][])
                [
                    ["summary", file],
                    ["summary", run],
                    ["reconstruct", run, data, "--out", output + ".png"],
                    ["encode", run, data, "--out", output + ".csv"],
                    ["decode", run, "1", "2", "--out", output + ".png"],
                    ["predict", run, "--part", "decoder", "--input", codes, "--output", output + ".npy"],
                    ["show", run, "--data", data],
                    ["train", data, "--init", run, "--latent", "2", "--out", output],
                ]
        )
        {
            string error = Program.Run(line).Failed();
            Assert.StartsWith("error: ", error);
            Assert.Contains(because, error);
            Assert.Contains(file, error);
            Assert.DoesNotContain("\u001b", error);
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path, "output*"));
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(run));
    }
}
