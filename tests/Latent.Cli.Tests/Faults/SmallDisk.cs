using System.Diagnostics;

namespace Latent.Cli.Tests.Faults;

/// <summary>A disk of a few kilobytes, in memory (tmpfs). Skips the test where mounting is not allowed.</summary>
internal sealed class SmallDisk : IDisposable
{
    /// <summary>What a file takes at least, and its size is rounded up to.</summary>
    public const int Page = 4096;

    private SmallDisk(string path) => Path = path;

    /// <summary>The folder that it is mounted on.</summary>
    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Mounts it on a folder, which is made.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="pages">Its size.</param>
    public static SmallDisk Mount(string path, long pages)
    {
        Directory.CreateDirectory(path);
        SkipUnless("mount", "-t", "tmpfs", "-o", $"size={pages * Page}", "latent-test", path);
        return new(path);
    }

    /// <summary>Gives it another size, which is not smaller than what it holds.</summary>
    public void Resize(long pages) => Must("mount", "-o", $"remount,size={pages * Page}", Path);

    /// <summary>Writes a file into it until so many pages are free.</summary>
    public void Fill(long free = 0)
    {
        long room = Free - free;
        using var file = new FileStream(this["others"], FileMode.Append);
        for (; room > 0; room--)
            file.Write(new byte[Page]);
    }

    public void MakeRoom() => File.Delete(this["others"]);

    public long Free => new DriveInfo(Path).AvailableFreeSpace / Page;

    public void Dispose() => Must("umount", "--lazy", Path);

    /// <summary>Runs a command that needs rights which not everybody has.</summary>
    public static void SkipUnless(params string[] command)
    {
        var (code, error) = Do(command);
        Assert.SkipUnless(code == 0, $"{string.Join(' ', command)}: {error}");
    }

    public static void Must(params string[] command)
    {
        var (code, error) = Do(command);
        Assert.True(code == 0, $"{string.Join(' ', command)}: {error}");
    }

    private static (int Code, string Error) Do(string[] command)
    {
        if (!OperatingSystem.IsLinux())
            return (1, "for Linux");
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        string error = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
