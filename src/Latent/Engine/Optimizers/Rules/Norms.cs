using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>
/// The norms of the gradients and what clipping by them multiplies each weight's gradient with. First tasks that any threads may share add
/// the chunks' gradients and measure pieces of them; then, when all are done, the pieces are added in their order.
/// </summary>
internal sealed unsafe class Norms(Optimizer optimizer, ParameterLayout layout)
{
    private readonly Piece[] _pieces = [.. Piece.Of(layout)];
    private readonly double[] _squares = new double[Piece.Of(layout).Count()];

    /// <summary>The factor of each weight's gradient, in the layout's order.</summary>
    public float[] Scales { get; } = [.. Enumerable.Repeat(1f, layout.Parameters.Length)];

    public int Tasks => _pieces.Length;

    /// <summary>Adds the chunks of a piece into the first and measures it.</summary>
    public void Measure(in Gradients gradients, int task)
    {
        var piece = _pieces[task];
        Map.Run(new AddMap { Gradient = gradients, Start = piece.Start }, piece.Count);
        _squares[task] = Sums.Squares(gradients.Start + piece.Start, piece.Count);
    }

    /// <summary>Finds the factors once all is measured.</summary>
    public void Combine()
    {
        double all = 0;
        for (int i = 0; i < _pieces.Length; )
        {
            int parameter = _pieces[i].Parameter;
            double sum = 0;
            for (; i < _pieces.Length && _pieces[i].Parameter == parameter; i++)
                sum += _squares[i];
            all += sum;
            if (optimizer.ClipNorm is float limit)
                Scales[parameter] = Scale(sum, limit);
        }
        if (optimizer.GlobalClipNorm is float most)
            Scales.AsSpan().Fill(Scale(all, most));
    }

    // An infinite norm gives a NaN, so that it is seen.
    private static float Scale(double squares, float limit) =>
        squares <= (double)limit * limit ? 1
        : double.IsFinite(squares) ? (float)(limit / Math.Sqrt(squares))
        : float.NaN;

    private struct AddMap : IMap
    {
        public Gradients Gradient;
        public int Start;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged => *(V*)(Gradient.Start + Start + index) = Gradient.Load<T, V>(Start + index);
    }
}
