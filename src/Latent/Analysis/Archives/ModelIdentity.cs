using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Latent.Models;

namespace Latent.Analysis;

/// <summary>Which model it is, whatever its file is called: a checksum of its weights.</summary>
public static class ModelIdentity
{
    /// <summary>
    /// SHA-256, 32 bytes, over each weight in the order of the layers, the encoder's first: its number of sizes and its sizes (little-endian 32-bit
    /// numbers), then its floats. Names do not count, nor does what a model file says beside the weights.
    /// </summary>
    /// <param name="model">The model.</param>
    public static byte[] Of(Autoencoder model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in model.Weights.Layout.Parameters)
        {
            Add(parameter.Weight.Shape.Length);
            foreach (int side in parameter.Weight.Shape)
                Add(side);
            hash.AppendData(MemoryMarshal.AsBytes(model.Weights[parameter])); // little-endian on every platform that .NET has
        }
        return hash.GetHashAndReset();

        void Add(int number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
