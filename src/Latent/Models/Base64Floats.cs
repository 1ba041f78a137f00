using System.Runtime.InteropServices;
using Latent.Networks;

namespace Latent.Models;

/// <summary>Floats in a model's metadata: the base64 of their bytes, little-endian, a third of what digits would need.</summary>
internal static class Base64Floats
{
    public static string Text(ReadOnlySpan<float> numbers) => Convert.ToBase64String(MemoryMarshal.AsBytes(numbers));

    /// <summary>The floats of a property; null where its text is no base64, or not of whole floats.</summary>
    /// <exception cref="LatentException">There is no such property, or it is no text.</exception>
    public static float[]? Read(JsonReader json, string name)
    {
        string text = json.Text(name);
        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(text, bytes, out int length) && length % sizeof(float) == 0
            ? MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, length)).ToArray()
            : null;
    }
}
