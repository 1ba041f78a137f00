using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Latent.Bench.Sides;

namespace Latent.Bench.Reporting;

/// <summary>What the numbers were measured on.</summary>
internal sealed partial record Machine(string Processor, string Generation, string Caches, string Memory, string System, string Load)
{
    public static Machine Here()
    {
        var processor = Fields("/proc/cpuinfo");
        string family = processor.GetValueOrDefault("cpu family", "?"),
            model = processor.GetValueOrDefault("model", "?");
        string? generation = Zen(family, model);
        return new(
            $"{processor.GetValueOrDefault("model name", RuntimeInformation.ProcessArchitecture.ToString())} (family {family}, model {model}{(generation is null ? "" : $", {generation}")})",
            generation ?? $"family{family}-model{model}",
            string.Join(", ", CacheSizes()),
            $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:F0} GB",
            $"{Fields("/etc/os-release", '=').GetValueOrDefault("PRETTY_NAME", "").Trim('"')} ({RuntimeInformation.OSDescription})",
            File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "?"
        );
    }

    /// <summary>The name of a file of results: the day, the processor, the vectors.</summary>
    public string FileName(DateOnly day) =>
        $"{day:yyyy-MM-dd}-{NotInNames().Replace($"{Processor.Split('(')[0]} {Generation}".ToLowerInvariant(), "-").Trim('-')}-{Vectors}";

    public static string Vectors => OwnSide.Width >= 512 ? "avx512" : $"{OwnSide.Width}bit";

    public Table Describe(string commandLine)
    {
        var table = new Table("", "");
        table.Add("processor", Processor);
        table.Add("cores", $"{Environment.ProcessorCount}");
        table.Add("caches", Caches);
        table.Add("memory", Memory);
        table.Add("system", System);
        table.Add(".NET", Environment.Version.ToString());
        table.Add("vectors", $"{OwnSide.Width} bits");
        table.Add("load at the start", Load);
        table.Add("version of the clone", Commit());
        table.Add("command", $"`{commandLine}`");
        return table;
    }

    private static string Commit()
    {
        var (code, output, _) = Command.Run("git", ["describe", "--always", "--dirty"], Clone.Root);
        return code == 0 ? output.Trim() : "?";
    }

    /// <summary>AMD's numbers of family and model tell the generation; other makers' names do.</summary>
    private static string? Zen(string family, string model) =>
        (family, int.TryParse(model, CultureInfo.InvariantCulture, out int number) ? number : -1) switch
        {
            ("26", _) => "Zen 5",
            ("25", >= 0x10 and <= 0x1f or >= 0x60 and <= 0x7f or >= 0xa0 and <= 0xaf) => "Zen 4",
            ("25", _) => "Zen 3",
            ("23", >= 0x30) => "Zen 2",
            _ => null,
        };

    // As the processor itself tells it: virtual machines often hide the system's list.
    private static IEnumerable<string> CacheSizes()
    {
        if (!X86Base.IsSupported)
            yield break;
        if (X86Base.CpuId(0, 0).Ebx == 0x68747541) // "Auth" of AuthenticAMD
        {
            var (_, _, first, _) = X86Base.CpuId(unchecked((int)0x80000005), 0);
            var (_, _, second, third) = X86Base.CpuId(unchecked((int)0x80000006), 0);
            yield return $"L1 data {(uint)first >> 24} KB";
            yield return $"L2 {(uint)second >> 16:N0} KB";
            yield return $"L3 {((uint)third >> 18) / 2:N0} MB of the whole processor";
            yield break;
        }
        for (int index = 0; ; index++)
        {
            var (eax, ebx, ecx, _) = X86Base.CpuId(4, index);
            int type = eax & 31; // 1 data, 2 instructions, 3 both, 0 behind the last
            if (type == 0)
                yield break;
            long size = (((uint)ebx >> 22) + 1L) * (((ebx >> 12) & 1023) + 1) * ((ebx & 4095) + 1) * ((uint)ecx + 1L);
            if (type != 2)
                yield return $"L{(eax >> 5) & 7}{(type == 1 ? " data" : "")} {size / 1024:N0} KB";
        }
    }

    private static Dictionary<string, string> Fields(string path, char separator = ':')
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(path))
            return fields;
        foreach (string line in File.ReadLines(path))
        {
            if (line.Split(separator, 2) is [var name, var value])
                fields.TryAdd(name.Trim(), value.Trim());
        }
        return fields;
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotInNames();
}
