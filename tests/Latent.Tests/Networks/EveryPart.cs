using System.Collections.Immutable;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;

namespace Latent.Tests.Networks;

/// <summary>
/// Small autoencoders that hold every layer and every activation of the library. They are found by looking: <see cref="EveryPartTests"/> fails
/// where one is missing.
/// </summary>
internal static class EveryPart
{
    /// <summary>The classes of a kind that can be used: neither abstract nor from another assembly.</summary>
    public static IEnumerable<Type> Classes<T>() =>
        typeof(T).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract);

    /// <summary>All optimizers with their defaults.</summary>
    public static IEnumerable<Optimizer> Optimizers() => Classes<Optimizer>().Select(Make).Cast<Optimizer>();

    /// <summary>Every layer, on grey images of 28 by 28 pixels.</summary>
    public static Autoencoder Layers(long seed) =>
        new(
            new Network(
                "encoder",
                Article.Mnist,
                new Rescaling(2, -1),
                new GaussianNoise(0.2f),
                new Conv2D(6, 3, 2, Padding.Same, Activation.Silu),
                new BatchNormalization(),
                new PReLU(SharePixels: true),
                new Conv2D(5, 3, null, Padding.Same, Activation.Gelu) { DilationRate = 2 },
                new AveragePooling2D(2),
                new ZeroPadding2D(),
                new Conv2D(9, 3, 1, Padding.Valid) { KernelRegularizer = new(L2: 1e-4f), ActivityRegularizer = new(L1: 1e-4f) },
                new ReLU(MaxValue: 6),
                new MaxPooling2D(3, 2, Padding.Same),
                new Dropout(0.25f),
                new GlobalAveragePooling2D(),
                new Dense(4),
                new ActivityRegularization(1e-3f, 1e-3f)
            ),
            new Network(
                "decoder",
                Shape.Vector(4),
                new Dense(8 * 8 * 3, Activation.Selu),
                new Flatten(),
                new Reshape(new(8, 8, 3)),
                new BatchNormalization(0.9f),
                new ELU(),
                new PReLU(),
                new Cropping2D(new Margins(1, 0, 0, 1)),
                new Conv2DTranspose(4, 3, 2, Padding.Same),
                new LeakyReLU(),
                new UpSampling2D(2) { Interpolation = Interpolation.Bilinear },
                new ActivationLayer(Activation.Tanh),
                new Conv2D(3, 3, 2, Padding.Same, Activation.Relu),
                new UpSampling2D(2),
                new Conv2D(1, 3, null, Padding.Same, Activation.Sigmoid)
            ),
            seed
        );

    /// <summary>Every kind of activation function, on grey images of 28 by 28 pixels.</summary>
    public static Autoencoder Activations(long seed) =>
        new(
            new Network("encoder", Article.Mnist, [new Flatten(), .. Functions.Select(function => new Dense(20, function)), new Dense(3)]),
            new Network("decoder", Shape.Vector(3), new Dense(28 * 28, Activation.Sigmoid), new Reshape(Article.Mnist)),
            seed
        );

    /// <summary>An activation of every kind, those with numbers of their own with some.</summary>
    public static ImmutableArray<Activation> Functions { get; } =
    [
        .. Enum.GetValues<ActivationKind>()
            .Select(kind =>
                kind switch
                {
                    ActivationKind.LeakyRelu => Activation.LeakyRelu(0.3f),
                    ActivationKind.Elu => Activation.Elu(0.7f),
                    ActivationKind.BoundedRelu => new(kind, 0.1f, 0.2f, 1.1f),
                    _ => new Activation(kind),
                }
            ),
    ];

    private static object Make(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(p => p.DefaultValue)]);
    }
}
