using Latent.Engine;

namespace Latent.Cli.Train;

/// <summary>The losses by their short names.</summary>
internal static class LossNames
{
    private static readonly Loss[] s_losses = [new MeanSquaredError(), new BinaryCrossentropy()];

    public static IReadOnlyList<string> All { get; } = [.. s_losses.Select(loss => loss.Name)];

    /// <summary>The loss of a name; null for no or another name.</summary>
    public static Loss? Of(string? name) => s_losses.FirstOrDefault(loss => loss.Name == name);
}
