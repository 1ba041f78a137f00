using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>Work on the channels of all pixels. A channel's sum runs from pixel to pixel in their order, so no vector's width shows in it.</summary>
internal static unsafe class Channels
{
    /// <summary>to ← from · factor + shift, a factor and a shift a channel; null for no shift.</summary>
    public static void Affine(in Frame f, Tensor from, Tensor to, float* factor, float* shift, Shape shape)
    {
        for (int n = 0; n < f.Images; n++)
            Map.Run(
                new AffineMap
                {
                    From = Image(f, from, n, shape),
                    To = Image(f, to, n, shape),
                    Factor = factor,
                    Shift = shift,
                },
                shape.Channels
            );
    }

    /// <summary>to ← factor · (g − a − (x − mean) · b), all but g and x a number a channel.</summary>
    public static void Centred(in Frame f, Tensor g, Tensor x, Tensor to, float* factor, float* a, float* mean, float* b, Shape shape)
    {
        for (int n = 0; n < f.Images; n++)
            Map.Run(
                new CentredMap
                {
                    G = Image(f, g, n, shape),
                    X = Image(f, x, n, shape),
                    To = Image(f, to, n, shape),
                    Factor = factor,
                    A = a,
                    Mean = mean,
                    B = b,
                },
                shape.Channels
            );
    }

    /// <summary>sums ← Σ g and products ← Σ g · (x − mean) of one image, a channel; null for no sums.</summary>
    public static void Sums(in Frame f, Tensor g, Tensor x, int image, Shape shape, float* mean, float* sums, float* products) =>
        Map.Run(
            new SumsMap
            {
                G = Image(f, g, image, shape),
                X = Image(f, x, image, shape),
                Mean = mean,
                Sum = sums,
                Product = products,
            },
            shape.Channels
        );

    /// <summary>squares ← Σ (x − mean)² of one image, a channel.</summary>
    public static void Squares(in Frame f, Tensor x, int image, Shape shape, float* mean, float* squares) =>
        Map.Run(
            new SquaresMap
            {
                X = Image(f, x, image, shape),
                Mean = mean,
                Square = squares,
            },
            shape.Channels
        );

    private static Pixels Image(in Frame f, Tensor tensor, int image, Shape shape) =>
        new()
        {
            Start = f.Of(tensor, image),
            RowStride = tensor.RowStride,
            Rows = shape.Height,
            Columns = shape.Width,
            Channels = shape.Channels,
        };

    private struct Pixels
    {
        public float* Start;
        public nint RowStride;
        public int Rows,
            Columns,
            Channels;

        public readonly float* At(int row, int column) => Start + row * RowStride + column * Channels;
    }

    private struct AffineMap : IMap
    {
        public Pixels From,
            To;
        public float* Factor,
            Shift;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V factor = *(V*)(Factor + index),
                shift = Shift == null ? T.Broadcast(0) : *(V*)(Shift + index);
            for (int y = 0; y < From.Rows; y++)
            for (int x = 0; x < From.Columns; x++)
                *(V*)(To.At(y, x) + index) = T.MultiplyAdd(*(V*)(From.At(y, x) + index), factor, shift);
        }
    }

    private struct CentredMap : IMap
    {
        public Pixels G,
            X,
            To;
        public float* Factor,
            A,
            Mean,
            B;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V factor = *(V*)(Factor + index),
                a = *(V*)(A + index),
                mean = *(V*)(Mean + index),
                b = *(V*)(B + index);
            for (int y = 0; y < G.Rows; y++)
            for (int x = 0; x < G.Columns; x++)
            {
                V centred = T.Multiply(T.Subtract(*(V*)(X.At(y, x) + index), mean), b),
                    g = T.Subtract(*(V*)(G.At(y, x) + index), a);
                *(V*)(To.At(y, x) + index) = T.Multiply(factor, T.Subtract(g, centred));
            }
        }
    }

    private struct SumsMap : IMap
    {
        public Pixels G,
            X;
        public float* Mean,
            Sum,
            Product;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V mean = *(V*)(Mean + index),
                sum = T.Broadcast(0),
                product = sum;
            for (int y = 0; y < G.Rows; y++)
            for (int x = 0; x < G.Columns; x++)
            {
                V g = *(V*)(G.At(y, x) + index);
                sum = T.Add(sum, g);
                product = T.MultiplyAdd(g, T.Subtract(*(V*)(X.At(y, x) + index), mean), product);
            }
            *(V*)(Sum + index) = sum;
            *(V*)(Product + index) = product;
        }
    }

    private struct SquaresMap : IMap
    {
        public Pixels X;
        public float* Mean,
            Square;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V mean = *(V*)(Mean + index),
                sum = T.Broadcast(0);
            for (int y = 0; y < X.Rows; y++)
            for (int x = 0; x < X.Columns; x++)
            {
                V d = T.Subtract(*(V*)(X.At(y, x) + index), mean);
                sum = T.MultiplyAdd(d, d, sum);
            }
            *(V*)(Square + index) = sum;
        }
    }
}
