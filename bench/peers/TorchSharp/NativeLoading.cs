using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Latent.Bench.Peers;

/// <summary>
/// Lets TorchSharp's native library load on systems older than its compiler (Debian 12, Ubuntu 22.04). The library asks for a version of
/// libstdc++ that these lack, but for a symbol that nothing calls: with the request marked as weak, in a copy in memory, it loads.
/// </summary>
internal static partial class NativeLoading
{
    private const string Bridge = "libLibTorchSharp.so",
        Version = "GLIBCXX_3.4.32",
        SymbolOfVersion = "_ZSt21ios_base_library_initv";

    /// <summary>Must run before the first use of torch.</summary>
    public static void Prepare()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || SystemIsNewEnough())
            return;
        byte[] library = File.ReadAllBytes(Find(Bridge));
        if (!WeakVersions.Mark(library, Version))
            return;
        // What the bridge needs is found by name among the libraries that are loaded already.
        foreach (string needed in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
            NativeLibrary.Load(Find(needed));
        nint handle = LoadFromMemory(library);
        NativeLibrary.SetDllImportResolver(Assembly.Load("TorchSharp"), (name, _, _) => name == "LibTorchSharp" ? handle : 0);
    }

    private static bool SystemIsNewEnough() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out nint system) && NativeLibrary.TryGetExport(system, SymbolOfVersion, out _);

    private static string Find(string name)
    {
        string[] folders =
        [
            .. ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"),
        ];
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException($"{name} is in none of {string.Join(", ", folders)}");
    }

    // A file that has no name: nothing is written to a disk, and nothing stays.
    private static nint LoadFromMemory(byte[] library)
    {
        int descriptor = CreateMemoryFile(Bridge, 0);
        if (descriptor < 0)
            throw new DllNotFoundException($"there is no file in memory for {Bridge} (error {Marshal.GetLastPInvokeError()})");
        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(file, library, 0);
        return NativeLibrary.Load($"/proc/self/fd/{descriptor}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
