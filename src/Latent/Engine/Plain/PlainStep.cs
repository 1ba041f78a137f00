using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>
/// One step of a plain network in obvious loops: a layer without its activation, or an activation. The tests hold the fast engine against
/// these, in double precision where rounding must not matter.
/// </summary>
/// <param name="input">The shape of one input.</param>
/// <param name="output">The shape of one output.</param>
internal abstract class PlainStep<T>(Shape input, Shape output)
    where T : IFloatingPointIeee754<T>
{
    public Shape Input { get; } = input;

    public Shape Output { get; } = output;

    /// <summary>The outputs of <paramref name="count"/> inputs.</summary>
    /// <param name="x">count × input size numbers.</param>
    /// <param name="count">Images or vectors.</param>
    /// <param name="weights">The layer's weights in Keras's order and layout; empty where it has none.</param>
    public abstract T[] Forward(T[] x, int count, T[][] weights);

    /// <summary>The gradient for the inputs; that of the weights is added to <paramref name="gradients"/>.</summary>
    /// <param name="x">The inputs of the forward pass.</param>
    /// <param name="dy">The gradient for the outputs.</param>
    /// <param name="count">Images or vectors.</param>
    /// <param name="weights">The layer's weights.</param>
    /// <param name="gradients">As many arrays as there are weights, of the same lengths.</param>
    public abstract T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients);

    /// <summary>
    /// How far the inputs are from a place where the derivative jumps: there another order of summation may rightly give another gradient.
    /// </summary>
    public virtual T KinkDistance(T[] x, int count) => T.PositiveInfinity;
}

/// <summary>The plain steps of a layer.</summary>
internal static class PlainSteps
{
    /// <summary>The layer itself and, where it has one that changes anything, its activation.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">Its full name.</param>
    /// <param name="input">The shape of its input.</param>
    /// <param name="training">What it does in training: the seed and the step that numbers are drawn from; null for what it does in use.</param>
    public static IEnumerable<PlainStep<T>> Of<T>(Layer layer, string name, Shape input, (long Seed, long Step)? training)
        where T : IFloatingPointIeee754<T>
    {
        var output = layer.Output(input);
        var (step, activation) = layer switch
        {
            Conv2D l => (
                (PlainStep<T>)new PlainConvolution<T>(input, output, l.Kernel, l.Stride, l.Dilation, l.Padding, l.UseBias),
                l.Activation
            ),
            Conv2DTranspose l => (new PlainTransposedConvolution<T>(input, output, l.Kernel, l.Stride, l.Padding, l.UseBias), l.Activation),
            Dense l => (new PlainDense<T>(input, output, l.UseBias), l.Activation),
            Flatten or Reshape => (new PlainCopy<T>(input, output), null),
            UpSampling2D { Interpolation: Interpolation.Bilinear } l => (new PlainBilinear<T>(input, output, l.Size), null),
            UpSampling2D l => (new PlainUpSampling<T>(input, output, l.Size), null),
            MaxPooling2D l => (new PlainMaxPooling<T>(input, output, l.Pool, l.Stride, l.Padding), null),
            AveragePooling2D l => (new PlainAveragePooling<T>(input, output, l.Pool, l.Stride, l.Padding), null),
            GlobalAveragePooling2D => (
                new PlainAveragePooling<T>(input, output, (input.Height, input.Width), (input.Height, input.Width), Padding.Valid),
                null
            ),
            ZeroPadding2D l => (new PlainShift<T>(input, output, l.Margins.Top, l.Margins.Left), null),
            Cropping2D l => (new PlainShift<T>(input, output, -l.Margins.Top, -l.Margins.Left), null),
            BatchNormalization l => (new PlainBatchNormalization<T>(input, l, training is not null), null),
            Dropout { Rate: > 0 } l when training is var (seed, number) => (
                new PlainNoise<T>(input, NoiseBits.Layer(name), l.Rate, 0, seed, number),
                null
            ),
            GaussianNoise { StandardDeviation: > 0 } l when training is var (seed, number) => (
                new PlainNoise<T>(input, NoiseBits.Layer(name), 0, l.StandardDeviation, seed, number),
                null
            ),
            Dropout or GaussianNoise => (new PlainCopy<T>(input, output), null),
            Rescaling l => (new PlainRescaling<T>(input, l.Scale, l.Offset), null),
            PReLU l => (new PlainPRelu<T>(input, l.SharePixels), null),
            ActivationLayer l => (OfFunction<T>(input, l.Function), null),
            ReLU l => (new PlainActivation<T>(input, l.Function), null),
            LeakyReLU l => (new PlainActivation<T>(input, l.Function), null),
            ELU l => (new PlainActivation<T>(input, l.Function), null),
            ActivityRegularization => (new PlainCopy<T>(input, output), null), // the penalty stands behind it
            _ => throw new NotSupportedException($"There is no plain reference of {layer.ClassName}."),
        };
        yield return step;
        if (activation is not null && activation.Kind != ActivationKind.Linear)
            yield return OfFunction<T>(output, activation);
        var penalty = layer switch
        {
            ActivityRegularization l => new(l.L1, l.L2),
            Conv2D l => l.ActivityRegularizer,
            Conv2DTranspose l => l.ActivityRegularizer,
            Dense l => l.ActivityRegularizer,
            _ => null,
        };
        if (penalty is not null)
            yield return new PlainPenalty<T>(output, penalty);
    }

    private static PlainStep<T> OfFunction<T>(Shape shape, Activation activation)
        where T : IFloatingPointIeee754<T> =>
        activation.Kind == ActivationKind.Softmax ? new PlainSoftmax<T>(shape) : new PlainActivation<T>(shape, activation);
}
