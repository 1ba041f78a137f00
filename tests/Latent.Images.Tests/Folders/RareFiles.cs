using System.Buffers.Binary;
using System.IO.Compression;

namespace Latent.Images.Tests.Folders;

/// <summary>Image files that no encoder at hand writes, byte by byte.</summary>
internal static class RareFiles
{
    /// <summary>A PNG of any depth; the rows are given as they stand in the file, without their filter byte.</summary>
    public static byte[] Png(int width, int height, int depth, int colorType, byte[] rows)
    {
        int stride = height == 0 ? 0 : rows.Length / height;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            for (int y = 0; y < height && stride > 0; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(rows, y * stride, stride);
            }
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)colorType);
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    /// <summary>A JPEG of 8 × 8 pixels of one colour in four inks, as Adobe writes them: 255 is no ink.</summary>
    public static byte[] CmykJpeg(byte cyan, byte magenta, byte yellow, byte black)
    {
        var bits = new List<bool>();
        foreach (byte value in (byte[])[cyan, magenta, yellow, black])
        {
            int dc = 8 * (value - 128),
                size = 0;
            while (Math.Abs(dc) >> size != 0)
                size++;
            Add(size, 4); // every code of the table of sizes has four bits
            Add(dc >= 0 ? dc : dc + (1 << size) - 1, size);
            Add(0, 1); // the end of the block
        }
        while (bits.Count % 8 != 0)
            bits.Add(true);
        byte[] data =
        [
            .. bits.Chunk(8)
                .Select(b => b.Aggregate(0, (sum, bit) => 2 * sum + (bit ? 1 : 0)))
                .SelectMany(b => b == 255 ? (byte[])[255, 0] : [(byte)b]),
        ];
        byte[] components = [1, 2, 3, 4];
        return
        [
            0xff,
            0xd8,
            .. Segment(0xee, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]),
            .. Segment(0xdb, [0, .. Enumerable.Repeat((byte)1, 64)]),
            .. Segment(0xc0, [8, 0, 8, 0, 8, 4, .. components.SelectMany(c => (byte[])[c, 0x11, 0])]),
            .. Segment(0xc4, [0x00, 0, 0, 0, 12, .. new byte[12], .. Enumerable.Range(0, 12).Select(i => (byte)i)]),
            .. Segment(0xc4, [0x10, 1, .. new byte[15], 0]),
            .. Segment(0xda, [4, .. components.SelectMany(c => (byte[])[c, 0]), 0, 63, 0]),
            .. data,
            0xff,
            0xd9,
        ];

        void Add(int value, int count)
        {
            for (int bit = count - 1; bit >= 0; bit--)
                bits.Add((value >> bit & 1) != 0);
        }
    }

    /// <summary>A JPEG with an orientation in its EXIF part.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation) =>
        [
            .. jpeg[..2],
            .. Segment(
                0xe1,
                [
                    .. "Exif\0\0"u8,
                    .. "MM\0*"u8,
                    0,
                    0,
                    0,
                    8, // big-endian; the first directory follows
                    0,
                    1, // one entry
                    0x01,
                    0x12,
                    0,
                    3,
                    0,
                    0,
                    0,
                    1,
                    0,
                    (byte)orientation,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                ]
            ),
            .. jpeg[2..],
        ];

    /// <summary>A GIF of two pictures of 2 × 2 pixels, each of one colour.</summary>
    public static byte[] Gif((byte R, byte G, byte B) first, (byte R, byte G, byte B) second)
    {
        return
        [
            .. "GIF89a"u8,
            2,
            0,
            2,
            0,
            0x80,
            0,
            0, // a table of two colours
            first.R,
            first.G,
            first.B,
            second.R,
            second.G,
            second.B,
            .. Picture(0),
            .. Picture(1),
            0x3b,
        ];

        static byte[] Picture(int color)
        {
            int bits = 0,
                at = 0;
            foreach (int code in (int[])[4, color, color, 4, color, color, 5]) // cleared before codes grow; 5 ends it
                bits |= code << (3 * at++);
            return
            [
                0x21,
                0xf9,
                4,
                0,
                10,
                0,
                0,
                0,
                0x2c,
                0,
                0,
                0,
                0,
                2,
                0,
                2,
                0,
                0,
                2,
                3,
                (byte)bits,
                (byte)(bits >> 8),
                (byte)(bits >> 16),
                0,
            ];
        }
    }

    private static byte[] Segment(byte marker, byte[] content) =>
        [0xff, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] length = new byte[4],
            crc = new byte[4],
            body = [.. type, .. data];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc(body));
        return [.. length, .. body, .. crc];
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        }
        return ~crc;
    }
}
