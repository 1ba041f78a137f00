using System.CommandLine;

namespace Latent.Cli.Inputs;

/// <summary>The argument of the commands that use a model.</summary>
internal static class ModelArgument
{
    public static Argument<string> Create(string name = "RUN") => new(name) { Description = "A run folder, or a model file alone" };
}
