namespace Latent.Analysis;

/// <summary>
/// How often each symbol of one number of the codes has come, as counts that coder and decoder keep alike: nothing of it is in a file. Whole
/// numbers only. A Fenwick tree holds the cumulative counts.
/// </summary>
internal sealed class AdaptiveModel
{
    private const uint Increment = 24;
    private const uint MostTotal = 1 << 18;

    private readonly uint[] _tree;
    private readonly uint[] _counts;
    private readonly int _highest; // the highest power of two in the number of symbols

    /// <param name="symbols">A power of two, 2 to 4,096.</param>
    public AdaptiveModel(int symbols)
    {
        (_counts, _tree, _highest) = (new uint[symbols], new uint[symbols + 1], symbols);
        // codes are dense in the middle of their range: a hump to begin with, which the first some hundred symbols outweigh
        for (int i = 0; i < symbols; i++)
        {
            uint toEdge = (uint)Math.Min(i, symbols - 1 - i) * 16 / (uint)symbols; // 0 to 7
            Add(i, 1 + toEdge * toEdge / 8);
        }
    }

    /// <summary>The sum of all counts, at most 2¹⁸ and some.</summary>
    public uint Total { get; private set; }

    /// <summary>The sum of the counts below a symbol, and its own.</summary>
    public (uint Below, uint Count) Of(int symbol)
    {
        uint below = 0;
        for (int i = symbol; i > 0; i &= i - 1)
            below += _tree[i];
        return (below, _counts[symbol]);
    }

    /// <summary>The symbol whose counts a number falls among.</summary>
    /// <param name="target">Below <see cref="Total"/>.</param>
    public int Find(uint target)
    {
        int at = 0;
        for (int step = _highest; step > 0; step >>= 1)
        {
            int next = at + step;
            if (next < _tree.Length && _tree[next] <= target)
            {
                target -= _tree[next];
                at = next;
            }
        }
        return Math.Min(at, _counts.Length - 1);
    }

    /// <summary>Says that a symbol came.</summary>
    public void Update(int symbol)
    {
        Add(symbol, Increment);
        if (Total > MostTotal)
            Halve();
    }

    private void Halve()
    {
        uint[] counts = [.. _counts];
        Array.Clear(_tree);
        Array.Clear(_counts);
        Total = 0;
        for (int i = 0; i < counts.Length; i++)
            Add(i, (counts[i] + 1) / 2);
    }

    private void Add(int symbol, uint count)
    {
        _counts[symbol] += count;
        Total += count;
        for (int i = symbol + 1; i < _tree.Length; i += i & -i)
            _tree[i] += count;
    }
}
