using Latent.Bench.Reporting;

namespace Latent.Bench.Sides;

/// <summary>The other sides: each a small program of its own under bench/peers, built when the bench is asked to.</summary>
internal static class Peers
{
    public const string TunedTorch = "TorchSharp, tuned",
        Onnx = "ONNX Runtime";

    /// <summary>Those that can be built or found here; the report says of the others why not.</summary>
    public static IReadOnlyList<SideProgram> Find(Report report) => [.. TorchSharp(report), .. OnnxRuntime(report), .. PyTorch(report)];

    private static IEnumerable<SideProgram> TorchSharp(Report report) =>
        Build(report, "TorchSharp") is { } program
            ? [new("TorchSharp", "dotnet", [program, "user"], Trains: true), new(TunedTorch, "dotnet", [program, "tuned"], Trains: true)]
            : [];

    private static IEnumerable<SideProgram> OnnxRuntime(Report report) =>
        Build(report, "OnnxRuntime") is { } program ? [new(Onnx, "dotnet", [program], Trains: false)] : [];

    private static IEnumerable<SideProgram> PyTorch(Report report)
    {
        string script = Path.Combine(Clone.Root, "bench", "peers", "PyTorch", "peer.py");
        string reason = "";
        foreach (string python in (string[])["python3", "/usr/bin/python3"])
        {
            var (code, _, error) = Command.Run(python, ["-c", "import torch"]);
            if (code == 0)
                return
                [
                    new("PyTorch", python, [script, "user"], Trains: true),
                    new("PyTorch, tuned", python, [script, "tuned"], Trains: true),
                ];
            reason = error.TrimEnd().Split('\n')[^1];
        }
        report.LeftOut("PyTorch", $"no python3 here has torch ({reason})");
        return [];
    }

    private static string? Build(Report report, string name)
    {
        string project = Path.Combine(Clone.Root, "bench", "peers", name);
        Console.Error.WriteLine($"building {name} …");
        var (code, output, error) = Command.Run("dotnet", ["build", project, "-c", "Release", "-v", "quiet", "--nologo"]);
        if (code == 0)
            return Path.Combine(project, "bin", "Release", "net10.0", $"{name}Peer.dll");
        string all = output + error;
        report.LeftOut(name, $"it cannot be built: {all.Split('\n').FirstOrDefault(line => line.Contains("error")) ?? all.Trim()}");
        return null;
    }
}
