using System.Collections.Immutable;
using Latent.Models;
using Latent.Networks;

namespace Latent.Formats.Tests.Onnx;

/// <summary>Small networks: every layer with the options that change what it computes, on images whose sides and channels differ.</summary>
internal static class LayerCases
{
    private static readonly Shape s_image = new(7, 6, 3);
    private static readonly Shape s_vector = Shape.Vector(5);

    public static IReadOnlyDictionary<string, (Shape Input, ImmutableArray<Layer> Layers)> All { get; } = Make();

    /// <summary>A network as the encoder of a model, behind which nothing happens; none of its weights is zero or one.</summary>
    public static Autoencoder Model(string name)
    {
        var (input, layers) = All[name];
        var encoder = new Network("encoder", input, layers);
        var model = new Autoencoder(encoder, new("decoder", encoder.Output, new ActivationLayer(Activation.Linear)), seed: 3);
        var random = new Engine.RandomStream(5, name);
        foreach (var parameter in model.Weights.Layout.Parameters)
            if (parameter.Weight.Initializer != Initializer.GlorotUniform)
                foreach (ref float value in model.Weights[parameter])
                    value = (float)(0.5 + random.NextDouble());
        model.Weights.Touch();
        return model;
    }

    private static Dictionary<string, (Shape, ImmutableArray<Layer>)> Make()
    {
        var all = new Dictionary<string, (Shape, ImmutableArray<Layer>)>(StringComparer.Ordinal);
        foreach (var padding in Enum.GetValues<Padding>())
        {
            foreach (Size2 kernel in (Size2[])[1, 2, 3, (4, 5)])
            {
                foreach (Size2 stride in (Size2[])[1, 2, (3, 2)])
                {
                    Image($"convolution {kernel} {stride} {padding}", new Conv2D(4, kernel, stride, padding));
                    Image($"transposed {kernel} {stride} {padding}", new Conv2DTranspose(4, kernel, stride, padding));
                    Image($"max {kernel} {stride} {padding}", new MaxPooling2D(kernel, stride, padding));
                    Image($"average {kernel} {stride} {padding}", new AveragePooling2D(kernel, stride, padding));
                }
            }
            Image($"dilated {padding}", new Conv2D(2, 3, Padding: padding) { DilationRate = (2, 1) });
            Image(
                $"no bias {padding}",
                new Conv2D(2, 2, Padding: padding, UseBias: false),
                new Conv2DTranspose(2, 2, 2, padding, UseBias: false)
            );
            Image($"pooling by default {padding}", new MaxPooling2D(Padding: padding), new AveragePooling2D(Padding: padding));
        }
        Image("one channel", new Conv2D(1, 3), new Flatten(), new Dense(20), new Reshape(new(4, 5, 1)), new Conv2D(2, 2));
        Vector("dense", new Dense(4), new Dense(3, UseBias: false));
        Image("dense on pixels", new Dense(4, Activation.Relu), new Dense(2, UseBias: false));
        Image("flatten", new Flatten(), new Dense(2));
        Vector("flatten a vector", new Flatten());
        Image("reshape an image", new Reshape(new(3, 14, 3)), new Conv2D(2, 2), new Reshape(Shape.Vector(2 * 13 * 2)));
        Vector("reshape a vector", new Dense(12), new Reshape(new(2, 3, 2)), new Conv2D(3, 2), new Reshape(new(1, 1, 6)));
        foreach (var interpolation in Enum.GetValues<Interpolation>())
        {
            foreach (Size2 size in (Size2[])[2, 3, (1, 4)])
                Image($"upsampling {size} {interpolation}", new UpSampling2D(size) { Interpolation = interpolation });
            Image(
                $"upsampling and convolution {interpolation}",
                new UpSampling2D(2) { Interpolation = interpolation },
                new Conv2D(8, 3, 1, Padding.Same)
            );
        }
        Image("global", new GlobalAveragePooling2D());
        Image("global, an image", new GlobalAveragePooling2D(KeepDims: true));
        Image("margins", new ZeroPadding2D(new Margins(1, 2, 0, 3)), new Cropping2D(new Margins(0, 1, 2, 0)));
        Image(
            "normalization",
            new BatchNormalization(Epsilon: 0.01f),
            new BatchNormalization(Scale: false),
            new BatchNormalization(Center: false)
        );
        Vector("normalization of a vector", new BatchNormalization(Center: false, Scale: false), new BatchNormalization());
        Image("rescaling", new Rescaling(2, -1));
        Image("in training only", new Dropout(0.5f), new GaussianNoise(0.5f), new ActivityRegularization(1));
        Image("prelu", new PReLU(), new PReLU(SharePixels: true));
        Vector("prelu of a vector", new PReLU());
        Image("relu", new ReLU());
        Image("relu with a slope", new ReLU(NegativeSlope: 0.2f));
        Image("relu to 1", new ReLU(MaxValue: 0.5f));
        Image("relu from 0.3", new ReLU(Threshold: 0.3f));
        Image("relu with all", new ReLU(0.6f, 0.1f, 0.2f));
        Image("leaky", new LeakyReLU());
        Image("elu", new ELU(0.7f));
        foreach (var kind in Enum.GetValues<ActivationKind>())
        {
            var activation = new Activation(kind, Slope: kind is ActivationKind.LeakyRelu or ActivationKind.Elu ? 0.3f : 0);
            Image($"{kind} on an image", new ActivationLayer(activation));
            Vector($"{kind} on a vector", new Dense(4, activation), new Dense(3, activation));
        }
        return all;

        void Image(string name, params ImmutableArray<Layer> layers) => all.Add(name, (s_image, layers));
        void Vector(string name, params ImmutableArray<Layer> layers) => all.Add(name, (s_vector, layers));
    }
}
