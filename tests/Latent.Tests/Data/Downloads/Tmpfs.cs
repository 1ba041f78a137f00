using System.Diagnostics;

namespace Latent.Tests.Data.Downloads;

/// <summary>A small disk of its own, where the machine allows it.</summary>
internal sealed class Tmpfs : IDisposable
{
    private Tmpfs(string path) => Path = path;

    public string Path { get; }

    public static Tmpfs Mount(string path, string size)
    {
        Directory.CreateDirectory(path);
        string? failure = OperatingSystem.IsLinux()
            ? Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path)
            : "this is not Linux";
        Assert.SkipWhen(failure is not null, $"no small disk can be mounted here: {failure}");
        return new(path);
    }

    public void Resize(string size) => Assert.Null(Run("mount", "-o", $"remount,size={size}", Path));

    public void Dispose() => Run("umount", Path);

    /// <summary>Null where it worked.</summary>
    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
            )!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{program}: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
