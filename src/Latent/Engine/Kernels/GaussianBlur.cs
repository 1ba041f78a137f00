using Latent.Networks;

namespace Latent.Engine.Kernels;

/// <summary>A Gaussian blur in place, rows and then columns, the pixels of the border repeated beyond it.</summary>
internal static unsafe class GaussianBlur
{
    /// <summary>Floats of room: the image with rows beyond its border, one row with pixels beyond its ends, and the weights.</summary>
    public static int Room(Shape shape, int radius) =>
        checked((shape.Height + 2 * radius) * shape.Width * shape.Channels + (shape.Width + 2 * radius) * shape.Channels + 2 * radius + 1);

    public static void Apply(float* image, float* room, Shape shape, float deviation, int radius)
    {
        int width = shape.Width * shape.Channels,
            channels = shape.Channels,
            rows = shape.Height + 2 * radius;
        float* padded = room + (nint)rows * width,
            weights = padded + width + 2 * radius * channels;
        Weights(weights, deviation, radius);
        for (int y = 0; y < shape.Height; y++)
        {
            float* row = image + (nint)y * width;
            for (int x = 0; x < radius; x++)
            {
                Arrays.Copy(row, padded + x * channels, channels);
                Arrays.Copy(row + width - channels, padded + width + (radius + x) * channels, channels);
            }
            Arrays.Copy(row, padded + radius * channels, width);
            Sum(padded, channels, room + (nint)(y + radius) * width);
        }
        for (int y = 0; y < radius; y++)
        {
            Arrays.Copy(room + (nint)radius * width, room + (nint)y * width, width);
            Arrays.Copy(room + (nint)(rows - radius - 1) * width, room + (nint)(rows - 1 - y) * width, width);
        }
        for (int y = 0; y < shape.Height; y++)
            Sum(room + (nint)y * width, width, image + (nint)y * width);

        void Sum(float* from, int step, float* to) =>
            Map.Run(
                new BlurMap
                {
                    From = from,
                    To = to,
                    Weights = weights,
                    Taps = 2 * radius + 1,
                    Step = step,
                },
                width
            );
    }

    private static void Weights(float* weights, float deviation, int radius)
    {
        float sum = 0;
        for (int i = -radius; i <= radius; i++)
            sum += weights[i + radius] = Functions.Exp<Scalar, float>(-i * i / (2 * deviation * deviation));
        for (int i = 0; i <= 2 * radius; i++)
            weights[i] /= sum;
    }

    private struct BlurMap : IMap
    {
        public float* From,
            To,
            Weights;
        public int Taps,
            Step;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V sum = T.Broadcast(0);
            float* from = From + index;
            for (int i = 0; i < Taps; i++, from += Step)
                sum = T.MultiplyAdd(T.Broadcast(Weights[i]), *(V*)from, sum);
            *(V*)(To + index) = sum;
        }
    }
}
