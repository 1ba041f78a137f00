using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// Dropout or noise in training. What is drawn depends on the seed, the layer, the step, the image's place in the batch and the number's place
/// in the image, and on no thread; the way back draws it again.
/// </summary>
internal sealed unsafe class NoiseOperation(Shape shape, ulong layer, float rate, float deviation) : Operation(shape, shape)
{
    private readonly float _scale = 1 / (1 - rate);
    private readonly ulong _least = NoiseBits.Least(rate);

    public override string Describe() => rate > 0 ? $"dropout of {rate}" : $"noise of deviation {deviation}";

    public override void Forward(in Frame f)
    {
        for (int n = 0; n < f.Images; n++)
        {
            ulong key = NoiseBits.Key(f.NoiseSeed, layer, f.Step, f.First + n);
            for (int y = 0; y < InputShape.Height; y++)
            {
                float* from = RunOf(f, Input, n, 0) + (nint)y * Input.RowStride,
                    to = RunOf(f, Output, n, 0) + (nint)y * Output.RowStride;
                if (rate > 0)
                    Drop(key, y, from, to);
                else
                    AddNoise(key, y, from, to);
            }
        }
    }

    public override void Backward(in Frame f)
    {
        if (InputGradient is not { } gradient)
            return;
        for (int n = 0; n < f.Images; n++)
        {
            ulong key = NoiseBits.Key(f.NoiseSeed, layer, f.Step, f.First + n);
            for (int y = 0; y < InputShape.Height; y++)
            {
                float* from = RunOf(f, OutputGradient!, n, 0) + (nint)y * OutputGradient!.RowStride,
                    to = RunOf(f, gradient, n, 0) + (nint)y * gradient.RowStride;
                if (rate > 0)
                    Drop(key, y, from, to);
                else
                    Arrays.Copy(from, to, RowLength);
            }
        }
    }

    private int RowLength => InputShape.Width * InputShape.Channels;

    // Nobody foresees what is drawn, so it must not decide a branch.
    private void Drop(ulong key, int y, float* from, float* to)
    {
        int length = RowLength,
            first = y * length;
        ulong least = _least;
        float scale = _scale;
        for (int k = 0; k < length; k++)
        {
            uint kept = (uint)~((long)(NoiseBits.Uniform24(key, first + k) - least) >> 63); // all bits or none
            to[k] = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(from[k] * scale) & kept);
        }
    }

    private void AddNoise(ulong key, int y, float* from, float* to)
    {
        const int most = 64;
        float* u = stackalloc float[2 * most],
            turn = u + most;
        for (int k = 0; k < RowLength; k += most)
        {
            int count = Math.Min(most, RowLength - k);
            for (int i = 0; i < count; i++)
                (u[i], turn[i]) = NoiseBits.Two(key, y * RowLength + k + i);
            var map = new NoiseMap
            {
                From = from + k,
                To = to + k,
                U = u,
                Turn = turn,
                Deviation = deviation,
            };
            Map.Run(map, count);
        }
    }

    private struct NoiseMap : IMap
    {
        public float* From,
            To,
            U,
            Turn;
        public float Deviation;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V noise = NoiseBits.Gaussian<T, V>(*(V*)(U + index), *(V*)(Turn + index));
            *(V*)(To + index) = T.Add(*(V*)(From + index), T.Multiply(T.Broadcast(Deviation), noise));
        }
    }
}
