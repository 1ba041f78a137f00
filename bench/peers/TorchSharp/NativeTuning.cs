using System.Runtime.InteropServices;

namespace Latent.Bench.Peers;

/// <summary>
/// What makes libtorch faster on Linux from outside: glibc keeps large blocks instead of giving them back to the system after each operation,
/// and OpenMP's threads do not spin long.
/// </summary>
internal static partial class NativeTuning
{
    private const int TrimThreshold = -1,
        TopPad = -2,
        MmapThreshold = -3;

    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
            return;
        _ = SetEnvironment("GOMP_SPINCOUNT", "1000", 0); // .NET's own call does not reach native code
        _ = SetMalloc(MmapThreshold, 1 << 30);
        _ = SetMalloc(TrimThreshold, -1);
        _ = SetMalloc(TopPad, 256 << 20);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMalloc(int parameter, int value);
}
