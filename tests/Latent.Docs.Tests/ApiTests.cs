using PublicApiGenerator;

namespace Latent.Docs.Tests;

/// <summary>The public surface of each package, as text: a change of it shows in the diff of docs/api.</summary>
public sealed class ApiTests
{
    private static readonly ApiGeneratorOptions s_options = new() { IncludeAssemblyAttributes = false };

    [Theory]
    [InlineData("Latent")]
    [InlineData("Latent.Formats")]
    [InlineData("Latent.Explorer")]
    [InlineData("Latent.Hosting")]
    [InlineData("Latent.Images")]
    [InlineData("Latent.Embeddings")]
    public void The_public_surface_is_the_one_listed(string name) =>
        Snapshot.Verify(System.Reflection.Assembly.Load(name).GeneratePublicApi(s_options), $"docs/api/{name}.txt");
}
