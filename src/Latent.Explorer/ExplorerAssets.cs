using System.Text;

namespace Latent.Explorer;

/// <summary>
/// The explorer's modules and style, as they lie in this assembly: what a server gives a browser, and what a page holds itself. Thread-safe.
/// </summary>
public static class ExplorerAssets
{
    private const string Folder = "web/";

    private static readonly Dictionary<string, byte[]> s_files = Read();
    private static readonly Lazy<byte[]> s_module = new(() => Encoding.UTF8.GetBytes(JoinedScript.Module("explorer.js", Text)));

    /// <summary>The names of all files, in order: explorer.css, explorer.js, ….</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_files.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// The explorer as one module, UTF-8, which exports what its modules do, 'mount' above all: a page that takes it asks for one file and not
    /// for each.
    /// </summary>
    public static ReadOnlyMemory<byte> Module => s_module.Value;

    /// <summary>The bytes of a file; null where there is none of this name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static ReadOnlyMemory<byte>? Find(string name) =>
        s_files.TryGetValue(name, out byte[]? bytes) ? (ReadOnlyMemory<byte>?)bytes : null;

    /// <summary>The text of a file, its lines ended by one character.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    internal static string Text(string name) => Encoding.UTF8.GetString(s_files[name]).ReplaceLineEndings("\n");

    private static Dictionary<string, byte[]> Read()
    {
        var assembly = typeof(ExplorerAssets).Assembly;
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files.Add(resource[Folder.Length..], bytes);
        }
        return files;
    }
}
