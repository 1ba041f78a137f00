namespace Latent.Analysis;

/// <summary>
/// A range coder (Martin, 1979) that writes bytes and carries into those already written: whole numbers only, so the same bytes on any machine.
/// </summary>
internal sealed class RangeEncoder
{
    private const uint Least = 1 << 24;

    private readonly List<byte> _bytes = [];
    private ulong _low;
    private uint _range = uint.MaxValue;
    private byte _held; // the last byte, to which a carry may still be added
    private long _waiting = 1; // it and the bytes of 255 behind it

    /// <summary>Writes one symbol.</summary>
    /// <param name="symbol">0 to the model's symbols − 1.</param>
    /// <param name="model">How often each comes; learns of this one.</param>
    public void Write(int symbol, AdaptiveModel model)
    {
        var (below, count) = model.Of(symbol);
        _range /= model.Total;
        _low += (ulong)below * _range;
        _range *= count;
        while (_range < Least)
        {
            _range <<= 8;
            Shift();
        }
        model.Update(symbol);
    }

    /// <summary>All bytes; nothing may be written afterwards.</summary>
    public byte[] Finish()
    {
        for (int i = 0; i < 5; i++)
            Shift();
        // the decoder reads zeros behind the end
        int length = _bytes.Count;
        while (length > 1 && _bytes[length - 1] == 0)
            length--;
        return [.. _bytes[1..length]]; // the first byte is always 0
    }

    private void Shift()
    {
        if (_low is < 0xFF000000 or > uint.MaxValue)
        {
            byte carry = (byte)(_low >> 32);
            for (; _waiting > 0; _waiting--)
            {
                _bytes.Add((byte)(_held + carry));
                _held = 255;
            }
            _held = (byte)(_low >> 24);
        }
        _waiting++;
        _low = (_low & 0x00FFFFFF) << 8;
    }
}
