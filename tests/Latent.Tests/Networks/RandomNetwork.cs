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
    ];

    private static readonly Gen<Activation> s_activation = Gen.OneOf(
        Gen.Int[0, 4].Select(i => s_activations[i]),
        Gen.Single[-1, 1].Select(Activation.LeakyRelu)
    );

    private static readonly Gen<Activation?> s_activationOrNone = Gen.OneOf(
        s_activation.Select(a => (Activation?)a),
        Gen.Const((Activation?)null)
    );

    private static readonly Gen<Layer> s_layer = Gen.OneOf<Layer>(
        Gen.Select(Gen.Int[1, 9], s_size, s_sizeOrNone, s_padding, s_activationOrNone, Gen.Bool)
            .Select((f, k, s, p, a, b) => (Layer)new Conv2D(f, k, s, p, a, b)),
        Gen.Select(Gen.Int[1, 9], s_size, s_sizeOrNone, s_padding, s_activationOrNone, Gen.Bool)
            .Select((f, k, s, p, a, b) => (Layer)new Conv2DTranspose(f, k, s, p, a, b)),
        Gen.Select(Gen.Int[1, 9], s_activationOrNone, Gen.Bool).Select((u, a, b) => (Layer)new Dense(u, a, b)),
        Gen.Const<Layer>(new Flatten()),
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], Gen.Int[1, 4]).Select((h, w, c) => (Layer)new Reshape(new(h, w, c))),
        Gen.Int[1, 60].Select(n => (Layer)new Reshape(Shape.Vector(n))),
        s_size.Select(s => (Layer)new UpSampling2D(s)),
        Gen.Select(s_sizeOrNone, s_sizeOrNone, s_padding).Select((k, s, p) => (Layer)new MaxPooling2D(k, s, p)),
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
