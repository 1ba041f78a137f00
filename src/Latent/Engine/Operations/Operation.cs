using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// A layer, or several in one, as the engine runs it. It touches only the images of its group, and it sums in an order that depends on shapes
/// alone.
/// </summary>
internal abstract unsafe class Operation(Shape input, Shape output)
{
    public Shape InputShape { get; } = input;

    public Shape OutputShape { get; } = output;

    /// <summary>
    /// Applied to the output; what does the sums may apply a ReLU itself. Only <see cref="ActivationOperation"/>, which has its input at hand,
    /// takes one whose derivative does not follow from the output.
    /// </summary>
    public Activation Activation { get; set; } = Activation.Linear;

    // Where things lie; set by the plan.
    public Tensor Input { get; set; } = null!;

    public Tensor Output { get; set; } = null!;

    public Tensor? InputGradient { get; set; }

    public Tensor? OutputGradient { get; set; }

    /// <summary>
    /// Set where the input is the result of a ReLU and this operation takes the gradient through that as it writes it, see
    /// <see cref="CanGate"/>.
    /// </summary>
    public bool Gates { get; set; }

    /// <summary>Set where the operation behind takes the gradient through this one's activation.</summary>
    public bool IsGated { get; set; }

    /// <summary>Whether the gradient of the input may pass where the input is positive only: a ReLU before it needs no pass of its own.</summary>
    public virtual bool CanGate => false;

    /// <summary>
    /// Whether its weights are many beside what passes, so that it should take many images at a time.
    /// </summary>
    public virtual bool WantsManyImages => false;

    /// <summary>
    /// The numbers of <see cref="Frame.Gradient"/> that it writes, not adds to, for the first images of a chunk; all others are zero by then.
    /// </summary>
    public virtual (int Start, int Count) Starts => default;

    /// <summary>What it is, in words, for <see cref="ProgramSummary"/>.</summary>
    public abstract string Describe();

    /// <summary>
    /// The multiply-adds of its product for an image, as they are executed. Forward it takes one such product; back one for the weights and one
    /// for the input.
    /// </summary>
    public virtual long MultiplyAdds => 0;

    /// <summary>Those of a training step for an image.</summary>
    public long MultiplyAddsOfStep => (InputGradient is null ? 2 : 3) * MultiplyAdds;

    /// <summary>The zeros it wants around its input.</summary>
    public virtual Borders InputBorders => default;

    /// <summary>The zeros it wants around the gradient of its output.</summary>
    public virtual Borders OutputGradientBorders => default;

    /// <summary>Floats of scratch it uses for so many images.</summary>
    public virtual int ScratchLength(int images) => 0;

    /// <summary>Floats it keeps in the arena from its way forward to its way back, from the index <see cref="KeptStart"/> on.</summary>
    public virtual int KeptLength(int images) => 0;

    public int KeptStart { get; set; }

    /// <summary>Floats it keeps of packed weights, from the index <see cref="PackedStart"/> on.</summary>
    public virtual int PackedLength(bool training) => 0;

    public int PackedStart { get; set; }

    /// <summary>Floats it keeps in <see cref="Frame.Extra"/>, from the index <see cref="ExtraStart"/> on.</summary>
    public virtual int ExtraLength => 0;

    public int ExtraStart { get; set; }

    /// <summary>Into how many parts its packing may be split; 0 where it packs nothing.</summary>
    public virtual int PackParts(bool training) => 0;

    /// <summary>Makes one part of the packed weights anew.</summary>
    public virtual void Pack(int part, float* weights, float* packed) { }

    public abstract void Forward(in Frame frame);

    /// <summary>
    /// Adds the gradients of the weights to the chunk's and, where there is an <see cref="InputGradient"/>, makes it. The gradient of the
    /// output is through its activation already.
    /// </summary>
    public abstract void Backward(in Frame frame);

    /// <summary>After the last group of a chunk: what is kept in <see cref="Frame.Extra"/> becomes gradients of weights.</summary>
    public virtual void FinishChunk(in Frame frame) { }

    /// <summary>Whether <see cref="Forward"/> applies the activation itself.</summary>
    protected virtual bool AppliesActivation => Activation.Kind == ActivationKind.Linear;

    /// <summary>The whole way forward: the operation, then its activation where it is still to be applied.</summary>
    public void Run(in Frame frame)
    {
        Forward(frame);
        if (!AppliesActivation)
            for (int n = 0; n < frame.Images; n++)
            for (int run = 0; run < Output.Runs; run++)
                Activations.Forward(Activation, RunOf(frame, Output, n, run), Output.RunLength);
    }

    /// <summary>The whole way back: through the activation, then the operation.</summary>
    public void RunBackward(in Frame frame)
    {
        BackwardThroughActivation(frame);
        Backward(frame);
    }

    /// <summary>The gradient of the output becomes that of what the activation was given.</summary>
    public void BackwardThroughActivation(in Frame frame)
    {
        if (IsGated)
            return;
        var gradient = OutputGradient!;
        if (Activation.Kind != ActivationKind.Linear && Activation.HasDerivativeOfOutput)
        {
            // Both may have borders or not; where one has, go row by row.
            bool whole = Output.Borders.IsNone && gradient.Borders.IsNone;
            int runs = whole ? 1 : OutputShape.Height,
                length = OutputShape.Size / runs;
            for (int n = 0; n < frame.Images; n++)
            for (int run = 0; run < runs; run++)
                Activations.Backward(Activation, RunOf(frame, Output, n, run), RunOf(frame, gradient, n, run), length);
        }
    }

    /// <summary>How many zeros an operation packs, at <see cref="PackedStart"/>, to stand where it has no bias (an index below 0).</summary>
    protected static int ZerosFor(int bias, int channels) => bias < 0 ? (channels + 15) / 16 * 16 : 0;

    /// <summary>The bias, or the zeros in its place.</summary>
    protected float* BiasOf(in Frame frame, int bias) => bias < 0 ? frame.Packed + PackedStart : frame.Weights + bias;

    protected static float* RunOf(in Frame frame, Tensor tensor, int image, int run) =>
        frame.Of(tensor, image) + (nint)run * tensor.RowStride;

    /// <summary>Adds the sums over the pixels of the output's gradient to a bias's gradient.</summary>
    protected void AddBiasGradient(in Frame frame, int bias)
    {
        if (bias < 0)
            return;
        var g = OutputGradient!;
        for (int n = 0; n < frame.Images; n++)
            Sums.AddPixels(
                RunOf(frame, g, n, 0),
                g.Runs,
                g.RowStride,
                g.RunLength / OutputShape.Channels,
                OutputShape.Channels,
                frame.Gradient + bias
            );
    }
}
