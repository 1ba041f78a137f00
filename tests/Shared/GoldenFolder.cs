using System.Text.Json;

namespace Latent.Tests.Shared;

/// <summary>
/// The numbers of real Keras (tests/golden, see its README). LATENT_GOLDEN names another folder that holds golden/ and parity/. Everything is
/// found by looking: what is missing is no case.
/// </summary>
internal static class GoldenFolder
{
    /// <summary>The folder that holds golden/ and parity/.</summary>
    public static string Root { get; } =
        Environment.GetEnvironmentVariable("LATENT_GOLDEN") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Repository.Root, "tests", "golden");

    /// <summary>The path of a file in it.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>The names of the files of a subfolder that fit a pattern, sorted; none where there is no such folder.</summary>
    public static IEnumerable<string> Names(string subfolder, string pattern)
    {
        string folder = PathOf(subfolder);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>The entries of the array in a file of parity/; none where there is no such file.</summary>
    public static IReadOnlyList<JsonElement> Entries(string file)
    {
        string path = PathOf("parity", file);
        return File.Exists(path) && Json(path) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];
    }

    /// <summary>A JSON file's root.</summary>
    public static JsonElement Json(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    /// <summary>An array of numbers; a NaN is written "NaN".</summary>
    public static double[] Numbers(JsonElement array) =>
        [.. array.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String ? double.Parse(e.GetString()!) : e.GetDouble())];
}
