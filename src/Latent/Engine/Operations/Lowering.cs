using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>From layers to operations: which algorithm, by shape alone.</summary>
internal static class Lowering
{
    // Below this many output channels the lanes of a direct product stand mostly empty: multiply by all taps at once instead, then add.
    private const int FewChannels = 8;

    // Beyond these, what the fused operations keep per tap and pixel costs more than they save.
    private const int MostFoldedTaps = 64 * 64,
        MostPlaces = 1 << 20;

    /// <param name="layout">The networks.</param>
    /// <param name="first">The first network to run.</param>
    /// <param name="count">How many.</param>
    /// <param name="drawn">Whether layers that act in training only do, and normalization is by the batch.</param>
    /// <param name="penalties">Whether penalties on what passes are taken.</param>
    public static List<Operation> Lower(ParameterLayout layout, int first, int count, bool drawn, bool penalties)
    {
        var layers = new List<(Layer Layer, Shape Input, Shape Output, int Kernel, int Bias)>();
        int index = 0;
        for (int n = 0; n < first + count; n++)
        {
            var network = layout.Networks[n];
            for (int i = 0; i < network.Layers.Length; i++, index++)
                if (n >= first)
                    layers.Add((network.Layers[i], network.InputOf(i), network.Shapes[i], Offset(index, "kernel"), Offset(index, "bias")));
        }
        var operations = new List<Operation>();
        Shape layerInput = default,
            layerOutput = default;
        int firstLayer = index - layers.Count;
        for (int i = 0; i < layers.Count; i++)
        {
            var (layer, input, output, kernel, bias) = layers[i];
            (layerInput, layerOutput) = (input, output);
            switch (layer)
            {
                case UpSampling2D { Size: var factor, Interpolation: Interpolation.Nearest }
                    when i + 1 < layers.Count
                        && layers[i + 1].Layer is Conv2D { Stride: (1, 1), Dilation: (1, 1) } next
                        && (next.Filters < FewChannels ? Folds(factor, next.Kernel) : (long)output.Width * next.Kernel.Width <= MostPlaces):
                    var (_, _, target, nextKernel, nextBias) = layers[++i];
                    var window = Window(next.Kernel, 1, next.Padding, output);
                    Add(
                        target.Channels < FewChannels
                            ? new TransposedConvolutionOperation(input, target, factor, window, nextKernel, nextBias)
                            : new UpsampledConvolutionOperation(
                                input,
                                target,
                                factor,
                                window,
                                nextKernel,
                                nextBias,
                                IsDoubling(factor, next, input, target)
                            ),
                        next.Activation
                    );
                    break;
                case Conv2D c when c.Dilation != 1:
                    Add(new DilatedConvolutionOperation(input, output, c, kernel, bias), c.Activation);
                    break;
                case Conv2D c when c.Stride == 1 && c.Filters < FewChannels && input.Channels >= FewChannels && Folds(1, c.Kernel):
                    Add(
                        new TransposedConvolutionOperation(input, output, 1, Window(c.Kernel, 1, c.Padding, input), kernel, bias),
                        c.Activation
                    );
                    break;
                case Conv2D c when SuitsWinograd(c, input):
                    Add(new WinogradOperation(input, output, kernel, bias), c.Activation);
                    break;
                case Conv2D c:
                    Add(
                        new ConvolutionOperation(
                            input,
                            output,
                            Window(c.Kernel, c.Stride, c.Padding, input),
                            kernel,
                            bias,
                            pairs: SuitsPairs(output),
                            backPairs: c.Stride == 1 && SuitsPairs(input)
                        ),
                        c.Activation
                    );
                    break;
                case Conv2DTranspose c:
                    var (top, left) = (
                        Networks.Window.Transposed(input.Height, c.Kernel.Height, c.Stride.Height, c.Padding).Before,
                        Networks.Window.Transposed(input.Width, c.Kernel.Width, c.Stride.Width, c.Padding).Before
                    );
                    var patches = new Patches(c.Kernel.Height, c.Kernel.Width, c.Stride.Height, c.Stride.Width, top, left);
                    Add(new TransposedConvolutionOperation(input, output, patches, kernel, bias), c.Activation);
                    break;
                case Dense d:
                    Add(
                        input.IsVector
                            ? new DenseOperation(input, output, kernel, bias)
                            : new ConvolutionOperation(input, output, new(1, 1, 1, 1, 0, 0), kernel, bias),
                        d.Activation
                    );
                    break;
                case Flatten or Reshape:
                    Add(new CopyOperation(input, output));
                    break;
                case UpSampling2D { Interpolation: Interpolation.Bilinear } u:
                    Resample(
                        "bilinear upsampling",
                        Weights1.Bilinear(input.Height, u.Size.Height),
                        Weights1.Bilinear(input.Width, u.Size.Width)
                    );
                    break;
                case UpSampling2D u:
                    Add(new UpSamplingOperation(input, output, u.Size));
                    break;
                case MaxPooling2D p:
                    Add(new MaxPoolingOperation(input, output, Window(p.Pool, p.Stride, p.Padding, input)));
                    break;
                case AveragePooling2D p:
                    var means = Window(p.Pool, p.Stride, p.Padding, input);
                    Resample(
                        $"average pooling {p.Pool}/{p.Stride}",
                        Weights1.Means(input.Height, means.Height, means.StrideY, means.Top, output.Height),
                        Weights1.Means(input.Width, means.Width, means.StrideX, means.Left, output.Width)
                    );
                    break;
                case GlobalAveragePooling2D:
                    Resample(
                        "global average pooling",
                        Weights1.Means(input.Height, input.Height, 1, 0, 1),
                        Weights1.Means(input.Width, input.Width, 1, 0, 1)
                    );
                    break;
                case ZeroPadding2D { Margins: var m }:
                    Resample(
                        $"padding {m}",
                        Weights1.Shifted(input.Height, m.Top, output.Height),
                        Weights1.Shifted(input.Width, m.Left, output.Width)
                    );
                    break;
                case Cropping2D { Margins: var m }:
                    Resample(
                        $"cropping {m}",
                        Weights1.Shifted(input.Height, -m.Top, output.Height),
                        Weights1.Shifted(input.Width, -m.Left, output.Width)
                    );
                    break;
                case BatchNormalization b:
                    var at = new NormalizationWeights(
                        Offset(firstLayer + i, "gamma"),
                        Offset(firstLayer + i, "beta"),
                        Offset(firstLayer + i, "moving_mean"),
                        Offset(firstLayer + i, "moving_variance")
                    );
                    Add(drawn ? new WholeBatchOperation(input, b, at) : new BatchNormalizationOperation(input, b, at));
                    break;
                case Dropout d when drawn && d.Rate > 0:
                    Add(new NoiseOperation(input, NoiseBits.Layer(layout.LayerNames[firstLayer + i]), d.Rate, 0));
                    break;
                case GaussianNoise g when drawn && g.StandardDeviation > 0:
                    Add(new NoiseOperation(input, NoiseBits.Layer(layout.LayerNames[firstLayer + i]), 0, g.StandardDeviation));
                    break;
                case Dropout or GaussianNoise:
                    break;
                case Rescaling r:
                    Add(new RescalingOperation(input, r.Scale, r.Offset));
                    break;
                case ActivityRegularization:
                    break; // below
                case CustomLayer own:
                    var parameters = layout.Parameters.Where(p => p.Layer == firstLayer + i);
                    Range[] ranges = [.. parameters.Select(p => p.Offset..(p.Offset + p.Count))];
                    Add(new CopyOperation(input, input));
                    Add(new CustomOperation(input, output, own, ranges, layout.Length));
                    Add(new CopyOperation(output, output));
                    break;
                case PReLU p:
                    Add(new PReluOperation(input, Offset(firstLayer + i, "alpha"), p.SharePixels || input.IsVector));
                    break;
                case ReLU r:
                    AddFunction(r.Function, input);
                    break;
                case LeakyReLU r:
                    AddFunction(r.Function, input);
                    break;
                case ELU e:
                    AddFunction(e.Function, input);
                    break;
                case ActivationLayer a:
                    AddFunction(a.Function, input);
                    break;
                default:
                    throw new LatentException($"The engine does not know the layer {layer.ClassName}.");
            }
            if (penalties && PenaltyOf(layers[i].Layer) is { } penalty)
                Add(new PenaltyOperation(layers[i].Output, penalty.L1, penalty.L2));
        }
        if (operations.Count == 0)
            operations.Add(new CopyOperation(layers[0].Input, layers[0].Input));
        return operations;

        int Offset(int layer, string name) =>
            layout.Parameters.FirstOrDefault(p => p.Layer == layer && p.Weight.Name == name)?.Offset ?? -1;

        void Add(Operation operation, Activation? activation = null)
        {
            operations.Add(operation);
            if (activation is null)
                return;
            if (activation.Kind == ActivationKind.Softmax)
                operations.Add(new SoftmaxOperation(operation.OutputShape));
            else if (activation.HasDerivativeOfOutput)
                operation.Activation = activation;
            else
                operations.Add(new ActivationOperation(operation.OutputShape) { Activation = activation });
        }

        // with the operation before it where that has none yet and the derivative follows from the output
        void AddFunction(Activation function, Shape shape)
        {
            if (function.Kind == ActivationKind.Softmax)
                operations.Add(new SoftmaxOperation(shape));
            else if (
                function.HasDerivativeOfOutput
                && operations is [.., { Activation.Kind: ActivationKind.Linear } before]
                && before is not CopyOperation
            )
                before.Activation = function;
            else
                operations.Add(new ActivationOperation(shape) { Activation = function });
        }

        void Resample(string name, Weights1[] rows, Weights1[] columns) =>
            Add(new ResamplingOperation(name, layerInput, layerOutput, rows, columns));
    }

    private static Regularizer? PenaltyOf(Layer layer) =>
        layer switch
        {
            ActivityRegularization l => new(l.L1, l.L2),
            KernelLayer l => l.ActivityRegularizer,
            _ => null,
        };

    // Many channels, and tiles enough: what is saved must be worth the way to the components and back.
    private static bool SuitsWinograd(Conv2D layer, Shape input) =>
        layer.Kernel == 3
        && layer.Stride == 1
        && layer.Padding == Padding.Same
        && input.Channels >= 32
        && layer.Filters >= 32
        && input.Height is >= 4 and <= 16
        && input.Width is >= 4 and <= 16;

    // Pixels that fill half a register, an even number in a row.
    private static bool SuitsPairs(Shape small) => small.Channels == PixelPairs.Channels && small.Width % 2 == 0 && small.Width >= 4;

    private static bool IsDoubling(Size2 factor, Conv2D layer, Shape input, Shape output) =>
        factor == 2
        && layer.Kernel == 3
        && layer.Padding == Padding.Same
        && output.Height == 2 * input.Height
        && output.Width == 2 * input.Width;

    private static bool Folds(Size2 factor, Size2 kernel) =>
        ((long)factor.Height + kernel.Height - 1) * ((long)factor.Width + kernel.Width - 1) <= MostFoldedTaps;

    private static Patches Window(Size2 kernel, Size2 stride, Padding padding, Shape input) =>
        new(
            kernel.Height,
            kernel.Width,
            stride.Height,
            stride.Width,
            Networks.Window.Of(input.Height, kernel.Height, stride.Height, padding).Before,
            Networks.Window.Of(input.Width, kernel.Width, stride.Width, padding).Before
        );
}
