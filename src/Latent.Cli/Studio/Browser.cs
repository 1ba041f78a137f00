using System.ComponentModel;
using System.Diagnostics;

namespace Latent.Cli.Studio;

/// <summary>The browser of the person at this machine.</summary>
internal static class Browser
{
    /// <summary>Has the system open an address; false where there is no display or nothing to open it with.</summary>
    public static bool TryOpen(Uri address)
    {
        if (OperatingSystem.IsLinux() && !HasDisplay())
            return false;
        try
        {
            using var started = Process.Start(Command(address.AbsoluteUri));
            if (started is { StartInfo.UseShellExecute: false })
            {
                // what the browser says is not ours to print
                started.OutputDataReceived += (_, _) => { };
                started.ErrorDataReceived += (_, _) => { };
                started.BeginOutputReadLine();
                started.BeginErrorReadLine();
            }
            return true;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or FileNotFoundException)
        {
            return false;
        }
    }

    private static bool HasDisplay() =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY"))
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"));

    private static ProcessStartInfo Command(string address) =>
        OperatingSystem.IsWindows()
            ? new(address) { UseShellExecute = true }
            : new(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [address])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
}
