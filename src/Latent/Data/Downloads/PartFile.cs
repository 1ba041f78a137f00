using System.Security.Cryptography;

namespace Latent.Data.Downloads;

/// <summary>The beginning of a file that is being fetched, under its name with .part behind it. It outlives the process.</summary>
internal sealed class PartFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly string _target;

    /// <param name="target">The path of the whole file.</param>
    /// <param name="size">How long it will be; a longer part is not one of it.</param>
    public PartFile(string target, long size)
    {
        (_target, Size) = (target, size);
        // without a buffer: what was given is with the system, even if this process is killed
        _stream = new(PathOf(target), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (Length > Size)
            Clear();
        _stream.Position = Length;
    }

    public long Size { get; }

    public long Length => _stream.Length;

    public bool IsComplete => Length == Size;

    public static string PathOf(string target) => target + ".part";

    /// <summary>Adds bytes.</summary>
    /// <exception cref="LatentException">They cannot be written: the disk is full.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (IOException e)
        {
            throw new LatentException(
                $"'{_stream.Name}' cannot be written.",
                $"a disk with room for {Size - Length:N0} bytes more",
                e.Message,
                "make room and give the same command again, which goes on from there; or take another disk for the cache: XDG_CACHE_HOME=FOLDER",
                e
            );
        }
    }

    public void Clear() => _stream.SetLength(_stream.Position = 0);

    /// <summary>SHA-256 of what the disk has, in lower-case hex.</summary>
    public async Task<string> HashAsync(CancellationToken cancellation)
    {
        _stream.Position = 0;
        byte[] hash = await SHA256.HashDataAsync(_stream, cancellation).ConfigureAwait(false);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Gives the file its name. The part is closed.</summary>
    public void Finish()
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(PathOf(_target), _target, overwrite: true);
    }

    /// <summary>Closes the part; an empty one is removed.</summary>
    public void Dispose()
    {
        bool empty = _stream.CanRead && Length == 0;
        _stream.Dispose();
        if (empty)
            File.Delete(PathOf(_target));
    }
}
