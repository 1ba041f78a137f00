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

    public static List<Operation> Lower(ParameterLayout layout, int first, int count)
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
        for (int i = 0; i < layers.Count; i++)
        {
            var (layer, input, output, kernel, bias) = layers[i];
            switch (layer)
            {
                case UpSampling2D { Size: var factor }
                    when i + 1 < layers.Count
                        && layers[i + 1].Layer is Conv2D { Stride: (1, 1) } next
                        && (next.Filters < FewChannels ? Folds(factor, next.Kernel) : (long)output.Width * next.Kernel.Width <= MostPlaces):
                    var (_, _, target, nextKernel, nextBias) = layers[++i];
                    var window = Window(next.Kernel, 1, next.Padding, output);
                    Add(
                        target.Channels < FewChannels
                            ? new TransposedConvolutionOperation(input, target, factor, window, nextKernel, nextBias)
                            : new UpsampledConvolutionOperation(input, target, factor, window, nextKernel, nextBias),
                        next.Activation
                    );
                    break;
                case Conv2D c when c.Stride == 1 && c.Filters < FewChannels && input.Channels >= FewChannels && Folds(1, c.Kernel):
                    Add(
                        new TransposedConvolutionOperation(input, output, 1, Window(c.Kernel, 1, c.Padding, input), kernel, bias),
                        c.Activation
                    );
                    break;
                case Conv2D c when WinogradOperation.Suits(c, input):
                    Add(new WinogradOperation(input, output, kernel, bias), c.Activation);
                    break;
                case Conv2D c:
                    Add(new ConvolutionOperation(input, output, Window(c.Kernel, c.Stride, c.Padding, input), kernel, bias), c.Activation);
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
                case UpSampling2D u:
                    Add(new UpSamplingOperation(input, output, u.Size));
                    break;
                case MaxPooling2D p:
                    Add(new MaxPoolingOperation(input, output, Window(p.Pool, p.Stride, p.Padding, input)));
                    break;
                case ActivationLayer a
                    when operations is [.., { Activation.Kind: ActivationKind.Linear } before] && before is not CopyOperation:
                    before.Activation = a.Function;
                    break;
                case ActivationLayer a:
                    Add(new ActivationOperation(input), a.Function);
                    break;
                default:
                    throw new LatentException($"The engine does not know the layer {layer.ClassName}.");
            }
        }
        return operations;

        int Offset(int layer, string name) =>
            layout.Parameters.FirstOrDefault(p => p.Layer == layer && p.Weight.Name == name)?.Offset ?? -1;

        void Add(Operation operation, Activation? activation = null)
        {
            operation.Activation = activation ?? Activation.Linear;
            operations.Add(operation);
        }
    }

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
