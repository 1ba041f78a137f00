using System.Runtime.InteropServices;
using System.Text;

namespace Latent.Bench.Peers;

/// <summary>Marks the request for a version of another library as weak in an ELF file of 64 bits: its absence is then no error.</summary>
internal static class WeakVersions
{
    private const int Load = 1,
        Dynamic = 2,
        StringTable = 5,
        VersionNeeds = 0x6ffffffe,
        VersionNeedCount = 0x6fffffff;
    private const ushort Weak = 2;

    /// <summary>Changes the file's bytes.</summary>
    /// <returns>Whether the file asks for that version.</returns>
    public static bool Mark(byte[] elf, string version)
    {
        var segments = Segments(elf);
        var (dynamicStart, dynamicSize) = segments.Where(s => s.Type == Dynamic).Select(s => (s.Offset, s.Size)).First();
        long strings = 0,
            need = 0,
            count = 0;
        for (long entry = dynamicStart; entry < dynamicStart + dynamicSize; entry += 16)
        {
            long value = Read<long>(elf, entry + 8);
            switch (Read<long>(elf, entry))
            {
                case StringTable:
                    strings = OffsetOf(value);
                    break;
                case VersionNeeds:
                    need = OffsetOf(value);
                    break;
                case VersionNeedCount:
                    count = value;
                    break;
            }
        }
        // A chain of libraries (Elf64_Verneed), each with a chain of versions (Elf64_Vernaux).
        byte[] wanted = Encoding.ASCII.GetBytes(version + "\0");
        bool found = false;
        for (; count > 0; count--, need += Read<uint>(elf, need + 12))
        {
            long aux = need + Read<uint>(elf, need + 8);
            for (int left = Read<ushort>(elf, need + 2); left > 0; left--, aux += Read<uint>(elf, aux + 12))
            {
                if (!elf.AsSpan((int)(strings + Read<uint>(elf, aux + 8))).StartsWith(wanted))
                    continue;
                elf[aux + 4] |= (byte)Weak; // the flags
                found = true;
            }
        }
        return found;

        long OffsetOf(long address)
        {
            var segment = segments.First(s => s.Type == Load && address >= s.Address && address < s.Address + s.Size);
            return address - segment.Address + segment.Offset;
        }
    }

    private static List<(int Type, long Offset, long Address, long Size)> Segments(byte[] elf)
    {
        long at = Read<long>(elf, 32);
        int size = Read<ushort>(elf, 54),
            count = Read<ushort>(elf, 56);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => at + (long)i * size)
                .Select(header =>
                    (Read<int>(elf, header), Read<long>(elf, header + 8), Read<long>(elf, header + 16), Read<long>(elf, header + 32))
                ),
        ];
    }

    private static T Read<T>(byte[] bytes, long offset)
        where T : struct => MemoryMarshal.Read<T>(bytes.AsSpan((int)offset));
}
