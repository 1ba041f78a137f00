using Latent.Engine.Kernels;

namespace Latent.Engine.Operations;

// The additions between the small image's products and the large image, each for one vector of channels at a time.
internal sealed unsafe partial class UpsampledConvolutionOperation
{
    private struct LinearKernel : IActivation
    {
        public static V Forward<T, V>(V x, in ActivationNumbers numbers)
            where T : ISimd<V>
            where V : unmanaged => x;

        public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
            where T : ISimd<V>
            where V : unmanaged => g;
    }

    // Adds up to three rows of products at a time, for one vector of the taps' columns and channels and all pixels of the row.
    private struct RowSums : IMap
    {
        public float* A,
            B,
            C,
            To;
        public int Count,
            Pixels,
            Width;
        public nint Spread;
        public bool Onto;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            float* to = To + index;
            nint at = index;
            for (int pixel = Pixels; pixel > 0; pixel--, at += Spread, to += Width)
            {
                V sum = *(V*)(A + at);
                if (Count > 1)
                    sum = T.Add(sum, *(V*)(B + at));
                if (Count > 2)
                    sum = T.Add(sum, *(V*)(C + at));
                *(V*)to = Onto ? T.Add(*(V*)to, sum) : sum;
            }
        }
    }

    // For one vector of channels: each output pixel of the row adds the sums its window falls on, and the bias.
    private struct ColumnSums<TActivation> : IMap
        where TActivation : IActivation
    {
        public float* Sums,
            Bias,
            To;
        public int* Places;
        public int Channels,
            Taps,
            Pixels;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V bias = *(V*)(Bias + index);
            float* to = To + index,
                sums = Sums + index;
            int* places = Places;
            for (int x = Pixels; x > 0; x--, to += Channels)
            {
                V sum = bias;
                for (int tap = Taps; tap > 0; tap--)
                    sum = T.Add(sum, *(V*)(sums + *places++));
                *(V*)to = TActivation.Forward<T, V>(sum, default);
            }
        }
    }

    private struct FactorRows : IMap
    {
        public float* Source,
            To;
        public nint RowStride;
        public int Rows;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            float* source = Source + index;
            V sum = *(V*)source;
            for (int row = 1; row < Rows; row++)
                sum = T.Add(sum, *(V*)(source + row * RowStride));
            *(V*)(To + index) = sum;
        }
    }

    private struct FactorColumns : IMap
    {
        public float* Source,
            To;
        public int SourceRow,
            Channels,
            Pixels,
            Factor,
            TapRows,
            TapColumns;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            float* to = To + index;
            for (int pixel = 0; pixel < Pixels; pixel++)
            for (int k = 0; k < TapRows; k++)
            for (int l = 0; l < TapColumns; l++, to += Channels)
            {
                float* source = Source + (nint)k * SourceRow + (pixel * Factor - l) * Channels + index;
                V sum = *(V*)source;
                for (int b = 1; b < Factor; b++)
                    sum = T.Add(sum, *(V*)(source + b * Channels));
                *(V*)to = sum;
            }
        }
    }
}
