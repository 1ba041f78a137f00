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
                for (int x = 0; x < 4 * map.Columns + 2 * before; x++)
                    if (x < before || x >= before + map.Width)
                        *(V*)(scratch + a * pitch + x * lanes) = T.Broadcast(0);
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
            for (int row = 0; row < map.Rows; row++)
            for (int column = 0; column < map.Columns; column++)
            {
                float* tile = map.Tile(row, column) + channel;
                for (int b = 0; b < (map.FiveColumn(column) ? 5 : 6); b++)
                    Winograd.InputGradient<T, V>(
                        tile + (nint)b * map.Stride,
                        6 * map.Stride,
                        scratch + 4 * row * pitch + (6 * column + b) * lanes,
                        pitch,
                        row == 0,
                        map.FiveRow(row)
                    );
            }
            for (int y = 0; y < map.Height; y++)
            {
                for (int column = 0; column < map.Columns; column++)
                    Winograd.InputGradient<T, V>(
                        scratch + (y + 1) * pitch + 6 * column * lanes,
                        lanes,
                        line + 4 * column * lanes,
                        lanes,
                        column == 0,
                        map.FiveColumn(column)
                    );
                float* to = map.Image + y * map.RowStride + channel;
                float* gate = map.Gate == null ? null : map.Gate + y * map.GateRowStride + channel;
                for (int x = 0; x < map.Width; x++, to += map.Channels)
                {
                    V gradient = *(V*)(line + (x + 1) * lanes);
                    *(V*)to = gate == null ? gradient : T.WherePositive(*(V*)(gate + x * map.Channels), gradient, T.Broadcast(0));
                }
            }
        }
    }

    // All nine numbers of a kernel to 36 components, for a vector of channels: columns first, then rows, in registers.
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
            float* g = Kernel + index;
            nint tap = Tap;
            Winograd.Kernel<T, V>(
                *(V*)g,
                *(V*)(g + 3 * tap),
                *(V*)(g + 6 * tap),
                out V a0,
                out V a1,
                out V a2,
                out V a3,
                out V a4,
                out V a5
            );
            g += tap;
            Winograd.Kernel<T, V>(
                *(V*)g,
                *(V*)(g + 3 * tap),
                *(V*)(g + 6 * tap),
                out V b0,
                out V b1,
                out V b2,
                out V b3,
                out V b4,
                out V b5
            );
            g += tap;
            Winograd.Kernel<T, V>(
                *(V*)g,
                *(V*)(g + 3 * tap),
                *(V*)(g + 6 * tap),
                out V c0,
                out V c1,
                out V c2,
                out V c3,
                out V c4,
                out V c5
            );
            Row<T, V>(index, 0, a0, b0, c0);
            Row<T, V>(index, 1, a1, b1, c1);
            Row<T, V>(index, 2, a2, b2, c2);
            Row<T, V>(index, 3, a3, b3, c3);
            Row<T, V>(index, 4, a4, b4, c4);
            Row<T, V>(index, 5, a5, b5, c5);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Row<T, V>(int index, int row, V a, V b, V c)
            where T : ISimd<V>
            where V : unmanaged
        {
            float* to = To + (nint)(6 * row) * Stride + index;
            Winograd.Kernel<T, V>(a, b, c, out V u0, out V u1, out V u2, out V u3, out V u4, out V u5);
            *(V*)to = u0;
            *(V*)(to + Stride) = u1;
            *(V*)(to + 2 * Stride) = u2;
            *(V*)(to + 3 * Stride) = u3;
            *(V*)(to + 4 * Stride) = u4;
            *(V*)(to + 5 * Stride) = u5;
        }
    }

    // The same back, for gradients.
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
            Column<T, V>(index, 0, out V a0, out V b0, out V c0);
            Column<T, V>(index, 1, out V a1, out V b1, out V c1);
            Column<T, V>(index, 2, out V a2, out V b2, out V c2);
            Column<T, V>(index, 3, out V a3, out V b3, out V c3);
            Column<T, V>(index, 4, out V a4, out V b4, out V c4);
            Column<T, V>(index, 5, out V a5, out V b5, out V c5);
            float* to = Gradient + index;
            Winograd.KernelGradient<T, V>(a0, a1, a2, a3, a4, a5, out V g0, out V g1, out V g2);
            *(V*)to = g0;
            *(V*)(to + Tap) = g1;
            *(V*)(to + 2 * Tap) = g2;
            to += 3 * Tap;
            Winograd.KernelGradient<T, V>(b0, b1, b2, b3, b4, b5, out g0, out g1, out g2);
            *(V*)to = g0;
            *(V*)(to + Tap) = g1;
            *(V*)(to + 2 * Tap) = g2;
            to += 3 * Tap;
            Winograd.KernelGradient<T, V>(c0, c1, c2, c3, c4, c5, out g0, out g1, out g2);
            *(V*)to = g0;
            *(V*)(to + Tap) = g1;
            *(V*)(to + 2 * Tap) = g2;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Column<T, V>(int index, int column, out V a, out V b, out V c)
            where T : ISimd<V>
            where V : unmanaged
        {
            float* u = Components + (nint)column * Stride + index;
            nint row = 6 * Stride;
            Winograd.KernelGradient<T, V>(
                *(V*)u,
                *(V*)(u + row),
                *(V*)(u + 2 * row),
                *(V*)(u + 3 * row),
                *(V*)(u + 4 * row),
                *(V*)(u + 5 * row),
                out a,
                out b,
                out c
            );
        }
    }
}
