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
        var layer =
            NetworkJson.ReadLayer(@class, config.RootElement) ?? throw new NotSupportedException($"{file}: a {@class} that is not read");
        bool training = tensors.Metadata.TryGetValue("training", out string? text) && bool.Parse(text);
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

        // what is written reads back to the same layer
        Assert.Equal(network, NetworkJson.Read(JsonElement.Parse(NetworkJson.Write(network).ToJsonString())));

        // in double: a sum that all but cancels has rounding of Keras's own, and no room for as much again
        var plain = new PlainNetwork<double>(weights, training ? (0, 0) : null);
        double[] exact = Near.Doubles(x);
        var (y, dx, gradients) = plain.Gradient(exact, Near.Doubles(dy));
        Hold("plain", (Floats(y), Floats(dx), Floats(gradients)));
        HoldMoved("plain", Floats(plain.Moved(exact)));
        Hold("fast", LayerProbe.Run(network, weights, x, dy, training ? 0 : null));
        HoldMoved("fast", weights.Values);

        static float[] Floats(double[] numbers) => Array.ConvertAll(numbers, number => (float)number);

        void Hold(string engine, (float[] Y, float[] Dx, float[] Gradients) result)
        {
            Near.Relative(tensors.Floats("y"), result.Y, Tolerance, $"{engine} y");
            Near.Relative(tensors.Floats("dx"), result.Dx, Tolerance, $"{engine} dx");
            foreach (var parameter in weights.Layout.Parameters.Where(p => p.Weight.Trainable))
                Near.Relative(
                    tensors.Floats($"grad/{parameter.Weight.Name}"),
                    result.Gradients.AsSpan(parameter.Offset, parameter.Count),
                    Tolerance,
                    $"{engine} {parameter.Weight.Name}"
                );
        }

        void HoldMoved(string engine, ReadOnlySpan<float> values)
        {
            foreach (var parameter in weights.Layout.Parameters.Where(p => training && !p.Weight.Trainable))
                Near.Relative(
                    tensors.Floats($"after/{parameter.Weight.Name}"),
                    values.Slice(parameter.Offset, parameter.Count),
                    Tolerance,
                    $"{engine} {parameter.Weight.Name} afterwards"
                );
        }
    }
}
