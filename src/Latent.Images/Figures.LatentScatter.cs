using Latent.Analysis;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>Where the first codes lie in a plane, coloured by label, with the square of ±range.</summary>
    /// <param name="plane">The plane to draw in; see <see cref="CodePlane.Of"/>.</param>
    /// <param name="codes">n × latent numbers.</param>
    /// <param name="labels">A label per code, or empty.</param>
    /// <param name="labelNames">The labels' names; empty for their numbers.</param>
    /// <param name="options"><see cref="FigureOptions.Count"/>, range, colour map and scale count here.</param>
    /// <exception cref="LatentException">The numbers do not fit each other, or an option is out of range.</exception>
    public static Figure LatentScatter(
        CodePlane plane,
        ReadOnlySpan<float> codes,
        ReadOnlySpan<byte> labels = default,
        IReadOnlyList<string>? labelNames = null,
        FigureOptions? options = null
    ) => throw new NotSupportedException();
}
