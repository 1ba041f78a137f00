using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// A transposed convolution: multiply on the small image, then add the products where they belong. Also a convolution with few output
/// channels, after an upsampling or not: it is the same sum with the kernel turned round and, for an upsampling by f, folded: each number of the
/// small image reaches f + k − 1 pixels each way, through sums of kernel numbers.
/// </summary>
internal sealed unsafe class TransposedConvolutionOperation : Operation
{
    private readonly Patches _patches;
    private readonly int _kernel,
        _bias;
    private readonly Fold? _fold;

    /// <summary>A layer that is a transposed convolution.</summary>
    public TransposedConvolutionOperation(Shape input, Shape output, Patches patches, int kernel, int bias)
        : base(input, output) => (_patches, _kernel, _bias) = (patches, kernel, bias);

    /// <summary>An upsampling (by 1 for none) and a convolution without strides.</summary>
    public TransposedConvolutionOperation(Shape input, Shape output, Size2 factor, Patches convolution, int kernel, int bias)
        : base(input, output)
    {
        _fold = new(factor, convolution, input.Channels, output.Channels);
        _patches = _fold.Patches;
        (_kernel, _bias) = (kernel, bias);
    }

    private int KernelLength => checked(_patches.Taps * InputShape.Channels * OutputShape.Channels);

    public override string Describe() =>
        (_fold is null ? "transposed convolution" : $"upsampling {_fold.Factor} and convolution, folded into a transposed one")
        + $" {_patches.Height}×{_patches.Width}/{_patches.StrideY}×{_patches.StrideX}: {InputShape.Channels} × {_patches.Taps * OutputShape.Channels} product, then add";

    public override long MultiplyAdds => (long)KernelLength * InputShape.Height * InputShape.Width;

    public override Borders OutputGradientBorders => _patches.BordersFor(OutputShape, InputShape);

    public override bool CanGate => true;

    public override (int Start, int Count) Starts => _fold is null ? (_kernel, KernelLength) : default;

    protected override bool AppliesActivation => Activation.Kind is ActivationKind.Linear or ActivationKind.Relu;

    public override int ScratchLength(int images) => _patches.ScatterScratch(OutputShape, InputShape);

    public override int PackedLength(bool training) => checked(KernelLength * (_fold is null ? 1 : 2));

    public override int ExtraLength => _fold is null ? 0 : KernelLength;

    public override int PackParts(bool training) => 1;

    // First [in][taps · out] for the way forward, then, where it is folded, [taps][out][in] for the way back.
    public override void Pack(int part, float* weights, float* packed)
    {
        float* forward = packed + PackedStart,
            folded = weights + _kernel;
        if (_fold is not null)
            _fold.Apply(weights + _kernel, folded = forward + KernelLength);
        int taps = _patches.Taps * OutputShape.Channels;
        Arrays.Transpose(folded, InputShape.Channels, forward, taps, taps, InputShape.Channels);
    }

    public override void Forward(in Frame f) =>
        _patches.Scatter(
            f,
            Input,
            Output,
            f.Packed + PackedStart,
            _bias < 0 ? null : f.Weights + _bias,
            Activation.Kind == ActivationKind.Relu
        );

    public override void Backward(in Frame f)
    {
        AddBiasGradient(f, _bias);
        float* gradient = _fold is null ? f.Gradient + _kernel : f.Extra + ExtraStart;
        _patches.Outer(f, OutputGradient!, Input, gradient, store: f.FirstGroup);
        if (InputGradient is not { } to)
            return;
        float* kernel = _fold is null ? f.Weights + _kernel : f.Packed + PackedStart + KernelLength;
        if (Gates)
            _patches.Gather<Masked>(f, OutputGradient!, to, kernel, gate: Input);
        else
            _patches.Gather<Store>(f, OutputGradient!, to, kernel);
    }

    public override void FinishChunk(in Frame f) => _fold?.AddBack(f.Extra + ExtraStart, f.Gradient + _kernel);

    /// <summary>The linear map from the kernel of an upsampling and convolution to that of the transposed convolution, and its adjoint.</summary>
    private sealed class Fold(Size2 factor, Patches convolution, int inputs, int outputs)
    {
        public Size2 Factor => factor;

        // y[u] = Σₖ x[⌊(u + k − p) / f⌋] w[k], so x[i] reaches u = i f + r − (K − 1 − p) with r = a − k + K − 1 for a = 0 … f − 1
        public Patches Patches { get; } =
            new(
                factor.Height + convolution.Height - 1,
                factor.Width + convolution.Width - 1,
                factor.Height,
                factor.Width,
                convolution.Height - 1 - convolution.Top,
                convolution.Width - 1 - convolution.Left
            );

        // which numbers of the convolution's kernel (tap) a number of the folded one (reached) is the sum of
        private readonly (int Reached, int Tap)[] _pairs =
        [
            .. from row in Enumerable.Range(0, factor.Height + convolution.Height - 1)
            from column in Enumerable.Range(0, factor.Width + convolution.Width - 1)
            from k in Enumerable.Range(0, convolution.Height)
            from l in Enumerable.Range(0, convolution.Width)
            where Reaches(row, k, factor.Height, convolution.Height) && Reaches(column, l, factor.Width, convolution.Width)
            select (row * (factor.Width + convolution.Width - 1) + column, k * convolution.Width + l),
        ];

        /// <summary>[taps][in][out] of the convolution to [taps][out][in] of the transposed one.</summary>
        public void Apply(float* kernel, float* folded)
        {
            Arrays.Clear(folded, Patches.Taps * inputs * outputs);
            foreach (var (reached, tap) in _pairs)
                AddTurned(kernel + tap * inputs * outputs, folded + reached * inputs * outputs, inputs, outputs);
        }

        /// <summary>The gradient of the folded kernel back to the kernel's own, added to it.</summary>
        public void AddBack(float* folded, float* gradient)
        {
            foreach (var (reached, tap) in _pairs)
                AddTurned(folded + reached * inputs * outputs, gradient + tap * inputs * outputs, outputs, inputs);
        }

        // to[column, row] += source[row, column]
        private static void AddTurned(float* source, float* to, int rows, int columns)
        {
            for (int column = 0; column < columns; column++)
            for (int row = 0; row < rows; row++)
                to[column * rows + row] += source[row * columns + column];
        }

        private static bool Reaches(int reached, int tap, int factor, int taps) => (uint)(reached + tap - (taps - 1)) < (uint)factor;
    }
}
