using System.Buffers.Binary;
using System.Text;

namespace Latent.Tests.Models;

/// <summary>Safetensors files byte by byte, wrong ones among them.</summary>
internal static class RawSafeTensors
{
    public static byte[] Bytes(string header, byte[] data, long? headerLength = null)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, headerLength ?? json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        return bytes;
    }
}
