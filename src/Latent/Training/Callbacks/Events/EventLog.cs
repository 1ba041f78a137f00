using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Latent.Training.Events;

/// <summary>
/// An event file of TensorBoard, kept in memory and written as a whole: records of a length, its checksum, the content and its checksum, the
/// first of them the version. The checksums are masked CRC-32C.
/// </summary>
internal sealed class EventLog
{
    private readonly ArrayBufferWriter<byte> _records = new();
    private readonly string _path;
    private readonly TimeProvider _clock;
    private bool _written;

    public EventLog(string folder, TimeProvider clock)
    {
        (_path, _clock) = (Path.Combine(folder, "events.out.tfevents.latent"), clock);
        Write(new ProtoMessage().Add(1, Now).Add(3, "brain.Event:2"));
    }

    /// <summary>How long the file is.</summary>
    public long Length => _records.WrittenCount;

    private double Now => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    public void Scalar(string tag, double value, long step) => Summary(new ProtoMessage().Add(1, tag).Add(2, (float)value), step);

    /// <param name="tag">Its name.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="pixels">Row by row.</param>
    /// <param name="step">When.</param>
    public void Image(string tag, int width, int height, int channels, ReadOnlySpan<byte> pixels, long step)
    {
        var image = new ProtoMessage().Add(1, height).Add(2, width).Add(3, channels).Add(4, Png.Encode(width, height, channels, pixels));
        Summary(new ProtoMessage().Add(1, tag).Add(4, image), step);
    }

    /// <summary>The distribution of some numbers in 30 parts of the same width; those that are not finite do not count.</summary>
    public void Histogram(string tag, ReadOnlySpan<float> values, long step)
    {
        const int Parts = 30;
        double least = double.PositiveInfinity,
            most = double.NegativeInfinity,
            sum = 0,
            squares = 0,
            count = 0;
        foreach (float value in values)
            if (float.IsFinite(value))
            {
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
                (sum, squares, count) = (sum + value, squares + (double)value * value, count + 1);
            }
        if (count == 0)
            return;
        int parts = most > least ? Parts : 1;
        var (limits, counts) = (new double[parts], new double[parts]);
        for (int i = 0; i < parts; i++)
            limits[i] = i == parts - 1 ? most : least + (most - least) * (i + 1) / parts;
        foreach (float value in values)
            if (float.IsFinite(value))
                counts[most > least ? Math.Min(parts - 1, (int)((value - least) / (most - least) * parts)) : 0]++;
        var histogram = new ProtoMessage()
            .Add(1, least)
            .Add(2, most)
            .Add(3, count)
            .Add(4, sum)
            .Add(5, squares)
            .Add(6, limits)
            .Add(7, counts);
        Summary(new ProtoMessage().Add(1, tag).Add(5, histogram), step);
    }

    /// <summary>Takes the first part of the file that lies there in place of what is in memory.</summary>
    /// <returns>Whether it is as long.</returns>
    public bool Restore(long length)
    {
        byte[] bytes = [];
        try
        {
            bytes = File.ReadAllBytes(_path);
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            // the caller tells of it
        }
        if (bytes.Length < length)
            return false;
        _records.Clear();
        _records.Write(bytes.AsSpan(0, (int)length));
        _written = false;
        return true;
    }

    /// <summary>Writes the file where something is new.</summary>
    /// <exception cref="LatentException">It cannot be written.</exception>
    public void Flush()
    {
        if (!_written)
            AtomicFile.Write(_path, stream => stream.Write(_records.WrittenSpan));
        _written = true;
    }

    private void Summary(ProtoMessage value, long step) =>
        Write(new ProtoMessage().Add(1, Now).Add(2, step).Add(5, new ProtoMessage().Add(1, value)));

    private void Write(ProtoMessage record)
    {
        var content = record.Content;
        Span<byte> head = stackalloc byte[sizeof(long) + sizeof(uint)];
        BinaryPrimitives.WriteInt64LittleEndian(head, content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(long)..], Checksum(head[..sizeof(long)]));
        _records.Write(head);
        _records.Write(content);
        BinaryPrimitives.WriteUInt32LittleEndian(head, Checksum(content));
        _records.Write(head[..sizeof(uint)]);
        _written = false;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }
}
