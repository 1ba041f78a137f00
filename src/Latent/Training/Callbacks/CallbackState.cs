using System.Globalization;

namespace Latent.Training;

/// <summary>What a callback remembers, by name: texts (numbers are written without loss) and arrays of floats.</summary>
public sealed class CallbackState
{
    private readonly SortedDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, float[]> _arrays = new(StringComparer.Ordinal);

    /// <summary>All texts and numbers.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>All arrays.</summary>
    public IReadOnlyDictionary<string, float[]> Arrays => _arrays;

    /// <summary>Keeps a text; null is the same as not keeping it.</summary>
    public void Set(string name, string? value)
    {
        if (value is null)
            _texts.Remove(name);
        else
            _texts[name] = value;
    }

    /// <summary>Keeps a whole number.</summary>
    public void Set(string name, long value) => _texts[name] = value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Keeps a number with all its bits; null is the same as not keeping it.</summary>
    public void Set(string name, double? value) => Set(name, value?.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Keeps a copy of an array.</summary>
    public void Set(string name, ReadOnlySpan<float> values) => _arrays[name] = values.ToArray();

    /// <summary>A text, or null.</summary>
    public string? Text(string name) => _texts.GetValueOrDefault(name);

    /// <summary>A whole number; 0 where there is none.</summary>
    public long Whole(string name) => Text(name) is string text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    /// <summary>A number, or null.</summary>
    public double? Number(string name) => Text(name) is string text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>An array, or null.</summary>
    public float[]? Array(string name) => _arrays.GetValueOrDefault(name);
}
