using System.Collections.Immutable;
using CsCheck;
using Latent.Networks;

namespace Latent.Tests.Networks;

/// <summary>Random descriptions in which every layer fits; every option of every layer turns up.</summary>
internal static class RandomNetwork
{
    private static readonly Gen<Size2> s_size = Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], (h, w) => new Size2(h, w));

    private static readonly Gen<Size2?> s_sizeOrNone = Gen.OneOf(s_size.Select(s => (Size2?)s), Gen.Const((Size2?)null));

    private static readonly Gen<Padding> s_padding = Gen.OneOf(Gen.Const(Padding.Same), Gen.Const(Padding.Valid));

    private static readonly Activation[] s_activations =
    [
        Activation.Linear,
        Activation.Relu,
        Activation.Sigmoid,
        Activation.Tanh,
        Activation.LeakyRelu(),
        Activation.Relu6,
        Activation.Selu,
        Activation.Exponential,
        Activation.Softplus,
        Activation.Softsign,
        Activation.Silu,
        Activation.Gelu,
        Activation.Mish,
        Activation.HardSigmoid,
        Activation.Softmax,
        Activation.Elu(),
        Activation.Elu(0.3f),
        new(ActivationKind.BoundedRelu, 0.1f, 0.2f, 3),
        new(ActivationKind.BoundedRelu, 0.1f, 0.2f),
    ];

    private static readonly Gen<Activation> s_activation = Gen.OneOf(
        Gen.Int[0, s_activations.Length - 1].Select(i => s_activations[i]),
        Gen.Single[-1, 1].Select(Activation.LeakyRelu)
    );

    private static readonly Gen<Activation?> s_activationOrNone = Gen.OneOf(
        s_activation.Select(a => (Activation?)a),
        Gen.Const((Activation?)null)
    );

    private static readonly Gen<Regularizer?> s_regularizer = Gen.Select(Gen.Int[0, 2], Gen.Single[0, 1], Gen.Single[0, 1])
        .Select((dice, l1, l2) => dice > 0 ? null : new Regularizer(l1, l2));

    private static readonly Gen<(Regularizer? Kernel, Regularizer? Bias, Regularizer? Activity)> s_regularizers = Gen.Select(
        s_regularizer,
        s_regularizer,
        s_regularizer
    );

    private static readonly Gen<Margins> s_margins = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2])
        .Select((top, bottom, left, right) => new Margins(top, bottom, left, right));

    private static readonly Gen<Layer> s_layer = Gen.OneOf<Layer>(
        Gen.Select(Gen.Int[1, 9], s_size, s_sizeOrNone, s_padding, s_activationOrNone, Gen.Bool, s_regularizers)
            .Select(
                (f, k, s, p, a, b, r) =>
                    (Layer)
                        new Conv2D(f, k, s, p, a, b)
                        {
                            DilationRate = s is null && k.Height == 3 ? (2, 1) : null,
                            KernelRegularizer = r.Kernel,
                            BiasRegularizer = r.Bias,
                            ActivityRegularizer = r.Activity,
                        }
            ),
        Gen.Select(Gen.Int[1, 9], s_size, s_sizeOrNone, s_padding, s_activationOrNone, Gen.Bool, s_regularizers)
            .Select(
                (f, k, s, p, a, b, r) =>
                    (Layer)
                        new Conv2DTranspose(f, k, s, p, a, b)
                        {
                            KernelRegularizer = r.Kernel,
                            BiasRegularizer = r.Bias,
                            ActivityRegularizer = r.Activity,
                        }
            ),
        Gen.Select(Gen.Int[1, 9], s_activationOrNone, Gen.Bool, s_regularizers)
            .Select(
                (u, a, b, r) =>
                    (Layer)
                        new Dense(u, a, b)
                        {
                            KernelRegularizer = r.Kernel,
                            BiasRegularizer = r.Bias,
                            ActivityRegularizer = r.Activity,
                        }
            ),
        Gen.Const<Layer>(new Flatten()),
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], Gen.Int[1, 4]).Select((h, w, c) => (Layer)new Reshape(new(h, w, c))),
        Gen.Int[1, 60].Select(n => (Layer)new Reshape(Shape.Vector(n))),
        s_size.Select(s => (Layer)new UpSampling2D(s)),
        Gen.Select(s_sizeOrNone, s_sizeOrNone, s_padding).Select((k, s, p) => (Layer)new MaxPooling2D(k, s, p)),
        s_size.Select(s => (Layer)new UpSampling2D(s) { Interpolation = Interpolation.Bilinear }),
        Gen.Select(s_sizeOrNone, s_sizeOrNone, s_padding).Select((k, s, p) => (Layer)new AveragePooling2D(k, s, p)),
        Gen.Bool.Select(keep => (Layer)new GlobalAveragePooling2D(keep)),
        s_margins.Select(margins => (Layer)new ZeroPadding2D(margins)),
        s_margins.Select(margins => (Layer)new Cropping2D(margins)),
        Gen.Select(Gen.Single[0, 1], Gen.Single[0.001f, 1], Gen.Bool, Gen.Bool)
            .Select((momentum, epsilon, center, scale) => (Layer)new BatchNormalization(momentum, epsilon, center, scale)),
        Gen.Single[0, 0.9f].Select(rate => (Layer)new Dropout(rate)),
        Gen.Single[0, 1].Select(deviation => (Layer)new GaussianNoise(deviation)),
        Gen.Select(Gen.Single[-2, 2], Gen.Single[-2, 2]).Select((scale, offset) => (Layer)new Rescaling(scale, offset)),
        Gen.Select(Gen.Single[0, 1], Gen.Single[0, 1], Gen.Bool)
            .Select((slope, threshold, bounded) => (Layer)new ReLU(bounded ? 3 : null, slope, threshold)),
        Gen.Single[0, 1].Select(slope => (Layer)new LeakyReLU(slope)),
        Gen.Single[0, 1].Select(alpha => (Layer)new ELU(alpha)),
        Gen.Bool.Select(shared => (Layer)new PReLU(shared)),
        Gen.Select(Gen.Single[0, 1], Gen.Single[0, 1]).Select((l1, l2) => (Layer)new ActivityRegularization(l1, l2)),
        s_activation.Select(a => (Layer)new ActivationLayer(a))
    );

    private static readonly Gen<Layer> s_named = Gen.Select(s_layer, Gen.Int[0, 3], Gen.String[Gen.Char["abcé\"\\_"], 1, 6])
        .Select((layer, dice, name) => dice == 0 ? layer with { Name = name } : layer);

    private static readonly Gen<Shape> s_shape = Gen.OneOf(
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[1, 5], (h, w, c) => new Shape(h, w, c)),
        Gen.Int[1, 60].Select(Shape.Vector)
    );

    public static Gen<Network> Any { get; } =
        Gen.Select(Gen.String[Gen.Char["abcé\"_ "], 0, 6], s_shape, s_named.Array[1, 12])
            .Select(
                (name, input, candidates) =>
                {
                    var layers = ImmutableArray.CreateBuilder<Layer>();
                    var shape = input;
                    foreach (var layer in candidates)
                        if (Fits(layer, shape) is { } output)
                            (shape, _) = (output, Add(layers, layer));
                    if (layers.Count == 0)
                        layers.Add(new ActivationLayer(Activation.Tanh));
                    return new Network($"n{name}n", input, layers.ToImmutable());
                }
            );

    private static bool Add(ImmutableArray<Layer>.Builder layers, Layer layer)
    {
        layers.Add(layer);
        return true;
    }

    private static Shape? Fits(Layer layer, Shape input)
    {
        try
        {
            var output = layer.Output(input);
            return output.Size < 100_000 ? output : null;
        }
        catch (LatentException)
        {
            return null;
        }
    }
}
