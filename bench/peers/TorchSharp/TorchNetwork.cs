using Latent.Bench.Shared;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Latent.Bench.Peers;

/// <summary>
/// A case's network as modules, as a user writes it: padding of 1 on all sides. Keras pads an even image before a stride of 2 at the bottom and
/// the right alone; turned by half a turn, images and kernels alike, the two are the same network, and torch does no more work than by its own
/// habits. So kernels, images and the rows of dense layers that meet an image are turned here, and outputs turned back for comparison.
/// </summary>
internal static class TorchNetwork
{
    public static Sequential Of(IReadOnlyList<CaseLayer> layers)
    {
        var modules = new List<Module<Tensor, Tensor>>();
        for (int i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            switch (layer.Kind)
            {
                case "conv2d":
                    modules.Add(Convolution(layer));
                    break;
                case "dense":
                    modules.Add(Dense(layer, before: i > 0 ? layers[i - 1] : null, after: i + 1 < layers.Count ? layers[i + 1] : null));
                    break;
                case "flatten":
                    modules.Add(Flatten());
                    break;
                case "reshape":
                    modules.Add(Unflatten(1, [layer.Output[2], layer.Output[0], layer.Output[1]]));
                    break;
                case "upsample":
                    modules.Add(Upsample(scale_factor: [layer.Factor, layer.Factor], mode: UpsampleMode.Nearest));
                    break;
                default:
                    throw new NotSupportedException($"has no layer '{layer.Kind}'");
            }
            if (layer.Activation == "relu")
                modules.Add(ReLU());
            else if (layer.Activation == "sigmoid")
                modules.Add(Sigmoid());
        }
        return Sequential(modules);
    }

    /// <summary>(n, height, width, channels) to torch's (n, channels, height, width), turned.</summary>
    public static Tensor FromImages(Tensor images) => images.flip(1, 2).permute(0, 3, 1, 2);

    /// <summary>The way back.</summary>
    public static Tensor ToImages(Tensor images) => images.permute(0, 2, 3, 1).flip(1, 2);

    /// <summary>
    /// Where a convolution has so few output channels and its kernel is not channels-last, libtorch 2.10 gives a wrong gradient of its input, or
    /// one that is no number: it reads memory that nothing wrote to. So these layers are channels-last in either form of the program.
    /// </summary>
    public const int FewChannels = 3;

    /// <summary>Kernels of convolutions as (out, height, width, in) in memory: what they give is then channels-last too.</summary>
    /// <param name="module">The network.</param>
    /// <param name="most">Only convolutions with at most so many output channels.</param>
    public static void MakeChannelsLast(Module module, int most)
    {
        using var off = no_grad();
        foreach (var parameter in module.parameters())
        {
            if (parameter.ndim == 4 && parameter.shape[0] <= most)
                parameter.set_(parameter.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        }
    }

    private static Conv2d Convolution(CaseLayer layer)
    {
        int k = layer.Kernel;
        var module = Conv2d(layer.Input[2], layer.Output[2], k, stride: layer.Stride, padding: k / 2);
        Set(module.weight!, tensor(layer.Weights, [k, k, layer.Input[2], layer.Output[2]]).flip(0, 1).permute(3, 2, 0, 1));
        Set(module.bias!, tensor(layer.Bias));
        return module;
    }

    private static Linear Dense(CaseLayer layer, CaseLayer? before, CaseLayer? after)
    {
        int inputs = CaseLayer.Product(layer.Input),
            units = layer.Output[^1];
        var module = Linear(inputs, units);
        var weights = tensor(layer.Weights, [inputs, units]);
        var bias = tensor(layer.Bias);
        if (before is { Kind: "flatten", Input: [var h, var w, var c] })
            weights = FromImages(weights.t().reshape(units, h, w, c)).reshape(units, inputs).t();
        if (after is { Kind: "reshape", Output: [var height, var width, var channels] })
        {
            weights = FromImages(weights.reshape(inputs, height, width, channels)).reshape(inputs, units);
            bias = FromImages(bias.reshape(1, height, width, channels)).reshape(units);
        }
        Set(module.weight!, weights.t());
        Set(module.bias!, bias);
        return module;
    }

    private static void Set(Parameter parameter, Tensor value)
    {
        using var off = no_grad();
        if (!parameter.shape.SequenceEqual(value.shape))
            throw new InvalidDataException($"({string.Join(", ", value.shape)}) is no weight of ({string.Join(", ", parameter.shape)})");
        parameter.copy_(value);
    }
}
