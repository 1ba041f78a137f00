using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Latent.Training;

namespace Latent.Images;

/// <summary>
/// Decoded pixels of folders, kept in files so that the same folder is decoded once. A file's name is a checksum of all that decides what is in
/// it: the names, sizes and times of the folder's files and how they are read. What was not used for a month is removed.
/// </summary>
internal sealed class PixelCache(string folder)
{
    private const int Version = 1;
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(30);

    /// <summary>Below the user's cache; null where the user has none.</summary>
    public static string? OfTheUser()
    {
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set : null;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return cache is null && home.Length == 0 ? null : Path.Combine(cache ?? Path.Combine(home, ".cache"), "latent", "folders");
    }

    /// <summary>What a folder's files and their reading come to.</summary>
    public static string KeyOf(string folder, IReadOnlyList<FolderFile>[] parts, FolderReading reading)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{Version}|{Path.GetFullPath(folder)}|{reading.Shape}|{reading.Fit}");
        var number = new byte[sizeof(long)];
        foreach (var part in parts)
        {
            Add($"{part.Count}");
            foreach (var file in part)
            {
                var info = new FileInfo(file.Path);
                Add(file.Name);
                AddNumber(info.Exists ? info.Length : -1);
                AddNumber(info.Exists ? info.LastWriteTimeUtc.Ticks : -1);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));

        void AddNumber(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            hash.AppendData(number);
        }
    }

    public string PixelsPath(string key) => Path.Combine(folder, key + ".pixels");

    private string ListPath(string key) => Path.Combine(folder, key + ".skipped");

    /// <summary>What was skipped when the pixels of a key were decoded, by the place among all files; null where they are not here.</summary>
    public Dictionary<int, string>? Find(string key)
    {
        try
        {
            if (!File.Exists(PixelsPath(key)) || !File.Exists(ListPath(key)))
                return null;
            File.SetLastWriteTimeUtc(ListPath(key), TimeProvider.System.GetUtcNow().UtcDateTime); // used
            var skipped = new Dictionary<int, string>();
            foreach (string line in File.ReadLines(ListPath(key)))
            {
                int tab = line.IndexOf('\t', StringComparison.Ordinal);
                if (tab < 0 || !int.TryParse(line.AsSpan(0, tab), out int at))
                    return null;
                skipped[at] = line[(tab + 1)..];
            }
            return skipped;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps what a decoding writes; the list of what it skipped is written last, so that pixels without one are none.</summary>
    /// <exception cref="LatentException">The cache cannot be written.</exception>
    public void Write(string key, Func<Stream, IReadOnlyDictionary<int, string>> decode)
    {
        Directory.CreateDirectory(folder);
        Prune();
        IReadOnlyDictionary<int, string> skipped = new Dictionary<int, string>();
        AtomicFile.Write(PixelsPath(key), stream => skipped = decode(stream));
        var text = new StringBuilder();
        foreach (var (at, reason) in skipped)
            text.Append($"{at}\t{reason.ReplaceLineEndings(" ")}\n");
        AtomicFile.WriteText(ListPath(key), text.ToString());
    }

    private void Prune()
    {
        var oldest = TimeProvider.System.GetUtcNow().UtcDateTime - s_kept;
        try
        {
            foreach (string list in Directory.EnumerateFiles(folder, "*.skipped").Where(path => File.GetLastWriteTimeUtc(path) < oldest))
            {
                File.Delete(Path.ChangeExtension(list, ".pixels"));
                File.Delete(list);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // another time
        }
    }
}
