using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>
/// Muon's step on one matrix: the momentum, looking ahead, is multiplied by the matrix that five Newton–Schulz steps make of its Gram matrix,
/// so that its singular values come near 1.
/// </summary>
internal static class PlainMuon
{
    /// <summary>Whether Muon takes this weight; Adam takes the others. A weight is a matrix of all its axes but the last against the last.</summary>
    public static bool Takes(Parameter parameter, ParameterLayout layout)
    {
        int columns = parameter.Weight.Shape[^1];
        int rows = parameter.Count / columns;
        return parameter.Weight.Shape.Length > 1 && parameter.Layer != layout.Parameters[^1].Layer && rows > 1 && columns > 1;
    }

    public static void Step<T>(Parameter parameter, T[] weights, T[] gradients, T[] momentum, Muon muon, T rate)
        where T : IFloatingPointIeee754<T>
    {
        int columns = parameter.Weight.Shape[^1];
        int rows = parameter.Count / columns;
        T decay = T.CreateChecked(muon.Momentum),
            rest = PlainOptimizer<T>.OneMinus(muon.Momentum);
        var u = new T[rows, columns];
        for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++)
        {
            int i = parameter.Offset + r * columns + c;
            momentum[i] = decay * momentum[i] + rest * gradients[i];
            u[r, c] = decay * momentum[i] + rest * gradients[i];
        }
        var orthogonal = rows >= columns ? Product(u, Root(Product(Transposed(u), u))) : Product(Root(Product(u, Transposed(u))), u);
        double fans = parameter.Weight.FanIn + parameter.Weight.FanOut;
        var scale = T.CreateChecked(Math.Sqrt(2 / fans) * Math.Sqrt(Math.Max(rows, columns)));
        for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++)
            weights[parameter.Offset + r * columns + c] -= rate * scale * orthogonal[r, c];
    }

    /// <summary>About the inverse root of a Gram matrix: u times it has singular values near 1.</summary>
    private static T[,] Root<T>(T[,] gram)
        where T : IFloatingPointIeee754<T>
    {
        int n = gram.GetLength(0);
        var trace = T.Zero;
        for (int i = 0; i < n; i++)
            trace += gram[i, i];
        var norm = T.One / (T.Sqrt(trace) + T.CreateChecked(1e-18));
        var a = Map(gram, (value, _) => value * norm * norm);
        var q = Map(gram, (_, diagonal) => diagonal ? norm : T.Zero);
        for (int step = 0; step < 5; step++)
        {
            var square = Product(a, a);
            var b = new T[n, n];
            for (int r = 0; r < n; r++)
            for (int c = 0; c < n; c++)
                b[r, c] =
                    (r == c ? T.CreateChecked(3.4445) : T.Zero)
                    - T.CreateChecked(4.7750) * a[r, c]
                    + T.CreateChecked(2.0315) * square[r, c];
            q = Product(b, q);
            a = Product(Product(b, a), b);
        }
        return q;
    }

    private static T[,] Map<T>(T[,] matrix, Func<T, bool, T> value)
    {
        var result = new T[matrix.GetLength(0), matrix.GetLength(1)];
        for (int r = 0; r < result.GetLength(0); r++)
        for (int c = 0; c < result.GetLength(1); c++)
            result[r, c] = value(matrix[r, c], r == c);
        return result;
    }

    private static T[,] Transposed<T>(T[,] matrix)
    {
        var result = new T[matrix.GetLength(1), matrix.GetLength(0)];
        for (int r = 0; r < result.GetLength(0); r++)
        for (int c = 0; c < result.GetLength(1); c++)
            result[r, c] = matrix[c, r];
        return result;
    }

    private static T[,] Product<T>(T[,] a, T[,] b)
        where T : IFloatingPointIeee754<T>
    {
        var result = new T[a.GetLength(0), b.GetLength(1)];
        for (int r = 0; r < result.GetLength(0); r++)
        for (int k = 0; k < b.GetLength(0); k++)
        for (int c = 0; c < result.GetLength(1); c++)
            result[r, c] += a[r, k] * b[k, c];
        return result;
    }
}
