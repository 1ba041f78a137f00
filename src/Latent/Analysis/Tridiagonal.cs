namespace Latent.Analysis;

/// <summary>
/// The two halves of the classic eigenvalue method for a full symmetric matrix (Bowdler, Martin, Reinsch and Wilkinson, "The QR and QL
/// algorithms for symmetric matrices", 1968).
/// </summary>
internal static class Tridiagonal
{
    /// <summary>
    /// Householder's reduction A = Q T Qᵀ. On return <paramref name="a"/> holds Q (a vector a column), <paramref name="d"/> the diagonal of T and
    /// <paramref name="e"/>[1…] what lies below it.
    /// </summary>
    public static void Reduce(double[] a, double[] d, double[] e, int n)
    {
        for (int i = n - 1; i > 0; i--)
        {
            var row = a.AsSpan(i * n, i);
            double scale = 0;
            foreach (double x in row)
                scale += Math.Abs(x);
            if (i == 1 || scale == 0)
            {
                (e[i], d[i]) = (row[i - 1], 0);
                continue;
            }
            double h = 0;
            foreach (ref double x in row)
            {
                x /= scale;
                h += x * x;
            }
            double f = row[i - 1];
            double g = f >= 0 ? -Math.Sqrt(h) : Math.Sqrt(h);
            e[i] = scale * g;
            h -= f * g;
            row[i - 1] = f - g;

            // e = A u / h, from the lower triangle alone
            var p = e.AsSpan(0, i);
            p.Clear();
            for (int j = 0; j < i; j++)
            {
                var other = a.AsSpan(j * n, j + 1);
                double u = row[j];
                double sum = other[j] * u;
                for (int k = 0; k < j; k++)
                {
                    sum += other[k] * row[k];
                    p[k] += other[k] * u;
                }
                p[j] += sum;
            }
            double dot = 0;
            for (int j = 0; j < i; j++)
            {
                p[j] /= h;
                dot += p[j] * row[j];
            }
            double half = dot / (h + h);
            for (int j = 0; j < i; j++)
                p[j] -= half * row[j];
            for (int j = 0; j < i; j++)
            {
                var other = a.AsSpan(j * n, j + 1);
                double u = row[j];
                double q = p[j];
                for (int k = 0; k <= j; k++)
                    other[k] -= u * p[k] + q * row[k];
            }
            d[i] = h;
        }
        (d[0], e[0]) = (0, 0);
        Accumulate(a, d, n);
    }

    /// <summary>Multiplies the reflections, which lie in the rows, out into Q.</summary>
    private static void Accumulate(double[] a, double[] d, int n)
    {
        var sums = new double[n];
        for (int i = 0; i < n; i++)
        {
            var row = a.AsSpan(i * n, i);
            if (d[i] != 0)
            {
                sums.AsSpan(0, i).Clear();
                for (int k = 0; k < i; k++)
                {
                    var other = a.AsSpan(k * n, i);
                    for (int j = 0; j < i; j++)
                        sums[j] += row[k] * other[j];
                }
                for (int k = 0; k < i; k++)
                {
                    var other = a.AsSpan(k * n, i);
                    double factor = row[k] / d[i];
                    for (int j = 0; j < i; j++)
                        other[j] -= factor * sums[j];
                }
            }
            d[i] = a[i * n + i];
            a[i * n + i] = 1;
            for (int j = 0; j < i; j++)
                row[j] = a[j * n + i] = 0;
        }
    }

    /// <summary>Implicit QL steps until T is diagonal; <paramref name="q"/>'s columns become the eigenvectors, <paramref name="d"/> the eigenvalues.</summary>
    public static void Diagonalize(double[] q, double[] d, double[] e, int n)
    {
        // rotations mix two columns: work on the transpose, where they are rows
        Transpose(q, n);
        Array.Copy(e, 1, e, 0, n - 1);
        e[n - 1] = 0;
        double norm = 0;
        for (int i = 0; i < n; i++)
            norm = Math.Max(norm, Math.Abs(d[i]) + Math.Abs(e[i]));
        double negligible = 1.1e-16 * norm;
        for (int l = 0; l < n; l++)
        {
            for (int iteration = 0; iteration < 60; iteration++)
            {
                int m = l;
                while (m < n - 1 && Math.Abs(e[m]) > negligible)
                    m++;
                if (m == l)
                    break;
                Step(q, d, e, n, l, m);
            }
        }
        Transpose(q, n);
    }

    private static void Step(double[] q, double[] d, double[] e, int n, int l, int m)
    {
        double g = (d[l + 1] - d[l]) / (2 * e[l]);
        double r = Hypotenuse(g, 1);
        g = d[m] - d[l] + e[l] / (g + Math.CopySign(r, g));
        double s = 1;
        double c = 1;
        double p = 0;
        for (int i = m - 1; i >= l; i--)
        {
            double f = s * e[i];
            double b = c * e[i];
            r = Hypotenuse(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            Rotate(q.AsSpan(i * n, n), q.AsSpan((i + 1) * n, n), c, s);
        }
        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }

    private static void Rotate(Span<double> first, Span<double> second, double c, double s)
    {
        for (int k = 0; k < first.Length; k++)
        {
            double f = second[k];
            second[k] = s * first[k] + c * f;
            first[k] = c * first[k] - s * f;
        }
    }

    private static double Hypotenuse(double a, double b)
    {
        (a, b) = (Math.Abs(a), Math.Abs(b));
        if (a < b)
            (a, b) = (b, a);
        return a == 0 ? 0 : a * Math.Sqrt(1 + b / a * (b / a));
    }

    private static void Transpose(double[] a, int n)
    {
        for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            (a[i * n + j], a[j * n + i]) = (a[j * n + i], a[i * n + j]);
    }
}
