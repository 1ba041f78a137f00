using Latent.Engine;
using Latent.Formats.Tests.Onnx;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Formats.Tests.Keras;

/// <summary>Every layer out as Keras writes it and in again: the same description and the same bits.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<TheoryDataRow<string>> Cases() =>
        LayerCases
            .All.Keys.Where(name => !name.StartsWith(nameof(ActivationKind.BoundedRelu), StringComparison.Ordinal)) // without bounds: the ReLU
            .Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_comes_back(string name)
    {
        var model = LayerCases.Model(name);
        var expected = model.Weights.Layout.Parameters.Where(p => p.Name.StartsWith("encoder/", StringComparison.Ordinal)).ToList();
        foreach (string ending in (string[])[".keras", ".h5"])
        {
            KerasModel.Save(_folder["model" + ending], model, ModelPart.Encoder);
            var again = KerasModel.Open(_folder["model" + ending]);
            Assert.Equal("encoder", again.Network.Name);
            Assert.Equal(model.Encoder.Input, again.Network.Input);
            Assert.Equal(model.Encoder.Layers, again.Network.Layers.Select(WithDefaults(model.Encoder)));
            Assert.Equal(expected.Count, again.Weights.Layout.Parameters.Length);
            foreach (var (ours, theirs) in expected.Zip(again.Weights.Layout.Parameters))
            {
                Assert.Equal(ours.Weight.Shape, theirs.Weight.Shape);
                Assert.Equal(model.Weights[ours], again.Weights[theirs]);
            }
        }
    }

    [Fact]
    public void Penalties_come_back()
    {
        var encoder = new Network(
            "encoder",
            new(4, 4, 1),
            new Conv2D(2, 3, 1) { KernelRegularizer = new(0.1f, 0.2f), ActivityRegularizer = new(0, 0.5f) },
            new Flatten(),
            new Dense(3) { BiasRegularizer = new(0.25f), ActivityRegularizer = new(0.01f) }
        );
        var model = new Autoencoder(encoder, new("decoder", Shape.Vector(3), new Dense(16), new Reshape(new(4, 4, 1))));
        foreach (string ending in (string[])[".keras", ".h5"])
        {
            KerasModel.Save(_folder["model" + ending], model);
            Assert.Equal(encoder, KerasModel.Open(_folder["model" + ending]).ToAutoencoder().Encoder);
        }
    }

    /// <summary>More names than a node of a symbol table holds, and more than a tree of one level.</summary>
    [Theory]
    [InlineData(9)]
    [InlineData(300)]
    public void Many_layers_come_back(int count)
    {
        var encoder = new Network("encoder", Shape.Vector(2), [.. Enumerable.Range(0, count).Select(_ => new Dense(2))]);
        var model = new Autoencoder(encoder, new("decoder", Shape.Vector(2), new Dense(2)), seed: 4);
        float[] x = [0.25f, -0.5f];
        foreach (string ending in (string[])[".keras", ".h5"])
        {
            KerasModel.Save(_folder["model" + ending], model, ModelPart.Encoder);
            Assert.Equal(model.Encode(x), KerasModel.Open(_folder["model" + ending]).Predict(x));
        }
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2));
        foreach (string ending in (string[])[".keras", ".h5"])
        {
            KerasModel.Save(_folder["a" + ending], model);
            KerasModel.Save(_folder["b" + ending], model);
            Assert.Equal(File.ReadAllBytes(_folder["a" + ending]), File.ReadAllBytes(_folder["b" + ending]));
        }
    }

    [Fact]
    public void Another_ending_is_refused() =>
        Assert.Contains(
            ".keras or .h5",
            Assert
                .Throws<LatentException>(() =>
                    KerasModel.Save(_folder["model.hdf5"], new Autoencoder(Article.Encoder(2), Article.Decoder(2)))
                )
                .Message,
            StringComparison.Ordinal
        );

    public static IEnumerable<TheoryDataRow<string>> Optimizers() => s_optimizers.Keys.Select(name => new TheoryDataRow<string>(name));

    private static readonly Dictionary<string, Optimizer> s_optimizers = new(StringComparer.Ordinal)
    {
        ["sgd"] = new SGD(0.01f),
        ["sgd with momentum"] = new SGD(0.01f, 0.9f, true) { ClipValue = 0.5f },
        ["rmsprop"] = new RMSprop(),
        ["rmsprop with all"] = new RMSprop(1e-3f, 0.8f, 0.5f, 1e-6f, true) { ClipNorm = 1 },
        ["adam"] = new Adam(),
        ["adam with all"] = new Adam(2e-3f, 0.8f, 0.99f, 1e-6f, true)
        {
            UseEma = true,
            EmaMomentum = 0.9f,
            GlobalClipNorm = 2,
        },
        ["adamw"] = new AdamW(),
        ["nadam"] = new Nadam(),
        ["lion"] = new Lion(1e-4f) { WeightDecay = 0.01f },
    };

    /// <summary>A training that goes on from the file ends with the bits of one that was not interrupted.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void The_optimizers_memory_comes_back(string name)
    {
        const int before = 5,
            after = 4;
        var images = Data.ImageSet.FromPixels([.. Enumerable.Range(0, 16 * 64).Select(i => (byte)(i * 31 % 251))], 16, 8, 8);
        var loss = new MeanSquaredError();
        var whole = Small();
        using var all = new TrainingProgram(whole.Weights, loss, s_optimizers[name], 1);
        for (int step = 0; step < before; step++)
            Step(all, step);
        foreach (string ending in (string[])[".keras", ".h5"])
            KerasModel.Save(_folder["model" + ending], whole, optimizer: all.Optimizer, loss: loss);
        for (int step = 0; step < after; step++)
            Step(all, before + step);
        foreach (string ending in (string[])[".keras", ".h5"])
        {
            var keras = KerasModel.Open(_folder["model" + ending]);
            Assert.Equal(s_optimizers[name], keras.Optimizer);
            Assert.IsType<MeanSquaredError>(keras.Loss);
            Assert.Empty(keras.Notes);
            Assert.NotNull(keras.OptimizerState);
            Assert.Equal(before, keras.OptimizerState.Steps);
            var model = keras.ToAutoencoder();
            using var rest = new TrainingProgram(model.Weights, loss, keras.Optimizer!, 1);
            rest.Optimizer.CopyFrom(keras.OptimizerState);
            for (int step = 0; step < after; step++)
                Step(rest, before + step);
            Assert.Equal(whole.Weights.Values, model.Weights.Values);
        }

        void Step(TrainingProgram program, int step) =>
            program.Step(images, [step % 16, (step + 3) % 16, (step + 7) % 16, (step + 11) % 16]);
    }

    [Fact]
    public void Muon_is_not_one_of_Keras()
    {
        var model = Small();
        var state = new OptimizerState(new Muon(), model.Weights.Layout);
        Assert.Contains(
            "muon",
            Assert.Throws<LatentException>(() => KerasModel.Save(_folder["model.keras"], model, optimizer: state)).Message,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(_folder["model.keras"]));
    }

    private static Autoencoder Small() =>
        new(
            new Network("encoder", new(8, 8, 1), new Conv2D(2, 3, 2, Padding.Same), new BatchNormalization(), new Flatten(), new Dense(3)),
            new Network("decoder", Shape.Vector(3), new Dense(64, Activation.Sigmoid), new Reshape(new(8, 8, 1))),
            seed: 6
        );

    /// <summary>What a description leaves open, Keras's file says: the same is meant.</summary>
    private static Func<Layer, int, Layer> WithDefaults(Network expected) =>
        (layer, index) =>
        {
            var ours = expected.Layers[index];
            return (ours, layer) switch
            {
                (Conv2D o, Conv2D l) => l with
                {
                    Name = o.Name,
                    Strides = o.Strides ?? Only(l.Strides, 1),
                    Activation = Linear(o.Activation, l.Activation),
                },
                (Conv2DTranspose o, Conv2DTranspose l) => l with
                {
                    Name = o.Name,
                    Strides = o.Strides ?? Only(l.Strides, 1),
                    Activation = Linear(o.Activation, l.Activation),
                },
                (Dense o, Dense l) => l with { Name = o.Name, Activation = Linear(o.Activation, l.Activation) },
                (MaxPooling2D o, MaxPooling2D l) => l with
                {
                    Name = o.Name,
                    PoolSize = o.PoolSize ?? Only(l.PoolSize, 2),
                    Strides = o.Strides ?? Only(l.Strides, l.PoolSize!.Value),
                },
                (AveragePooling2D o, AveragePooling2D l) => l with
                {
                    Name = o.Name,
                    PoolSize = o.PoolSize ?? Only(l.PoolSize, 2),
                    Strides = o.Strides ?? Only(l.Strides, l.PoolSize!.Value),
                },
                _ => layer with { Name = ours.Name },
            };
        };

    private static Size2? Only(Size2? given, Size2 otherwise)
    {
        Assert.Equal(otherwise, given);
        return null;
    }

    private static Activation? Linear(Activation? ours, Activation? given)
    {
        Assert.Equal(ours ?? Activation.Linear, given ?? Activation.Linear);
        return ours;
    }
}
