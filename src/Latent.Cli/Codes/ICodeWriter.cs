using Latent.Cli.Inputs;

namespace Latent.Cli.Codes;

/// <summary>Takes codes block by block, with what they are of.</summary>
internal interface ICodeWriter
{
    /// <param name="block">The images that were encoded.</param>
    /// <param name="codes">As many codes.</param>
    void Write(InputImages block, ReadOnlyMemory<float> codes);

    /// <summary>After the last block.</summary>
    void End();
}
