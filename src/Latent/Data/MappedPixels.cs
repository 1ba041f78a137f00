using System.IO.MemoryMappedFiles;

namespace Latent.Data;

/// <summary>
/// The bytes of a file in the process's address space, where the system brings in what is read and drops what is not: more than there is
/// memory. A file stays mapped to the end of the process, since spans of it may be held anywhere; one that is mapped already is shared.
/// </summary>
internal sealed unsafe class MappedPixels
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<string, MappedPixels> s_mapped = new(StringComparer.Ordinal);

    private readonly MemoryMappedFile _file; // kept, so that neither is closed
    private readonly MemoryMappedViewAccessor _view;

    private MappedPixels(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete),
            null,
            0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            leaveOpen: false
        );
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Pointer = pointer + _view.PointerOffset;
    }

    public byte* Pointer { get; }

    /// <exception cref="LatentException">There is no such file, it may not be read, or it is shorter than wanted.</exception>
    public static MappedPixels Open(string path, long length)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Length < length)
                throw new LatentException($"'{path}' is too short.", $"at least {length:N0} bytes", $"{file.Length:N0}");
            string key = $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}";
            lock (s_lock)
                return s_mapped.TryGetValue(key, out var mapped) ? mapped : s_mapped[key] = new(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"'{path}' cannot be read.", "a file that exists and may be read", e.Message, inner: e);
        }
    }
}
