using System.Runtime.CompilerServices;

namespace Latent.Engine.Kernels;

/// <summary>
/// Functions as polynomials of our own: the libraries' differ between platforms and widths in the last bits. Coefficients from Cephes
/// (Moshier, 1989, expf.c and logf.c); relative error about 2e-7.
/// </summary>
internal static class Functions
{
    /// <summary>eˣ, with x held in ±87.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<T, V>(V x)
        where T : ISimd<V>
        where V : unmanaged
    {
        V top = T.Broadcast(87);
        x = T.WherePositive(T.Subtract(x, top), top, x);
        V bottom = T.Broadcast(-87);
        x = T.WhereNegative(T.Subtract(x, bottom), bottom, x);
        // x = n · ln 2 + r, with ln 2 in two parts so that the product with n is exact
        V n = T.Round(T.Multiply(x, T.Broadcast(1.44269504088896341f)));
        V r = T.MultiplyAdd(n, T.Broadcast(-0.693359375f), x);
        r = T.MultiplyAdd(n, T.Broadcast(2.12194440e-4f), r);
        V p = T.Broadcast(1.9875691500e-4f);
        p = T.MultiplyAdd(p, r, T.Broadcast(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Broadcast(5.0000001201e-1f));
        p = T.MultiplyAdd(p, T.Multiply(r, r), T.Add(r, T.Broadcast(1)));
        return T.Multiply(p, T.PowerOfTwo(n));
    }

    /// <summary>The natural logarithm of a normal x above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<T, V>(V x)
        where T : ISimd<V>
        where V : unmanaged
    {
        // x = 2ⁿ · m with m in [√½, √2)
        V one = T.Broadcast(1),
            n = T.Exponent(x),
            m = T.Mantissa(x);
        V over = T.Subtract(m, T.Broadcast(1.41421356237f));
        n = T.WherePositive(over, T.Add(n, one), n);
        m = T.Subtract(T.WherePositive(over, T.Multiply(m, T.Broadcast(0.5f)), m), one);
        V square = T.Multiply(m, m);
        V p = T.Broadcast(7.0376836292e-2f);
        p = T.MultiplyAdd(p, m, T.Broadcast(-1.1514610310e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(1.1676998740e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(-1.2420140846e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(1.4249322787e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(-1.6668057665e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(2.0000714765e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(-2.4999993993e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(3.3333331174e-1f));
        V y = T.Multiply(T.Multiply(p, m), square);
        y = T.MultiplyAdd(n, T.Broadcast(-2.12194440e-4f), y);
        y = T.MultiplyAdd(square, T.Broadcast(-0.5f), y);
        return T.MultiplyAdd(n, T.Broadcast(0.693359375f), T.Add(m, y));
    }

    /// <summary>1 / (1 + e⁻ˣ)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<T, V>(V x)
        where T : ISimd<V>
        where V : unmanaged
    {
        V one = T.Broadcast(1);
        return T.Divide(one, T.Add(one, Exp<T, V>(T.Subtract(T.Broadcast(0), x))));
    }

    /// <summary>tanh x: an odd polynomial for |x| &lt; 0.625, else 1 − 2 / (e²ˣ + 1) (Cephes, tanhf.c).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<T, V>(V x)
        where T : ISimd<V>
        where V : unmanaged
    {
        V zero = T.Broadcast(0),
            one = T.Broadcast(1),
            two = T.Broadcast(2);
        V size = T.WhereNegative(x, T.Subtract(zero, x), x);
        V large = T.Subtract(one, T.Divide(two, T.Add(Exp<T, V>(T.Add(size, size)), one)));
        large = T.WhereNegative(x, T.Subtract(zero, large), large);
        V square = T.Multiply(x, x);
        V p = T.Broadcast(-5.70498872745e-3f);
        p = T.MultiplyAdd(p, square, T.Broadcast(2.06390887954e-2f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-5.37397155531e-2f));
        p = T.MultiplyAdd(p, square, T.Broadcast(1.33314422036e-1f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-3.33332819422e-1f));
        V small = T.MultiplyAdd(T.Multiply(p, square), x, x);
        return T.WhereNegative(T.Subtract(size, T.Broadcast(0.625f)), small, large);
    }

    /// <summary>log(1 + eˣ), as max(x, 0) + log(1 + e^−|x|): nothing overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<T, V>(V x)
        where T : ISimd<V>
        where V : unmanaged
    {
        V zero = T.Broadcast(0),
            one = T.Broadcast(1);
        V small = Exp<T, V>(T.WherePositive(x, T.Subtract(zero, x), x));
        // log(1 + s) for small s: the rounding of 1 + s is made good (Kahan's log1p)
        V sum = T.Add(one, small),
            lost = T.Subtract(small, T.Subtract(sum, one));
        V log = T.Add(Log<T, V>(sum), T.Divide(lost, sum));
        return T.Add(T.WherePositive(x, x, zero), log);
    }

    /// <summary>
    /// The error function, as x times a quotient of polynomials in x² for |x| held below 4 (Eigen's coefficients, generic_fast_erf_float);
    /// absolute error below 4e-7.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<T, V>(V x)
        where T : ISimd<V>
        where V : unmanaged
    {
        V top = T.Broadcast(4);
        x = T.WherePositive(T.Subtract(x, top), top, x);
        V bottom = T.Broadcast(-4);
        x = T.WhereNegative(T.Subtract(x, bottom), bottom, x);
        V square = T.Multiply(x, x);
        V p = T.Broadcast(-2.72614225801306e-10f);
        p = T.MultiplyAdd(p, square, T.Broadcast(2.77068142495902e-08f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-2.10102402082508e-06f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-5.69250639462346e-05f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-7.34990630326855e-04f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-2.95459980854025e-03f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-1.60960333262415e-02f));
        V q = T.Broadcast(-1.45660718464996e-05f);
        q = T.MultiplyAdd(q, square, T.Broadcast(-2.13374055278905e-04f));
        q = T.MultiplyAdd(q, square, T.Broadcast(-1.68282697438203e-03f));
        q = T.MultiplyAdd(q, square, T.Broadcast(-7.37332916720468e-03f));
        q = T.MultiplyAdd(q, square, T.Broadcast(-1.42647390514189e-02f));
        return T.Divide(T.Multiply(p, x), q);
    }
}
