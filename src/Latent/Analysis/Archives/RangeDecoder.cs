namespace Latent.Analysis;

/// <summary>Reads what a <see cref="RangeEncoder"/> wrote. Any bytes are symbols of some kind: it is the checksum that tells damage.</summary>
internal ref struct RangeDecoder
{
    private const uint Least = 1 << 24;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _next;
    private uint _code;
    private uint _range = uint.MaxValue;

    public RangeDecoder(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        for (int i = 0; i < 4; i++)
            _code = _code << 8 | NextByte();
    }

    /// <summary>Reads one symbol; the model learns of it.</summary>
    public int Read(AdaptiveModel model)
    {
        _range /= model.Total;
        int symbol = model.Find(Math.Min(_code / _range, model.Total - 1));
        var (below, count) = model.Of(symbol);
        _code -= below * _range;
        _range *= count;
        while (_range < Least)
        {
            _code = _code << 8 | NextByte();
            _range <<= 8;
        }
        model.Update(symbol);
        return symbol;
    }

    private byte NextByte() => _next < _bytes.Length ? _bytes[_next++] : (byte)0;
}
