using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>A part of one weight that a task works on.</summary>
/// <param name="Parameter">The weight's index in the layout.</param>
/// <param name="Start">The index of the first number in the flat array.</param>
/// <param name="Count">How many numbers, a multiple of 16: the gap behind a weight is zero and stays so.</param>
internal readonly record struct Piece(int Parameter, int Start, int Count)
{
    private const int Most = 4096; // numbers a task takes: small enough to share, large enough to hide the hand-over

    /// <summary>All weights of a layout that an optimizer changes, cut into pieces.</summary>
    public static IEnumerable<Piece> Of(ParameterLayout layout) =>
        Enumerable.Range(0, layout.Parameters.Length).Where(i => layout.Parameters[i].Weight.Trainable).SelectMany(i => Of(layout, i));

    /// <summary>One weight, cut into pieces.</summary>
    public static IEnumerable<Piece> Of(ParameterLayout layout, int parameter)
    {
        var (start, count) = (layout.Parameters[parameter].Offset, Rounded(layout.Parameters[parameter]));
        for (int i = 0; i < count; i += Most)
            yield return new(parameter, start + i, Math.Min(Most, count - i));
    }

    /// <summary>One weight as a whole.</summary>
    public static Piece Whole(ParameterLayout layout, int parameter) =>
        new(parameter, layout.Parameters[parameter].Offset, Rounded(layout.Parameters[parameter]));

    private static int Rounded(Parameter parameter) => (parameter.Count + 15) / 16 * 16;
}
