using System.Runtime.CompilerServices;
using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// A 3 × 3 convolution with 'same' padding and many channels on a small image, by Winograd's F(4 × 4, 3 × 3): tiles of 4 × 4 outputs become 36
/// components, each a product of its own, with 2.25 to 4 times fewer multiplications than the convolution itself.
/// </summary>
/// <remarks>
/// Components are stored one after the other, each with a row of channels per tile and image. A tile at the lower or right edge that has fewer than four
/// rows or columns of outputs needs no component of the point ∞ in that direction; the tiles are ordered so that those that need it are
/// contiguous for each component.
/// </remarks>
internal sealed unsafe class WinogradOperation : Operation
{
    private const int Components = 36;
    private readonly int _kernel,
        _bias,
        _rows, // of tiles
        _columns;
    private readonly bool _raggedRow, // whether the last row of tiles has fewer than four rows of outputs
        _raggedColumn;
    private readonly int[] _slots; // the place of tile (row, column) in a component
    private readonly (int Start, int Count)[] _ranges; // of slots, for all tiles; for a = 5; for b = 5; for both

    public WinogradOperation(Shape input, Shape output, int kernel, int bias)
        : base(input, output)
    {
        (_kernel, _bias) = (kernel, bias);
        (_rows, _columns) = ((input.Height + 3) / 4, (input.Width + 3) / 4);
        (_raggedRow, _raggedColumn) = (input.Height % 4 != 0, input.Width % 4 != 0);
        var order = Enumerable
            .Range(0, _rows * _columns)
            .OrderBy(tile =>
                (IsFiveRow(tile / _columns), IsFiveColumn(tile % _columns)) switch
                {
                    (false, true) => 0,
                    (false, false) => 1,
                    (true, false) => 2,
                    _ => 3,
                }
            )
            .ToArray();
        _slots = new int[order.Length];
        for (int slot = 0; slot < order.Length; slot++)
            _slots[order[slot]] = slot;
        int fullRows = _rows - (_raggedRow ? 1 : 0),
            fullColumns = _columns - (_raggedColumn ? 1 : 0),
            first = fullRows * (_columns - fullColumns);
        _ranges = [(0, order.Length), (0, fullRows * _columns), (first, fullColumns * _rows), (first, fullRows * fullColumns)];
    }

    /// <summary>Whether a layer is worth it: many channels, few tiles. It depends on the shape alone.</summary>
    public static bool Suits(Conv2D layer, Shape input) =>
        layer.Kernel == 3
        && layer.Stride == 1
        && layer.Padding == Padding.Same
        && input.Channels >= 32
        && layer.Filters >= 32
        && input.Height is >= 4 and <= 16
        && input.Width is >= 4 and <= 16;

    private int From => InputShape.Channels;

    private int To => OutputShape.Channels;

    private int Tiles => _slots.Length;

    // A multiple of 4 KB between components would put them all into the same few cache sets.
    private int WeightStride => From * To + 16;

    private int InputStride(int images) => images * Tiles * From + 16;

    private int OutputStride(int images) => images * Tiles * To + 16;

    public override string Describe() => $"convolution 3×3/1×1 by Winograd F(4×4, 3×3): {Components} products, {_rows} × {_columns} tiles";

    public override Borders InputBorders => new(1, 4 * _rows + 1 - InputShape.Height, 0, 0);

    public override Borders OutputGradientBorders => new(0, 4 * _rows - OutputShape.Height, 0, 0);

    protected override bool AppliesActivation => Activation.Kind is ActivationKind.Linear or ActivationKind.Relu;

    public override int KeptLength(int images) => Components * InputStride(images);

    public override int ScratchFor(int images) => Components * Math.Max(OutputStride(images), InputStride(images)) + TransformScratch;

    private int TransformScratch => (6 * _rows + 1) * (6 * _columns + 2) * 16 + 64;

    public override int PackedLength(bool training) => (training ? 2 : 1) * Components * WeightStride + Taps;

    private int Taps => 9 * From * To + 16;

    public override int ExtraLength => Components * WeightStride;

    private const int RowsPerPart = 16;

    private static int Parts(int rows) => (rows + RowsPerPart - 1) / RowsPerPart;

    public override int PackParts(bool training) => Parts(From) + (training ? Parts(To) : 0);

    // First the components of the kernel [in][out]; then, for the way back, those of its transpose [out][in], which is made behind them.
    public override void Pack(int part, float* weights, float* packed)
    {
        float* forward = packed + PackedStart,
            back = forward + Components * WeightStride,
            turned = back + Components * WeightStride;
        if (part < Parts(From))
        {
            int first = part * RowsPerPart;
            for (int row = first; row < Math.Min(first + RowsPerPart, From); row++)
                Map.Run(
                    new KernelMap
                    {
                        Kernel = weights + _kernel + row * To,
                        Tap = From * To,
                        To = forward + row * To,
                        Stride = WeightStride,
                    },
                    To
                );
            return;
        }
        int start = (part - Parts(From)) * RowsPerPart,
            count = Math.Min(RowsPerPart, To - start);
        for (int tap = 0; tap < 9; tap++)
            Arrays.Transpose(weights + _kernel + tap * From * To + start, To, turned + (tap * To + start) * From, From, From, count);
        for (int row = start; row < start + count; row++)
            Map.Run(
                new KernelMap
                {
                    Kernel = turned + row * From,
                    Tap = From * To,
                    To = back + row * From,
                    Stride = WeightStride,
                },
                From
            );
    }

    public override void Forward(in Frame f)
    {
        float* inputs = f.Arena + KeptStart,
            outputs = f.Scratch,
            transform = f.Scratch + Components * Math.Max(OutputStride(f.Images), InputStride(f.Images)) + 16;
        fixed (int* slots = _slots)
        {
            for (int n = 0; n < f.Images; n++)
                Map.Run(Transform<ComponentsSide<OfInput>>(f, Input, n, inputs, InputStride(f.Images), From, slots, transform), From);
            for (int k = 0; k < Components; k++)
            {
                var (start, count) = Range(k, f.Images);
                Product.Multiply<Store>(
                    count,
                    To,
                    From,
                    inputs + k * InputStride(f.Images) + start * From,
                    From,
                    1,
                    f.Packed + PackedStart + k * WeightStride,
                    To,
                    outputs + k * OutputStride(f.Images) + start * To,
                    To
                );
            }
            for (int n = 0; n < f.Images; n++)
            {
                var map = Transform<OutputSide>(f, Output, n, outputs, OutputStride(f.Images), To, slots, transform);
                map.Bias = _bias < 0 ? null : f.Weights + _bias;
                map.Relu = Activation.Kind == ActivationKind.Relu;
                Map.Run(map, To);
            }
        }
    }

    public override void Backward(in Frame f)
    {
        AddBiasGradient(f, _bias);
        float* inputs = f.Arena + KeptStart,
            outputs = f.Scratch,
            transform = f.Scratch + Components * Math.Max(OutputStride(f.Images), InputStride(f.Images)) + 16;
        fixed (int* slots = _slots)
        {
            for (int n = 0; n < f.Images; n++)
                Map.Run(
                    Transform<ComponentsSide<OfOutputGradient>>(
                        f,
                        OutputGradient!,
                        n,
                        outputs,
                        OutputStride(f.Images),
                        To,
                        slots,
                        transform
                    ),
                    To
                );
            for (int k = 0; k < Components; k++)
            {
                var (start, count) = Range(k, f.Images);
                float* v = inputs + k * InputStride(f.Images) + start * From,
                    m = outputs + k * OutputStride(f.Images) + start * To,
                    gradient = f.Extra + ExtraStart + k * WeightStride;
                if (f.FirstGroup)
                    Product.Multiply<Store>(From, To, count, v, 1, From, m, To, gradient, To);
                else
                    Product.Multiply<AddTo>(From, To, count, v, 1, From, m, To, gradient, To);
                if (InputGradient is null)
                    continue;
                // the inputs' components are no longer needed: their gradients take their place
                float* turned = f.Packed + PackedStart + (Components + k) * WeightStride;
                Product.Multiply<Store>(count, From, To, m, To, 1, turned, From, v, From);
            }
            if (InputGradient is { } to)
                for (int n = 0; n < f.Images; n++)
                    Map.Run(Transform<InputGradientSide>(f, to, n, inputs, InputStride(f.Images), From, slots, transform), From);
        }
    }

    public override void FinishChunk(in Frame f)
    {
        for (int row = 0; row < From; row++)
            Map.Run(
                new KernelGradientMap
                {
                    Components = f.Extra + ExtraStart + row * To,
                    Stride = WeightStride,
                    Gradient = f.Gradient + _kernel + row * To,
                    Tap = From * To,
                },
                To
            );
    }

    private bool IsFiveRow(int row) => _raggedRow && row == _rows - 1;

    private bool IsFiveColumn(int column) => _raggedColumn && column == _columns - 1;

    // The rows of component k: all tiles, or those that need it.
    private (int Start, int Count) Range(int k, int images)
    {
        var (start, count) = _ranges[(k / 6 == 5 ? 1 : 0) + (k % 6 == 5 ? 2 : 0)];
        return (start * images, count * images);
    }

    private TransformMap<TSide> Transform<TSide>(
        in Frame f,
        Tensor tensor,
        int n,
        float* components,
        int stride,
        int channels,
        int* slots,
        float* scratch
    )
        where TSide : ISide =>
        new()
        {
            Image = RunOf(f.Arena, tensor, n, 0),
            RowStride = tensor.RowStride,
            Channels = channels,
            Components = components + n * channels,
            Stride = stride,
            TileStride = f.Images * channels,
            Slots = slots,
            Scratch = scratch,
            Height = tensor.Shape.Height,
            Width = tensor.Shape.Width,
            Rows = _rows,
            Columns = _columns,
            RaggedRow = _raggedRow,
            RaggedColumn = _raggedColumn,
        };

    // One image, one vector of channels: from pixels to components or back, first down the columns, then along the rows. A place of the
    // scratch between them is a vector.
    private struct TransformMap<TSide> : IMap
        where TSide : ISide
    {
        public float* Image,
            Components,
            Scratch,
            Bias;
        public int* Slots;
        public int RowStride,
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
                for (int x = 0; x < map.Width; x++, to += map.Channels)
                    *(V*)to = *(V*)(line + (x + 1) * lanes);
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
                {
                    var to = (V*)(Gradient + (row * 3 + column) * Tap + index);
                    *to = T.Add(*to, *(V*)(line + column * lanes));
                }
            }
        }
    }
}
