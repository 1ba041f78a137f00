using System.Diagnostics;
using Latent.Bench.Measuring;
using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Networks;

namespace Latent.Bench;

/// <summary>
/// Each part through the fast engine and through the plain loops that the tests hold it against, one thread each: forward and backward of a
/// layer in training, value and gradient of a loss, a step of an optimizer. Medians of rounds in turns, after one that does not count.
/// </summary>
internal static class Parts
{
    private const int Images = 64;

    private static readonly Shape s_image = new(14, 14, 32);

    public static void Run(int rounds)
    {
        Console.WriteLine($"{Images} images of {s_image} where nothing else is said, one thread");
        Console.WriteLine();
        Console.WriteLine("| part | fast ms | plain ms | ratio |");
        Console.WriteLine("| --- | --- | --- | --- |");
        (string, Shape, Layer)[] layers =
        [
            ("Conv2D 3 × 3", s_image, new Conv2D(32, 3, 1, Padding.Same)),
            ("Conv2D 3 × 3, stride 2", s_image, new Conv2D(32, 3, 2, Padding.Same)),
            ("Conv2D 3 × 3, 'valid'", s_image, new Conv2D(32, 3)),
            ("Conv2D 1 × 1", s_image, new Conv2D(32, 1)),
            ("Conv2D 5 × 5 of 1 channel", new(28, 28, 1), new Conv2D(8, 5, 2, Padding.Same)),
            ("Conv2D 3 × 3 to 1 channel", s_image, new Conv2D(1, 3, 1, Padding.Same)),
            ("Conv2D 3 × 3, dilation 2", s_image, new Conv2D(32, 3, 1, Padding.Same) { DilationRate = 2 }),
            ("Conv2DTranspose 3 × 3, stride 2", new(7, 7, 32), new Conv2DTranspose(32, 3, 2, Padding.Same)),
            ("Dense 1568 to 128", Shape.Vector(7 * 7 * 32), new Dense(128)),
            ("Dense on images", s_image, new Dense(32)),
            ("Flatten", s_image, new Flatten()),
            ("Reshape", s_image, new Reshape(new(7, 7, 128))),
            ("UpSampling2D nearest", s_image, new UpSampling2D()),
            ("UpSampling2D bilinear", s_image, new UpSampling2D { Interpolation = Interpolation.Bilinear }),
            ("MaxPooling2D", s_image, new MaxPooling2D()),
            ("MaxPooling2D 3 × 3, stride 2", s_image, new MaxPooling2D(3, 2, Padding.Same)),
            ("AveragePooling2D", s_image, new AveragePooling2D()),
            ("GlobalAveragePooling2D", s_image, new GlobalAveragePooling2D()),
            ("ZeroPadding2D", s_image, new ZeroPadding2D()),
            ("Cropping2D", s_image, new Cropping2D(1)),
            ("BatchNormalization", s_image, new BatchNormalization()),
            ("Dropout", s_image, new Dropout(0.3f)),
            ("GaussianNoise", s_image, new GaussianNoise(0.2f)),
            ("Rescaling", s_image, new Rescaling(2, -1)),
            ("PReLU", s_image, new PReLU()),
            ("ReLU", s_image, new ReLU(6, 0.1f)),
            ("LeakyReLU", s_image, new LeakyReLU()),
            ("ELU", s_image, new ELU()),
            ("ActivityRegularization", s_image, new ActivityRegularization(1e-3f, 1e-3f)),
            .. Enum.GetValues<ActivationKind>()
                .Select(kind =>
                    kind switch
                    {
                        ActivationKind.BoundedRelu => Activation.Relu6,
                        ActivationKind.LeakyRelu or ActivationKind.Elu => new(kind, 0.3f),
                        _ => new Activation(kind),
                    }
                )
                .Select(function => ($"Activation {function.Name}", s_image, (Layer)new ActivationLayer(function))),
        ];
        foreach (var (name, input, layer) in layers)
            Layer(name, input, layer, rounds);
        foreach (var loss in Loss.All)
            OfLoss(loss, rounds);
        foreach (
            var optimizer in (Optimizer[])
                [new SGD(Momentum: 0.9f), new RMSprop(), new Adam(), new AdamW(), new Nadam(), new Lion(), new Muon()]
        )
            OfOptimizer(optimizer, rounds);
    }

    private static void Layer(string name, Shape input, Layer layer, int rounds)
    {
        var network = new Network("part", input, layer);
        var weights = new WeightStore(new ParameterLayout(network));
        weights.Initialize(1);
        float[] x = Numbers("x", Images * network.Input.Size),
            dy = Numbers("dy", Images * network.Output.Size),
            y = new float[dy.Length],
            dx = new float[x.Length],
            gradients = new float[weights.Layout.Length];
        using var program = new TrainingProgram(weights, new MeanSquaredError(), new SGD(), 1, 0, inputGradient: true, drawn: true);
        var plain = new PlainNetwork<float>(weights, (0, 0));
        Row(name, rounds, () => program.Backpropagate(x, dy, y, dx, gradients), () => plain.Gradient(x, dy));
    }

    private static void OfLoss(Loss loss, int rounds)
    {
        var shape = new Shape(28, 28, 3);
        float[] output = Array.ConvertAll(Numbers("output", Images * shape.Size), x => 1 / (1 + MathF.Exp(-x))),
            target = Array.ConvertAll(Numbers("target", output.Length), x => 1 / (1 + MathF.Exp(-x))),
            gradient = new float[shape.Size];
        Row(
            $"{loss.GetType().Name}, {Images} of {shape}",
            rounds,
            () =>
            {
                for (int i = 0; i < output.Length; i += shape.Size)
                    loss.Of(output.AsSpan(i, shape.Size), target.AsSpan(i, shape.Size), shape, gradient);
            },
            () => PlainLoss.Of(loss, output, target, shape)
        );
    }

    private static void OfOptimizer(Optimizer optimizer, int rounds)
    {
        var weights = new WeightStore(new ParameterLayout(Article.Encoder(10), Article.Decoder(10)));
        weights.Initialize(1);
        float[] gradients = Numbers("gradients", weights.Layout.Length),
            values = weights.Values.ToArray();
        var state = new OptimizerState(optimizer, weights.Layout);
        var plain = new PlainOptimizer<float>(optimizer, weights.Layout);
        Row(
            $"{optimizer.GetType().Name}, the article's weights",
            rounds,
            () => state.Apply(weights, gradients),
            () => plain.Apply(values, gradients)
        );
    }

    private static void Row(string name, int rounds, Action fast, Action plain)
    {
        double[] ofFast = new double[rounds],
            ofPlain = new double[rounds];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 30 || Stopwatch.GetElapsedTime(start).TotalSeconds < 0.5; i++)
            fast(); // until the compiler is done with it
        start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 2 || Stopwatch.GetElapsedTime(start).TotalSeconds < 0.2; i++)
            plain();
        for (int round = 0; round < rounds; round++)
        {
            ofFast[round] = Time(fast, 10);
            ofPlain[round] = Time(plain, 1);
        }
        double median = Statistics.Median(ofFast),
            other = Statistics.Median(ofPlain);
        Console.WriteLine($"| {name} | {median:F3} | {other:F1} | {other / median:F0} |");
    }

    private static double Time(Action act, int times)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
            act();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / times;
    }

    private static float[] Numbers(string name, int count)
    {
        var random = new RandomStream(1, $"bench/{name}");
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }
}
