using System.Globalization;

namespace Latent.Bench.Sides;

/// <summary>The most memory that a process ever held at once (Linux's VmHWM).</summary>
internal static class PeakMemory
{
    /// <summary>In bytes; null where the process is gone or the system does not tell.</summary>
    public static long? Of(int process)
    {
        try
        {
            foreach (string line in File.ReadLines($"/proc/{process}/status"))
            {
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                    return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            }
        }
        catch (IOException)
        {
            // it has ended
        }
        return null;
    }
}
