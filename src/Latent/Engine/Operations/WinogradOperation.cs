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
internal sealed unsafe partial class WinogradOperation : Operation
{
    private const int Components = 36;

    // Rows of a component's product: enough to be worth the reading of its matrix, few enough that all components stay in the nearest large cache.
    private const int RowsOfBlock = 64;
    private readonly int _kernel,
        _bias,
        _rows, // of tiles
        _columns;
    private readonly bool _raggedRow, // whether the last row of tiles has fewer than four rows of outputs
        _raggedColumn;
    private readonly int _block; // images whose components are in memory at a time, beside those kept for the way back
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
        _block = Math.Max(1, RowsOfBlock / order.Length);
        _slots = new int[order.Length];
        for (int slot = 0; slot < order.Length; slot++)
            _slots[order[slot]] = slot;
        int fullRows = _rows - (_raggedRow ? 1 : 0),
            fullColumns = _columns - (_raggedColumn ? 1 : 0),
            first = fullRows * (_columns - fullColumns);
        _ranges = [(0, order.Length), (0, fullRows * _columns), (first, fullColumns * _rows), (first, fullRows * fullColumns)];
    }

    private int From => InputShape.Channels;

    private int To => OutputShape.Channels;

    private int Tiles => _slots.Length;

    // A multiple of 4 KB between components would put them all into the same few cache sets.
    private int WeightStride => checked(From * To + 16);

    private int InputStride => checked(_block * Tiles * From + 16);

    private int OutputStride => checked(_block * Tiles * To + 16);

    public override string Describe() => $"convolution 3×3/1×1 by Winograd F(4×4, 3×3): {Components} products, {_rows} × {_columns} tiles";

    public override long MultiplyAdds => Enumerable.Range(0, Components).Sum(k => (long)Range(k, 1).Count) * From * To;

    public override Borders InputBorders => new(1, 4 * _rows + 1 - InputShape.Height, 0, 0);

    public override Borders OutputGradientBorders => new(0, 4 * _rows - OutputShape.Height, 0, 0);

    public override bool CanGate => true;

    public override bool WantsManyImages => true;

    public override (int Start, int Count) Starts => (_kernel, 9 * From * To);

    protected override bool AppliesActivation => Activation.Kind is ActivationKind.Linear or ActivationKind.Relu;

    public override int KeptLength(int images) => checked((images + _block - 1) / _block * Components * InputStride);

    public override int ScratchLength(int images) => checked(TransformStart + TransformScratch);

    // The scratch holds the outputs' components, then what a transform needs.
    private int TransformStart => checked(Components * Math.Max(OutputStride, InputStride) + 16);

    private int TransformScratch => (6 * _rows + 1) * (6 * _columns + 2) * 16 + 64;

    public override int PackedLength(bool training) => checked((training ? 2 : 1) * Components * WeightStride + Taps);

    private int Taps => checked(9 * From * To + 16);

    public override int ExtraLength => checked(Components * WeightStride);

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
        fixed (int* slots = _slots)
            for (int first = 0; first < f.Images; first += _block)
                Forward(f.Part(first, Math.Min(_block, f.Images - first)), InputsOf(f, first), slots);
    }

    private float* InputsOf(in Frame f, int first) => f.Arena + KeptStart + first / _block * (nint)(Components * InputStride);

    private void Forward(in Frame f, float* inputs, int* slots)
    {
        float* outputs = f.Scratch,
            transform = f.Scratch + TransformStart;
        for (int n = 0; n < f.Images; n++)
            Map.Run(Transform<ComponentsSide<OfInput>>(f, Input, n, inputs, InputStride, From, slots, transform), From);
        for (int k = 0; k < Components; k++)
        {
            var (start, count) = Range(k, f.Images);
            Product.Multiply<Store>(
                count,
                To,
                From,
                inputs + k * InputStride + start * From,
                From,
                1,
                f.Packed + PackedStart + k * WeightStride,
                To,
                outputs + k * OutputStride + start * To,
                To
            );
        }
        for (int n = 0; n < f.Images; n++)
        {
            var map = Transform<OutputSide>(f, Output, n, outputs, OutputStride, To, slots, transform);
            map.Bias = _bias < 0 ? null : f.Weights + _bias;
            map.Relu = Activation.Kind == ActivationKind.Relu;
            Map.Run(map, To);
        }
    }

    public override void Backward(in Frame f)
    {
        AddBiasGradient(f, _bias);
        fixed (int* slots = _slots)
            for (int first = 0; first < f.Images; first += _block)
                Backward(f.Part(first, Math.Min(_block, f.Images - first)), InputsOf(f, first), slots);
    }

    private void Backward(in Frame f, float* inputs, int* slots)
    {
        float* outputs = f.Scratch,
            transform = f.Scratch + TransformStart;
        for (int n = 0; n < f.Images; n++)
            Map.Run(Transform<ComponentsSide<OfOutputGradient>>(f, OutputGradient!, n, outputs, OutputStride, To, slots, transform), To);
        for (int k = 0; k < Components; k++)
        {
            var (start, count) = Range(k, f.Images);
            float* v = inputs + k * InputStride + start * From,
                m = outputs + k * OutputStride + start * To,
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
        if (InputGradient is not { } to)
            return;
        for (int n = 0; n < f.Images; n++)
        {
            var map = Transform<InputGradientSide>(f, to, n, inputs, InputStride, From, slots, transform);
            if (Gates)
            {
                map.Gate = f.Of(Input, n);
                map.GateRowStride = Input.RowStride;
            }
            Map.Run(map, From);
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
            Image = RunOf(f, tensor, n, 0),
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
}
