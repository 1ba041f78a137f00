using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// A linear map of an image, each channel by itself, that is a map of its rows and one of its columns: padding, cropping, means over windows,
/// interpolation. Its gradient runs through the same two maps the other way.
/// </summary>
internal sealed unsafe class ResamplingOperation(string name, Shape input, Shape output, Weights1[] rows, Weights1[] columns)
    : Operation(input, output)
{
    public override string Describe() => $"{name}: weighted sums of rows and columns";

    public override void Forward(in Frame f)
    {
        int channels = InputShape.Channels;
        for (int n = 0; n < f.Images; n++)
        for (int y = 0; y < rows.Length; y++)
        for (int x = 0; x < columns.Length; x++)
            Map.Run(
                new SumMap
                {
                    From = RunOf(f, Input, n, 0),
                    To = At(f, Output, n, y, x),
                    RowStride = Input.RowStride,
                    Channels = channels,
                    Rows = rows[y],
                    Columns = columns[x],
                },
                channels
            );
    }

    public override void Backward(in Frame f)
    {
        if (InputGradient is not { } to)
            return;
        int channels = InputShape.Channels;
        for (int n = 0; n < f.Images; n++)
        {
            for (int run = 0; run < to.Runs; run++)
                Arrays.Clear(RunOf(f, to, n, run), to.RunLength);
            for (int y = 0; y < rows.Length; y++)
            for (int x = 0; x < columns.Length; x++)
                Map.Run(
                    new SpreadMap
                    {
                        From = At(f, OutputGradient!, n, y, x),
                        To = RunOf(f, to, n, 0),
                        RowStride = to.RowStride,
                        Channels = channels,
                        Rows = rows[y],
                        Columns = columns[x],
                    },
                    channels
                );
        }
    }

    // A vector is an image of one pixel here, whatever its tensor thinks.
    private float* At(in Frame f, Tensor tensor, int image, int y, int x) =>
        RunOf(f, tensor, image, 0) + (nint)y * tensor.RowStride + (nint)x * InputShape.Channels;

    private struct SumMap : IMap
    {
        public float* From,
            To;
        public nint RowStride;
        public int Channels;
        public Weights1 Rows,
            Columns;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V sum = T.Broadcast(0);
            for (int i = 0; i < Rows.Values.Length; i++)
            for (int j = 0; j < Columns.Values.Length; j++)
            {
                float* x = From + (Rows.First + i) * RowStride + (Columns.First + j) * Channels + index;
                sum = T.MultiplyAdd(*(V*)x, T.Broadcast(Rows.Values[i] * Columns.Values[j]), sum);
            }
            *(V*)(To + index) = sum;
        }
    }

    private struct SpreadMap : IMap
    {
        public float* From,
            To;
        public nint RowStride;
        public int Channels;
        public Weights1 Rows,
            Columns;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V g = *(V*)(From + index);
            for (int i = 0; i < Rows.Values.Length; i++)
            for (int j = 0; j < Columns.Values.Length; j++)
            {
                var x = (V*)(To + (Rows.First + i) * RowStride + (Columns.First + j) * Channels + index);
                *x = T.MultiplyAdd(g, T.Broadcast(Rows.Values[i] * Columns.Values[j]), *x);
            }
        }
    }
}

/// <summary>Which neighbouring rows (or columns) of the input one of the output sums, with which weights; none for zeros.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Values">A weight for it and those after it.</param>
internal sealed record Weights1(int First, float[] Values)
{
    /// <summary>Zeros before and after, or rows left out where the numbers are negative.</summary>
    public static Weights1[] Shifted(int size, int before, int output)
    {
        var weights = new Weights1[output];
        for (int i = 0; i < output; i++)
            weights[i] = i - before >= 0 && i - before < size ? new(i - before, [1]) : new(0, []);
        return weights;
    }

    /// <summary>The mean of a window's part inside the image.</summary>
    public static Weights1[] Means(int size, int window, int stride, int before, int output)
    {
        var weights = new Weights1[output];
        for (int i = 0; i < output; i++)
        {
            int first = Math.Max(0, i * stride - before),
                count = Math.Min(size, i * stride - before + window) - first;
            weights[i] = new(first, [.. Enumerable.Repeat(1f / count, count)]);
        }
        return weights;
    }

    /// <summary>Interpolation between the two nearest, pixels having their centres at halves; beyond the last centre its value stays.</summary>
    public static Weights1[] Bilinear(int size, int factor)
    {
        var weights = new Weights1[size * factor];
        for (int i = 0; i < weights.Length; i++)
        {
            float place = (i + 0.5f) / factor - 0.5f,
                floor = MathF.Floor(place),
                part = place - floor;
            int first = (int)floor;
            weights[i] =
                first < 0 ? new(0, [1])
                : first + 1 >= size ? new(size - 1, [1])
                : new(first, [1 - part, part]);
        }
        return weights;
    }
}
