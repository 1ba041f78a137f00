namespace Latent.Formats.Archives;

/// <summary>The checksum of zip files (ISO 3309, polynomial EDB88320, reflected).</summary>
internal sealed class Crc32
{
    private static readonly uint[] s_table = Table();
    private uint _crc = ~0u;

    /// <summary>Of all bytes so far.</summary>
    public uint Value => ~_crc;

    public void Add(ReadOnlySpan<byte> data)
    {
        uint crc = _crc;
        foreach (byte b in data)
            crc = s_table[(byte)(crc ^ b)] ^ crc >> 8;
        _crc = crc;
    }

    private static uint[] Table()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? value >> 1 ^ 0xEDB88320 : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
