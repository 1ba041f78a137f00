using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>A layer of the user's own, an image at a time. It stands between copies, so that no tensor of it has borders.</summary>
/// <param name="input">The shape of its input.</param>
/// <param name="output">The shape of its output.</param>
/// <param name="layer">What it does.</param>
/// <param name="weights">Where its weights lie.</param>
/// <param name="layout">The length of all weights.</param>
internal sealed unsafe class CustomOperation(Shape input, Shape output, CustomLayer layer, Range[] weights, int layout)
    : Operation(input, output)
{
    public override string Describe() => $"{layer.ClassName}, a layer of your own";

    public override void Forward(in Frame f)
    {
        for (int n = 0; n < f.Images; n++)
            layer.Forward(
                new LayerForward
                {
                    InputShape = InputShape,
                    OutputShape = OutputShape,
                    Input = Of(f, Input, n),
                    Output = Of(f, Output, n),
                    AllWeights = new(f.Weights, layout),
                    WeightRanges = weights,
                }
            );
    }

    public override void Backward(in Frame f)
    {
        for (int n = 0; n < f.Images; n++)
            layer.Backward(
                new LayerBackward
                {
                    InputShape = InputShape,
                    OutputShape = OutputShape,
                    Input = Of(f, Input, n),
                    Output = Of(f, Output, n),
                    OutputGradient = Of(f, OutputGradient!, n),
                    InputGradient = InputGradient is { } gradient ? Of(f, gradient, n) : [],
                    AllWeights = new(f.Weights, layout),
                    AllGradients = new(f.Gradient, layout),
                    WeightRanges = weights,
                }
            );
    }

    private static Span<float> Of(in Frame f, Tensor tensor, int image) => new(RunOf(f, tensor, image, 0), tensor.Shape.Size);
}
