using System.Collections;

namespace Latent.Bench.Sides;

/// <summary>The sides of a table, ours first; they end together.</summary>
internal sealed class SideGroup(IReadOnlyList<SideProcess> sides) : IReadOnlyList<SideProcess>, IDisposable
{
    public int Count => sides.Count;

    public SideProcess this[int index] => sides[index];

    /// <summary>The most memory that each held so far, by name.</summary>
    public IReadOnlyDictionary<string, long?> Peaks =>
        sides.ToDictionary(side => side.Program.Name, side => side.Peak, StringComparer.Ordinal);

    public IEnumerator<SideProcess> GetEnumerator() => sides.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (var side in sides)
            side.Dispose();
    }
}
