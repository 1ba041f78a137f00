using System.Collections.Immutable;
using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Networks;
using Latent.Tests.Networks;

namespace Latent.Tests.Plain;

/// <summary>
/// A network of random layers with random weights, inputs and output gradients, made from a number. Where derivatives jump (ReLU at 0, two equal
/// numbers in a pooling window) no rounding may decide, so numbers too near to such a place are drawn again.
/// </summary>
internal sealed class RandomCase
{
    /// <summary>Every kind, and those whose way back goes from the input for their numbers' sake.</summary>
    private static readonly Activation[] s_functions = [.. EveryPart.Functions, Activation.LeakyRelu(-0.5f), Activation.Elu(-0.4f)];

    /// <summary>What a chain may have: the exponential would grow in it beyond what single precision can be held to.</summary>
    private static readonly Activation?[] s_ofChains = [null, .. s_functions.Where(f => f.Kind != ActivationKind.Exponential)];

    /// <summary>With more, one of them is always near a kink.</summary>
    private const int MostValues = 100_000;

    private readonly RandomStream _random;
    private readonly int _number,
        _largestImage,
        _mostChannels;

    private RandomCase(string kind, int number, int largestImage, int mostChannels, int mostImages, double mostWork, double leastKink)
    {
        _random = new(number, $"tests/{kind}");
        (_number, _largestImage, _mostChannels) = (number, largestImage, mostChannels);
        bool trained = Trained.Contains(kind);
        do
        {
            Network = DrawFitting(kind, mostImages, mostWork);
            Weights = new(new ParameterLayout(Network));
            X = new float[Count * Network.Input.Size];
            Dy = new float[Count * Network.Output.Size];
        } while (!FillAwayFromKinks(trained, leastKink)); // some networks have too many sums of one small product
    }

    /// <summary>The kinds of networks: single layers, and chains where one layer's output must suit the next.</summary>
    public static ImmutableArray<string> Layers { get; } =
    [
        "conv",
        "dilated",
        "transposed",
        "dense",
        "dense on images",
        "pool",
        "average",
        "global average",
        "up",
        "bilinear",
        "padding",
        "cropping",
        "prelu",
        "rescaling",
        "activation",
        "activation layer",
    ];

    public static ImmutableArray<string> Chains { get; } =
    [
        "up-conv",
        "dense-reshape-conv",
        "conv-flatten-dense",
        "conv-pool-conv",
        "conv-conv",
        "transposed-transposed",
        "conv-up-conv",
        "conv-average-dilated",
        "padding-conv-bilinear-prelu-cropping",
    ];

    /// <summary>Chains that do something else in training than in use.</summary>
    public static ImmutableArray<string> Trained { get; } =
    ["normalization", "conv-normalization-conv", "normalization twice", "dropout", "noise-conv-dropout-dense"];

    /// <summary>
    /// Not for finite differences of the outputs: a penalty is no part of them, and the others are too much work. They are the shapes for which
    /// the engine has ways of its own: Winograd's, pixels in pairs, doublings, windows that overlap by half, and a decoder of all of them.
    /// </summary>
    public static ImmutableArray<string> Compared { get; } =
    ["penalties", "many channels", "eight channels", "doublings", "halves", "decoder"];

    /// <summary>
    /// The numbers of the cases of a kind. LATENT_CASES=20..320 has others than those of every day run: those from 20 on, below 320.
    /// </summary>
    public static IEnumerable<int> Numbers(string kind, int count)
    {
        string[] range = (Environment.GetEnvironmentVariable(Range) ?? "").Split("..");
        int first = 0;
        if (range is [var from, var to])
            (first, count) = (int.Parse(from), int.Parse(to) - int.Parse(from));
        return Enumerable.Range(first, kind == "activation" ? Math.Max(count, s_functions.Length) : count);
    }

    public const string Range = "LATENT_CASES";

    public Network Network { get; }

    public int Count { get; private set; }

    public WeightStore Weights { get; }

    public float[] X { get; }

    public float[] Dy { get; }

    /// <summary>A case small enough for finite differences.</summary>
    public static RandomCase Small(string kind, int number) => new(kind, number, 9, 70, 3, 3e4, 1e-4);

    /// <summary>A case to hold two engines against each other; every fifth may be ten times as much work as the others.</summary>
    public static RandomCase Large(string kind, int number) => new(kind, number, 19, 70, 70, number % 5 == 0 ? 2e7 : 2e6, 1e-5);

    /// <summary>The case in the plain reference: in use, or in training with the numbers drawn for the first step from its own number.</summary>
    public PlainNetwork<double> Plain(bool training = false) => new(Weights, training ? (_number, 0) : null);

    /// <summary>
    /// The same case with the magnitudes of all numbers and without activations: its outputs and gradients are the sums of magnitudes that
    /// rounding errors are a part of.
    /// </summary>
    public (double[] Y, double[] Dx, double[] Gradients) Magnitudes()
    {
        var layers = Network.Layers.Select(layer =>
            layer switch
            {
                Conv2D l => l with { Activation = null },
                Conv2DTranspose l => l with { Activation = null },
                Dense l => l with { Activation = null },
                ActivationLayer or ReLU or LeakyReLU or ELU => new ActivationLayer(Activation.Linear),
                Rescaling l => new Rescaling(MathF.Abs(l.Scale), MathF.Abs(l.Offset)),
                _ => layer,
            }
        );
        var linear = new ParameterLayout(new Network(Network.Name, Network.Input, [.. layers]));
        var magnitudes = Signed(1);
        foreach (var slopes in linear.Parameters.Where(p => p.Weight.Name == "alpha")) // these have no part in the way of positive numbers
        {
            double[] gradients = Signed(-1).Gradients;
            for (int i = slopes.Offset; i < slopes.Offset + slopes.Count; i++)
                magnitudes.Gradients[i] = Math.Abs(gradients[i]);
        }
        return magnitudes;

        (double[], double[], double[] Gradients) Signed(int sign)
        {
            var weights = Array.ConvertAll(Weights.Values.ToArray(), MathF.Abs);
            foreach (var parameter in linear.Parameters)
            foreach (ref float w in weights.AsSpan(parameter.Offset, parameter.Count))
                w =
                    parameter.Weight.Name == "bias" ? w * sign
                    : parameter.Weight.Name == "alpha" ? 1
                    : w;
            return new PlainNetwork<double>(linear, weights).Gradient(
                Array.ConvertAll(X, x => (double)MathF.Abs(x) * sign),
                Array.ConvertAll(Dy, dy => (double)MathF.Abs(dy))
            );
        }
    }

    public static double[] Doubles(float[] numbers) => Array.ConvertAll(numbers, number => (double)number);

    public override string ToString() => $"case {_number}: {Count} x {Network.Input}: {string.Join(", ", Network.Layers)}";

    private Network DrawFitting(string kind, int mostImages, double mostWork)
    {
        while (true)
        {
            Count = 1 + _random.Next(mostImages);
            if (Draw(kind) is { } network && Work(network) * Count <= mostWork && network.Shapes.Sum(s => s.Size) * Count <= MostValues)
                return network;
        }
    }

    private bool FillAwayFromKinks(bool trained, double leastKink)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            Fill();
            if (Plain(trained).KinkDistance(Doubles(X)) >= leastKink)
                return true;
        }
        return false;
    }

    private Network? Draw(string kind)
    {
        var image = kind switch
        {
            "many channels" => new Shape(4 + _random.Next(13), 4 + _random.Next(13), 32 + _random.Next(20)),
            "eight channels" => new Shape(Side(), 4 * (1 + _random.Next(4)), Channels()),
            "doublings" => new Shape(1 + _random.Next(7), 1 + _random.Next(7), Channels()),
            "decoder" => new Shape(4, 4 + _random.Next(6), 32),
            _ => new Shape(Side(), Side(), Channels()),
        };
        Shape input = kind switch
        {
            "dense" or "dense-reshape-conv" or "decoder" => Shape.Vector(Channels()),
            "activation" or "activation layer" when _random.Next(2) == 0 => Shape.Vector(1 + _random.Next(500)),
            _ => image,
        };
        Layer[] layers = kind switch
        {
            "conv" => [Convolution()],
            "many channels" => [new Conv2D(32 + _random.Next(20), 3, 1, Padding.Same, AnyActivation(), _random.Next(4) > 0)],
            "eight channels" =>
            [
                new Conv2D(8, Window(5), Window(2), Border(), Activation.Relu, _random.Next(4) > 0),
                new Conv2D(8, Window(4), 1, Padding.Same, AnyActivation(), _random.Next(4) > 0),
            ],
            "doublings" =>
            [
                new Conv2D(Channels(), 1, 1, Padding.Same, Activation.Relu),
                new UpSampling2D(2),
                new Conv2D(8 + _random.Next(30), 3, 1, Padding.Same, AnyActivation(), _random.Next(4) > 0),
                new UpSampling2D(2),
                new Conv2D(1 + _random.Next(3), 3, 1, Padding.Same, AnyActivation(), _random.Next(4) > 0),
            ],
            "halves" => [Halves()],
            "decoder" =>
            [
                Dense(Channels()),
                new Dense(4 * image.Width * 32, Activation.Relu),
                new Reshape(new(4, image.Width, 32)),
                new Conv2D(32, 3, 1, Padding.Same, Activation.Relu),
                new UpSampling2D(2),
                new Conv2D(8, 3, 1, Padding.Same, Activation.Relu),
                Transposed(),
            ],
            "transposed" => [Transposed()],
            "dense" or "dense on images" => [Dense(Channels())],
            "dilated" => [Dilated()],
            "pool" => [Pooling()],
            "average" => [Average()],
            "global average" => [new GlobalAveragePooling2D(_random.Next(2) == 0)],
            "bilinear" => [Bilinear()],
            "padding" => [new ZeroPadding2D(Margins(3))],
            "cropping" => [new Cropping2D(Margins(3))],
            "prelu" => [new PReLU(_random.Next(2) == 0)],
            "rescaling" => [new Rescaling(0.3f, -0.7f)],
            "conv-average-dilated" => [Convolution(), Average(), Dilated()],
            "padding-conv-bilinear-prelu-cropping" =>
            [
                new ZeroPadding2D(Margins(2)),
                Convolution(),
                Bilinear(),
                new PReLU(_random.Next(2) == 0),
                new Cropping2D(Margins(2)),
            ],
            "normalization" => [Normalization(), new ActivationLayer(AnyActivation() ?? Activation.Linear)],
            "conv-normalization-conv" => [Convolution(), Normalization(), new LeakyReLU(), Convolution()],
            "normalization twice" => [Normalization(), Convolution(), Normalization(), new Flatten(), Dense(Channels())],
            "dropout" => [new Dropout(0.3f)],
            "noise-conv-dropout-dense" => [new GaussianNoise(0.4f), Convolution(), new Dropout(0.5f), Dense(Channels())],
            "penalties" =>
            [
                Convolution() with
                {
                    Activation = null,
                    ActivityRegularizer = new(0.1f, 0.2f),
                },
                new ActivityRegularization(0.2f * _random.Next(2), 0.3f),
                Dense(Channels()) with
                {
                    ActivityRegularizer = new(L2: 0.4f),
                },
            ],
            "up" => [UpSampling()],
            "activation" => [new ActivationLayer(s_functions[_number % s_functions.Length])],
            "activation layer" => [AsLayer()],
            "up-conv" => [UpSampling(), Convolution()],
            "dense-reshape-conv" => [Dense(image.Size), new Reshape(image), Convolution()],
            "conv-flatten-dense" => [Convolution(), new Flatten(), Dense(Channels())],
            "conv-pool-conv" => [Convolution(), Pooling(), Convolution()],
            "conv-conv" => [Convolution(), Convolution()],
            "transposed-transposed" => [Transposed(), Transposed()],
            _ => [Convolution(), UpSampling(), Convolution()],
        };
        try
        {
            return new("case", input, [.. layers]);
        }
        catch (LatentException)
        {
            return null; // a window larger than its image: draw again
        }
    }

    private void Fill()
    {
        foreach (ref float x in X.AsSpan())
            x = (float)_random.NextGaussian();
        foreach (ref float dy in Dy.AsSpan())
            dy = (float)_random.NextGaussian();
        foreach (var parameter in Weights.Layout.Parameters)
        {
            // Sums of about unit size, whatever the layer's width, so that no activation saturates.
            double scale = parameter.Weight.FanIn == 0 ? 0.5 : 1 / Math.Sqrt(parameter.Weight.FanIn);
            foreach (ref float w in Weights[parameter])
                w = (float)(_random.NextGaussian() * scale);
            if (parameter.Weight.Name is "moving_variance" or "gamma")
                foreach (ref float w in Weights[parameter])
                    w = MathF.Abs(w) + 0.5f;
        }
        Weights.Touch();
    }

    private Conv2D Convolution() => new(Channels(), Window(5), Window(3), Border(), AnyActivation(), _random.Next(4) > 0);

    private Conv2D Dilated() => Convolution() with { Strides = null, DilationRate = (1 + _random.Next(3), 2 + _random.Next(2)) };

    private AveragePooling2D Average() => new(Window(4), Window(3), Border());

    private UpSampling2D Bilinear() => new(Window(3)) { Interpolation = Interpolation.Bilinear };

    private Margins Margins(int most) => new(_random.Next(most), _random.Next(most), _random.Next(most), _random.Next(most));

    private BatchNormalization Normalization() => new(0.8f, 0.01f, _random.Next(2) == 0, _random.Next(2) == 0);

    private Conv2DTranspose Transposed() => new(Channels(), Window(5), Window(3), Border(), AnyActivation(), _random.Next(4) > 0);

    private Conv2DTranspose Halves()
    {
        Size2 strides = Window(3);
        return new(Channels(), (2 * strides.Height, 2 * strides.Width), strides, Border(), AnyActivation(), _random.Next(4) > 0);
    }

    private Dense Dense(int units) => new(units, AnyActivation(), _random.Next(4) > 0);

    private MaxPooling2D Pooling() => new(Window(4), Window(3), Border());

    private UpSampling2D UpSampling() => new(Window(3));

    private Size2 Window(int most) => _random.Next(2) == 0 ? 1 + _random.Next(most) : (1 + _random.Next(most), 1 + _random.Next(most));

    private Padding Border() => _random.Next(2) == 0 ? Padding.Same : Padding.Valid;

    private Activation? AnyActivation() => s_ofChains[_random.Next(s_ofChains.Length)];

    private Layer AsLayer() =>
        _random.Next(3) switch
        {
            0 => new ReLU(_random.Next(2) == 0 ? null : 0.9f, 0.2f * _random.Next(2), 0.3f * _random.Next(2)),
            1 => new LeakyReLU(0.1f + 0.1f * _random.Next(9)),
            _ => new ELU(0.1f + 0.1f * _random.Next(9)),
        };

    private int Side() => 1 + _random.Next(_largestImage);

    /// <summary>Half of them few: the widths at which an engine changes its way lie there.</summary>
    private int Channels() => 1 + _random.Next(_random.Next(2) == 0 ? Math.Min(_mostChannels, 9) : _mostChannels);

    /// <summary>The multiply-adds of one image's forward pass, and a number for each value that a layer moves.</summary>
    private static double Work(Network network)
    {
        double work = 0;
        for (int i = 0; i < network.Layers.Length; i++)
        {
            Shape from = network.InputOf(i),
                to = network.Shapes[i];
            work += network.Layers[i] switch
            {
                Conv2D l => (double)to.Size * l.Kernel.Height * l.Kernel.Width * from.Channels,
                Conv2DTranspose l => (double)from.Size * l.Kernel.Height * l.Kernel.Width * to.Channels,
                Latent.Networks.Dense => (double)to.Size * from.Channels,
                MaxPooling2D l => (double)to.Size * l.Pool.Height * l.Pool.Width,
                AveragePooling2D l => (double)to.Size * l.Pool.Height * l.Pool.Width,
                _ => to.Size,
            };
        }
        return work;
    }
}
