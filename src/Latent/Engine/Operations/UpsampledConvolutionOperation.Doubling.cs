using System.Runtime.CompilerServices;
using Latent.Engine.Kernels;

namespace Latent.Engine.Operations;

// The additions of the commonest case, a doubling and a 3 × 3 window with 'same' padding, without a detour through memory: a vector of
// channels walks along a row and keeps in registers what the next pixel needs of the last. Doubled, row y of the window's row k falls on
// ⌊(y + k − 1) / 2⌋, so y = 2i takes small rows i − 1, i, i and y = 2i + 1 rows i, i, i + 1; columns likewise.
internal sealed unsafe partial class UpsampledConvolutionOperation
{
    private void AddDoubled(float* products, float* zeros, float* bias, float* to, int y)
    {
        Map.Run(
            new DoubledRow
            {
                A = Source(0),
                B = Source(1),
                C = Source(2),
                StepA = Step(0),
                StepB = Step(1),
                StepC = Step(2),
                To = to,
                Bias = bias,
                Channels = To,
                Pixels = InputShape.Width,
                Relu = Activation.Kind == Networks.ActivationKind.Relu,
            },
            To
        );

        bool IsInside(int k) => (uint)(y + k - 1) < (uint)OutputShape.Height;

        float* Source(int k) => IsInside(k) ? products + (nint)((y + k - 1) / 2) * InputShape.Width * Spread + k * 3 * To : zeros;

        nint Step(int k) => IsInside(k) ? Spread : 0;
    }

    private void GatherDoubled(in Frame f, int n, float* gathered)
    {
        var g = OutputGradient!;
        for (int i = 0; i < InputShape.Height; i++)
            Map.Run(
                new DoubledGradient
                {
                    Source = RunOf(f, g, n, 0) + (nint)(2 * i - 1) * g.RowStride - To,
                    RowStride = g.RowStride,
                    To = gathered + (nint)i * InputShape.Width * Spread,
                    Channels = To,
                    Pixels = InputShape.Width,
                },
                To
            );
    }

    // y[2j] = Q0[j − 1] + Q1[j] + Q2[j] and y[2j + 1] = Q0[j] + Q1[j] + Q2[j + 1], where Ql[j] adds the three rows' products of pixel j and
    // the window's column l.
    private struct DoubledRow : IMap
    {
        public float* A,
            B,
            C,
            To,
            Bias;
        public nint StepA,
            StepB,
            StepC;
        public int Channels,
            Pixels;
        public bool Relu;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            nint channels = Channels;
            float* a = A + index,
                b = B + index,
                c = C + index,
                to = To + index;
            V bias = *(V*)(Bias + index),
                least = T.Broadcast(Relu ? 0 : float.NegativeInfinity),
                before = bias,
                odd = bias;
            for (int left = Pixels; left > 0; left--, a += StepA, b += StepB, c += StepC)
            {
                V first = T.Add(T.Add(*(V*)a, *(V*)b), *(V*)c),
                    second = T.Add(T.Add(*(V*)(a + channels), *(V*)(b + channels)), *(V*)(c + channels)),
                    third = T.Add(T.Add(*(V*)(a + 2 * channels), *(V*)(b + 2 * channels)), *(V*)(c + 2 * channels));
                if (left != Pixels)
                {
                    *(V*)to = AtLeast<T, V>(T.Add(odd, third), least);
                    to += channels;
                }
                *(V*)to = AtLeast<T, V>(T.Add(T.Add(before, second), third), least);
                to += channels;
                before = T.Add(bias, first);
                odd = T.Add(before, second);
            }
            *(V*)to = AtLeast<T, V>(odd, least);
        }

        // a NaN stays one
        private static V AtLeast<T, V>(V x, V least)
            where T : ISimd<V>
            where V : unmanaged => T.WhereNegative(T.Subtract(x, least), least, x);
    }

    // The gradient of product (k, l) of small pixel (i, j) adds the 2 × 2 pixels of the output's gradient that took it: rows 2i + 1 − k and
    // 2i + 2 − k, columns 2j + 1 − l and 2j + 2 − l.
    private struct DoubledGradient : IMap
    {
        public float* Source, // row 2i − 1, column −1
            To;
        public nint RowStride;
        public int Channels,
            Pixels;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            nint channels = Channels,
                row = RowStride;
            float* x = Source + index,
                to = To + index;
            // sums of two rows, one for each row of the window, at the columns 2j − 1 and 2j
            V r0 = *(V*)x,
                r1 = *(V*)(x + row),
                r2 = *(V*)(x + 2 * row),
                r3 = *(V*)(x + 3 * row);
            V a0 = T.Add(r2, r3),
                b0 = T.Add(r1, r2),
                c0 = T.Add(r0, r1);
            x += channels;
            (r0, r1, r2, r3) = (*(V*)x, *(V*)(x + row), *(V*)(x + 2 * row), *(V*)(x + 3 * row));
            V a1 = T.Add(r2, r3),
                b1 = T.Add(r1, r2),
                c1 = T.Add(r0, r1);
            for (int left = Pixels; left > 0; left--, to += 9 * channels)
            {
                x += channels;
                (r0, r1, r2, r3) = (*(V*)x, *(V*)(x + row), *(V*)(x + 2 * row), *(V*)(x + 3 * row));
                V a2 = T.Add(r2, r3),
                    b2 = T.Add(r1, r2),
                    c2 = T.Add(r0, r1);
                x += channels;
                (r0, r1, r2, r3) = (*(V*)x, *(V*)(x + row), *(V*)(x + 2 * row), *(V*)(x + 3 * row));
                V a3 = T.Add(r2, r3),
                    b3 = T.Add(r1, r2),
                    c3 = T.Add(r0, r1);
                *(V*)to = T.Add(a2, a3);
                *(V*)(to + channels) = T.Add(a1, a2);
                *(V*)(to + 2 * channels) = T.Add(a0, a1);
                *(V*)(to + 3 * channels) = T.Add(b2, b3);
                *(V*)(to + 4 * channels) = T.Add(b1, b2);
                *(V*)(to + 5 * channels) = T.Add(b0, b1);
                *(V*)(to + 6 * channels) = T.Add(c2, c3);
                *(V*)(to + 7 * channels) = T.Add(c1, c2);
                *(V*)(to + 8 * channels) = T.Add(c0, c1);
                (a0, b0, c0) = (a2, b2, c2);
                (a1, b1, c1) = (a3, b3, c3);
            }
        }
    }
}
