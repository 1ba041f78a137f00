using Latent.Cli.Inputs;
using Latent.Formats;

namespace Latent.Cli.Codes;

/// <summary>Codes as a NumPy array (n, z).</summary>
internal sealed class NpyCodes(Stream stream, int latent) : ICodeWriter
{
    private readonly NpyRows _rows = new(stream, latent);

    public void Write(InputImages block, ReadOnlyMemory<float> codes) => _rows.Write(codes.Span);

    public void End() => _rows.End();
}
