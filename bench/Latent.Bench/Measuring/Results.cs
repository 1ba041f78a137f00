namespace Latent.Bench.Measuring;

/// <summary>What the contestants of a table came to, in their order; those that failed are missing.</summary>
internal sealed class Results(IReadOnlyList<(string Name, Round Round)> rows)
{
    public IReadOnlyList<(string Name, Round Round)> Rows => rows;

    public Round? Of(string name) => rows.FirstOrDefault(row => row.Name == name).Round;

    /// <summary>How many times as fast the first is as the second; null where one of them is missing.</summary>
    public double? Speed(string name, string other) => Of(name) is { } one && Of(other) is { } two ? one.Speed(two) : null;
}
