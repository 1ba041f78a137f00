using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace Latent.Analysis;

/// <summary>
/// The names of an archive: relative paths with / between their parts, in any script. Only such are taken and given back as are below the
/// folder that they are unpacked into, on any system.
/// </summary>
internal static class ArchiveNames
{
    /// <summary>Bytes of UTF-8.</summary>
    public const int LongestName = 2048;

    private const int LongestPart = 250; // of 255 bytes that file systems have, some for the ending
    private const int MostBytes = 1 << 24; // of one block

    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> s_refused = SearchValues.Create("\\:*?\"<>|");
    private static readonly string[] s_devices =
    [
        "CON",
        "PRN",
        "AUX",
        "NUL",
        .. Enumerable.Range(0, 10).SelectMany(i => (string[])[$"COM{i}", $"LPT{i}"]),
    ];

    /// <summary>Why a name cannot be; null where it can.</summary>
    public static string? Problem(string name)
    {
        if (name.Length == 0)
            return "an empty name";
        if (!IsUnicode(name))
            return "a name that is no valid Unicode";
        if (s_utf8.GetByteCount(name) > LongestName)
            return $"a name of more than {LongestName:N0} bytes";
        if (name[0] == '/' || (name.Length > 1 && name[1] == ':'))
            return "an absolute path";
        foreach (string part in name.Split('/'))
        {
            if (part is "" or "." or "..")
                return part == ".." ? "a path that leads out of the folder" : "a path with a part that is empty or '.'";
            if (part.AsSpan().ContainsAny(s_refused) || part.Any(char.IsControl))
                return "a name with a character that some systems do not allow: a control character, \\ : * ? \" < > |";
            if (part[^1] is '.' or ' ')
                return "a part of a path that ends with a full stop or a space";
            if (s_devices.Contains(part.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase))
                return "a name that is a device on some systems";
            if (s_utf8.GetByteCount(part) > LongestPart)
                return $"a part of a path of more than {LongestPart} bytes";
        }
        return null;
    }

    /// <summary>Names as bytes: what each shares with the one before at both its ends, and what is between, packed by zlib.</summary>
    public static byte[] Pack(IReadOnlyList<string> names)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var writer = new BinaryWriter(stream))
        {
            byte[] before = [];
            foreach (string name in names)
            {
                byte[] bytes = s_utf8.GetBytes(name);
                int start = bytes.AsSpan().CommonPrefixLength(before);
                int most = Math.Min(bytes.Length, before.Length) - start;
                int end = 0;
                while (end < most && bytes[^(end + 1)] == before[^(end + 1)])
                    end++;
                writer.Write7BitEncodedInt(start);
                writer.Write7BitEncodedInt(end);
                writer.Write7BitEncodedInt(bytes.Length - start - end);
                writer.Write(bytes, start, bytes.Length - start - end);
                before = bytes;
            }
        }
        return packed.ToArray();
    }

    /// <summary>The names again.</summary>
    /// <exception cref="LatentException">The bytes are not so many names, or one of them cannot be.</exception>
    public static string[] Unpack(byte[] packed, int count)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
            using var reader = new BinaryReader(stream);
            var names = new List<string>();
            byte[] before = [];
            long all = 0;
            while (names.Count < count)
            {
                int start = reader.Read7BitEncodedInt(),
                    end = reader.Read7BitEncodedInt(),
                    own = reader.Read7BitEncodedInt();
                bool fits =
                    start >= 0
                    && end >= 0
                    && own is >= 0 and <= LongestName
                    && (long)start + end <= before.Length
                    && start + end + own <= LongestName;
                if (!fits || (all += start + end + own) > MostBytes)
                    throw Damaged("lengths that cannot be");
                byte[] middle = reader.ReadBytes(own);
                if (middle.Length < own)
                    throw Damaged("fewer names than it has images");
                byte[] bytes = [.. before.AsSpan(0, start), .. middle, .. before.AsSpan(before.Length - end)];
                string name = s_utf8.GetString(bytes);
                if (Problem(name) is { } problem)
                    throw new LatentException(
                        $"The archive has a name that is not written: '{Shown.Of(name)}'.",
                        "relative paths that stay in the folder",
                        problem,
                        "nothing was written; get the file from someone you trust"
                    );
                names.Add(name);
                before = bytes;
            }
            return [.. names];
        }
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException or DecoderFallbackException)
        {
            throw Damaged("bytes that are no names", e);
        }
    }

    /// <summary>Whether so many names of so many bytes are one block.</summary>
    public static bool Fit(long bytes) => bytes <= MostBytes / 4;

    private static bool IsUnicode(string name)
    {
        try
        {
            return s_utf8.GetByteCount(name) > 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static LatentException Damaged(string received, Exception? inner = null) =>
        new("The names in the archive are damaged.", "a name for each image", received, "get the file again", inner);
}
