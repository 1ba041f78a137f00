using System.Text.Json;
using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Networks;
using Latent.Tests.Probes;
using Latent.Tests.Shared;

namespace Latent.Tests.Parity;

/// <summary>Each layer file: the plain reference and the fast engine against Keras.</summary>
public sealed class LayerParityTests
{
    private const double Tolerance = 1e-5;

    public static IEnumerable<TheoryDataRow<string>> Cases() =>
        GoldenFolder.Names(Path.Combine("parity", "layers"), "*.safetensors").Select(name => new TheoryDataRow<string>(name));

    [GoldenTheory]
    [MemberData(nameof(Cases))]
    public void Layer_agrees_with_Keras(string file)
    {
        var tensors = new GoldenTensors(GoldenFolder.PathOf("parity", "layers", file));
        string @class = tensors.Metadata["class"];
        using var config = JsonDocument.Parse(tensors.Metadata["config"]);
        var layer = NetworkJson.ReadLayer(@class, config.RootElement);
        if (layer is null)
        {
            Assert.False(Exists(@class, config.RootElement), $"{file}: this {@class} exists here and must be read");
            Assert.Skip($"{file}: there is no {Describe(@class, config.RootElement)} yet");
        }
        int[] shape = tensors.Shape("x");
        var input = shape switch
        {
            [_, var size] => Shape.Vector(size),
            [_, var height, var width, var channels] => new Shape(height, width, channels),
            _ => throw new NotSupportedException($"{file}: an input of {shape.Length - 1} axes"),
        };
        var network = new Network("layer", input, layer);
        Assert.Equal(tensors.Shape("y")[1..].Aggregate(1, (a, b) => a * b), network.Output.Size);
        var weights = new WeightStore(new ParameterLayout(network));
        string[] names = [.. tensors.Names.Where(name => name.StartsWith("weight/", StringComparison.Ordinal)).Select(name => name[7..])];
        Assert.Equal(names, weights.Layout.Parameters.Select(p => p.Weight.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var parameter in weights.Layout.Parameters)
        {
            Assert.Equal(tensors.Shape($"weight/{parameter.Weight.Name}"), parameter.Weight.Shape);
            tensors.Floats($"weight/{parameter.Weight.Name}").CopyTo(weights[parameter]);
        }
        weights.Touch();
        float[] x = tensors.Floats("x"),
            dy = tensors.Floats("dy");

        Hold("plain", new PlainNetwork<float>(weights).Gradient(x, dy));
        Hold("fast", LayerProbe.Run(network, weights, x, dy));

        void Hold(string engine, (float[] Y, float[] Dx, float[] Gradients) result)
        {
            Near.Relative(tensors.Floats("y"), result.Y, Tolerance, $"{engine} y");
            Near.Relative(tensors.Floats("dx"), result.Dx, Tolerance, $"{engine} dx");
            foreach (var parameter in weights.Layout.Parameters)
                Near.Relative(
                    tensors.Floats($"grad/{parameter.Weight.Name}"),
                    result.Gradients.AsSpan(parameter.Offset, parameter.Count),
                    Tolerance,
                    $"{engine} {parameter.Weight.Name}"
                );
        }
    }

    /// <summary>Whether Latent has the layer with these options, so that a reader that gives up on it is wrong.</summary>
    private static bool Exists(string @class, JsonElement config)
    {
        return @class
                is "Conv2D"
                    or "Conv2DTranspose"
                    or "Dense"
                    or "Flatten"
                    or "Reshape"
                    or "UpSampling2D"
                    or "MaxPooling2D"
                    or "Activation"
            && Option("activation") is null or "linear" or "relu" or "leaky_relu" or "sigmoid" or "tanh"
            && Option("interpolation") is null or "nearest"
            && Option("dilation_rate") is null or "1" or "[1,1]"
            && Option("groups") is null or "1"
            && Option("output_padding") is null;

        string? Option(string name) =>
            config.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
                ? value.ToString().Replace(" ", "", StringComparison.Ordinal)
                : null;
    }

    private static string Describe(string @class, JsonElement config) =>
        config.TryGetProperty("activation", out var activation) ? $"{@class} with the activation {activation}" : @class;
}
