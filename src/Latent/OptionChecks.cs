namespace Latent;

/// <summary>Collects what is wrong with the options of one thing, a sentence each. The comparisons are written so that NaN fails them.</summary>
internal sealed class OptionChecks(string owner, ICollection<string> problems)
{
    public void AtLeast(string name, long value, long least)
    {
        if (value < least)
            Add(name, $"must be at least {least}; it is {value}.");
    }

    /// <summary>Both sides of a window, a stride or the like, at least 1.</summary>
    public void AtLeastOne(string name, int height, int width)
    {
        if (height < 1 || width < 1)
            Add(name, $"must be at least 1 in both directions; it is ({height}, {width}).");
    }

    public void Known<T>(string name, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            Add(name, $"must be one of {string.Join(", ", Enum.GetNames<T>())}; it is {value}.");
    }

    public void Finite(string name, double value)
    {
        if (!double.IsFinite(value))
            Add(name, $"must be a finite number; it is {value}.");
    }

    public void Positive(string name, double value)
    {
        if (!(value > 0) || !double.IsFinite(value))
            Add(name, $"must be a number above 0; it is {value}.");
    }

    public void NotNegative(string name, double value)
    {
        if (!(value >= 0) || !double.IsFinite(value))
            Add(name, $"must be a number of at least 0; it is {value}.");
    }

    /// <summary>From 0 to below 1: what decays.</summary>
    public void Part(string name, double value)
    {
        if (!(value >= 0 && value < 1))
            Add(name, $"must be at least 0 and below 1; it is {value}.");
    }

    /// <summary>From 0 to 1, both included.</summary>
    public void Inside(string name, double value)
    {
        if (!(value >= 0 && value <= 1))
            Add(name, $"must lie from 0 to 1; it is {value}.");
    }

    /// <summary>Something of its own.</summary>
    /// <param name="name">The option.</param>
    /// <param name="problem">The rest of the sentence: "must …; it is …."</param>
    public void Add(string name, string problem) => problems.Add($"{owner}.{name} {problem}");
}
