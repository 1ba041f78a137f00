using Latent.Cli.Inputs;

namespace Latent.Cli.Codes;

/// <summary>Codes as <see cref="CodeTable"/> has them.</summary>
internal sealed class CsvCodes(TextWriter writer, int latent) : ICodeWriter
{
    private int _rows;

    public void Write(InputImages block, ReadOnlyMemory<float> codes)
    {
        if (_rows == 0)
            CodeTable.WriteHeader(writer, block, latent);
        CodeTable.WriteRows(writer, block, codes.Span, latent, _rows);
        _rows += block.Images.Count;
    }

    public void End() => writer.Flush();
}
