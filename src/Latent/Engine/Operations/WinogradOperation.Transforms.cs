using System.Runtime.CompilerServices;
using Latent.Engine.Kernels;

namespace Latent.Engine.Operations;

// From pixels to components and back, and the same for kernels.
internal sealed unsafe partial class WinogradOperation
{
    // One image, one vector of channels: from pixels to components or back, first down the columns, then along the rows. A place of the
    // scratch between them is a vector.
    private struct TransformMap<TSide> : IMap
        where TSide : ISide
    {
        public float* Image,
            Components,
            Scratch,
            Bias,
            Gate;
        public int* Slots;
        public int RowStride,
            GateRowStride,
            Channels,
            Stride,
            TileStride,
            Height,
            Width,
            Rows,
            Columns;
        public bool RaggedRow,
            RaggedColumn,
            Relu;

        public readonly float* Tile(int row, int column) => Components + (nint)Slots[row * Columns + column] * TileStride;

        public readonly bool FiveRow(int row) => RaggedRow && row == Rows - 1;

        public readonly bool FiveColumn(int column) => RaggedColumn && column == Columns - 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged => TSide.Run<T, V, TSide>(this, index);
    }

    private interface ISide
    {
        static abstract void Run<T, V, TSide>(in TransformMap<TSide> map, int channel)
            where T : ISimd<V>
            where V : unmanaged
            where TSide : ISide;
    }

    /// <summary>A one-dimensional transform from pixels to components, and how many pixels before a tile its window begins.</summary>
    private interface IToComponents
    {
        static abstract int Before { get; }

        static abstract void Transform<T, V>(float* pixels, nint from, float* components, nint to, bool five)
            where T : ISimd<V>
            where V : unmanaged;
    }

    private struct OfInput : IToComponents
    {
        public static int Before => 1;

        public static void Transform<T, V>(float* pixels, nint from, float* components, nint to, bool five)
            where T : ISimd<V>
            where V : unmanaged => Winograd.Input<T, V>(pixels, from, components, to, five);
    }

    private struct OfOutputGradient : IToComponents
    {
        public static int Before => 0;

        public static void Transform<T, V>(float* pixels, nint from, float* components, nint to, bool five)
            where T : ISimd<V>
            where V : unmanaged => Winograd.OutputGradient<T, V>(pixels, from, components, to, five);
    }

    private struct ComponentsSide<TPixels> : ISide
        where TPixels : IToComponents
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<T, V, TSide>(in TransformMap<TSide> map, int channel)
            where T : ISimd<V>
            where V : unmanaged
            where TSide : ISide
        {
            int lanes = sizeof(V) / sizeof(float),
                before = TPixels.Before;
            nint pitch = (4 * map.Columns + 2 * before) * lanes;
            float* scratch = map.Scratch;
            for (int row = 0; row < map.Rows; row++)
            {
                int components = map.FiveRow(row) ? 5 : 6;
                // the columns of zeros left and right of the image
                for (int a = 0; a < components; a++)
                {
                    Arrays.Clear(scratch + a * pitch, before * lanes);
                    Arrays.Clear(scratch + a * pitch + (before + map.Width) * lanes, (4 * map.Columns + before - map.Width) * lanes);
                }
                for (int x = 0; x < map.Width; x++)
                    TPixels.Transform<T, V>(
                        map.Image + (4 * row - before) * map.RowStride + x * map.Channels + channel,
                        map.RowStride,
                        scratch + (before + x) * lanes,
                        pitch,
                        map.FiveRow(row)
                    );
                for (int column = 0; column < map.Columns; column++)
                {
                    float* tile = map.Tile(row, column) + channel;
                    for (int a = 0; a < components; a++)
                        TPixels.Transform<T, V>(
                            scratch + a * pitch + 4 * column * lanes,
                            lanes,
                            tile + (nint)(6 * a) * map.Stride,
                            map.Stride,
                            map.FiveColumn(column)
                        );
                }
            }
        }
    }

    private struct OutputSide : ISide
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<T, V, TSide>(in TransformMap<TSide> map, int channel)
            where T : ISimd<V>
            where V : unmanaged
            where TSide : ISide
        {
            int lanes = sizeof(V) / sizeof(float);
            nint pitch = 6 * map.Columns * lanes;
            float* scratch = map.Scratch;
            float* line = scratch + 4 * pitch;
            V bias = map.Bias == null ? T.Broadcast(0) : *(V*)(map.Bias + channel);
            for (int row = 0; row < map.Rows; row++)
            {
                for (int column = 0; column < map.Columns; column++)
                {
                    float* tile = map.Tile(row, column) + channel;
                    for (int b = 0; b < (map.FiveColumn(column) ? 5 : 6); b++)
                        Winograd.Output<T, V>(
                            tile + (nint)b * map.Stride,
                            6 * map.Stride,
                            scratch + (6 * column + b) * lanes,
                            pitch,
                            map.FiveRow(row)
                        );
                }
                for (int i = 0; i < Math.Min(4, map.Height - 4 * row); i++)
                {
                    for (int column = 0; column < map.Columns; column++)
                        Winograd.Output<T, V>(
                            scratch + i * pitch + 6 * column * lanes,
                            lanes,
                            line + 4 * column * lanes,
                            lanes,
                            map.FiveColumn(column)
                        );
                    float* to = map.Image + (4 * row + i) * map.RowStride + channel;
                    for (int x = 0; x < map.Width; x++, to += map.Channels)
                    {
                        V y = T.Add(*(V*)(line + x * lanes), bias);
                        *(V*)to = map.Relu ? T.WhereNegative(y, T.Broadcast(0), y) : y;
                    }
                }
            }
        }
    }

    private struct InputGradientSide : ISide
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<T, V, TSide>(in TransformMap<TSide> map, int channel)
            where T : ISimd<V>
            where V : unmanaged
            where TSide : ISide
        {
            int lanes = sizeof(V) / sizeof(float);
            nint pitch = 6 * map.Columns * lanes; // a row of pixels, a component along the row
            float* scratch = map.Scratch;
            float* line = scratch + (4 * map.Rows + 2) * pitch;
            Arrays.Clear(scratch, (int)((4 * map.Rows + 2) * pitch));
            for (int row = 0; row < map.Rows; row++)
            for (int column = 0; column < map.Columns; column++)
            {
                float* tile = map.Tile(row, column) + channel;
                for (int b = 0; b < (map.FiveColumn(column) ? 5 : 6); b++)
                    Winograd.AddInputGradient<T, V>(
                        tile + (nint)b * map.Stride,
                        6 * map.Stride,
                        scratch + 4 * row * pitch + (6 * column + b) * lanes,
                        pitch,
                        map.FiveRow(row)
                    );
            }
            for (int y = 0; y < map.Height; y++)
            {
                Arrays.Clear(line, (4 * map.Columns + 2) * lanes);
                for (int column = 0; column < map.Columns; column++)
                    Winograd.AddInputGradient<T, V>(
                        scratch + (y + 1) * pitch + 6 * column * lanes,
                        lanes,
                        line + 4 * column * lanes,
                        lanes,
                        map.FiveColumn(column)
                    );
                float* to = map.Image + y * map.RowStride + channel;
                float* gate = map.Gate == null ? null : map.Gate + y * map.GateRowStride + channel;
                for (int x = 0; x < map.Width; x++, to += map.Channels)
                {
                    V gradient = *(V*)(line + (x + 1) * lanes);
                    *(V*)to =
                        gate == null ? gradient : T.WherePositive(*(V*)(gate + x * map.Channels), gradient, T.Broadcast(0));
                }
            }
        }
    }

    private struct KernelMap : IMap
    {
        public float* Kernel,
            To;
        public int Tap,
            Stride;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            int lanes = sizeof(V) / sizeof(float);
            float* half = stackalloc float[6 * 3 * 16];
            for (int column = 0; column < 3; column++)
                Winograd.Kernel<T, V>(Kernel + column * Tap + index, 3 * Tap, half + column * lanes, 3 * lanes);
            for (int a = 0; a < 6; a++)
                Winograd.Kernel<T, V>(half + a * 3 * lanes, lanes, To + (nint)(6 * a) * Stride + index, Stride);
        }
    }

    private struct KernelGradientMap : IMap
    {
        public float* Components,
            Gradient;
        public int Tap,
            Stride;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            int lanes = sizeof(V) / sizeof(float);
            float* half = stackalloc float[3 * 6 * 16];
            float* line = stackalloc float[3 * 16];
            for (int b = 0; b < 6; b++)
                Winograd.KernelGradient<T, V>(Components + (nint)b * Stride + index, 6 * Stride, half + b * lanes, 6 * lanes);
            for (int row = 0; row < 3; row++)
            {
                Winograd.KernelGradient<T, V>(half + row * 6 * lanes, lanes, line, lanes);
                for (int column = 0; column < 3; column++)
                    *(V*)(Gradient + (row * 3 + column) * Tap + index) = *(V*)(line + column * lanes);
            }
        }
    }
}
