using System.Collections.Immutable;

namespace Latent.Networks;

/// <summary>
/// The description of a network: an input shape and a chain of layers, nothing else. Immutable, compares by value, safe to share between
/// threads. Programs, files and summaries are made from it.
/// </summary>
public sealed class Network : IEquatable<Network>
{
    private const long MostNumbers = 1 << 28; // 1 GiB for one image: more could not be trained, but a small file could describe it

    /// <summary>A chain of layers.</summary>
    /// <param name="name">The network's name: the first part of its weights' names ("encoder" in "encoder/conv2d/kernel").</param>
    /// <param name="input">The shape of one input.</param>
    /// <param name="layers">The layers in order, at least one.</param>
    /// <exception cref="LatentException">
    /// Layers have options out of range or do not fit what comes before them: the message names all that can be told. Or the input and the
    /// outputs of all layers have together more than 2²⁸ numbers, or the weights have.
    /// </exception>
    public Network(string name, Shape input, params ImmutableArray<Layer> layers)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Contains('/', StringComparison.Ordinal))
            throw new LatentException("A network needs a name.", "text without '/'", $"'{name}'");
        if (layers.IsDefaultOrEmpty)
            throw new LatentException($"The network '{name}' has no layers.", "at least one layer", "none");
        (Name, Input, Layers) = (name, input, layers);
        var shapes = ImmutableArray.CreateBuilder<Shape>(layers.Length);
        var problems = new List<(int Layer, LatentException Problem)>();
        Shape? before = input; // null: not known, behind a layer with a problem
        long numbers = input.Size,
            weights = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            try
            {
                var layer = layers[i] ?? throw new LatentException("It is null.", "a layer");
                var output = layer.OutputOf(before);
                if (before is { } known)
                {
                    var ofLayer = layer.WeightsOf(known);
                    (layer as CustomLayer)?.CheckOwn(ofLayer);
                    weights += ofLayer.Sum(weight => (long)weight.Count);
                }
                before = output;
                if (before is { Size: < 1 })
                    throw new LatentException($"{layer.ClassName} gives nothing.", "an output of at least one number", $"{before}");
            }
            catch (LatentException e)
            {
                problems.Add((i, e));
                before = (layers[i] as Reshape)?.Target;
            }
            catch (OverflowException)
            {
                throw TooLarge("more than can be counted");
            }
            if (weights > MostNumbers)
                throw new LatentException(
                    $"The network '{name}' has too many weights.",
                    $"at most {MostNumbers:N0}",
                    $"{weights:N0} up to layer {i + 1}",
                    "use fewer units or filters, or smaller kernels"
                );
            if (before is not { } shape)
                continue;
            shapes.Add(shape);
            numbers += shape.Size;
            if (numbers > MostNumbers)
                throw TooLarge($"{numbers:N0} up to layer {i + 1}");
        }
        if (problems.Count > 0)
            throw Misfit(name, problems);
        Shapes = shapes.MoveToImmutable();

        LatentException TooLarge(string received) =>
            new(
                $"The network '{name}' is too large.",
                $"at most {MostNumbers:N0} numbers in its input and all its layers' outputs",
                received,
                "use smaller images, factors or strides, or fewer filters"
            );
    }

    /// <summary>The network's name.</summary>
    public string Name { get; }

    /// <summary>The shape of one input.</summary>
    public Shape Input { get; }

    /// <summary>The layers in order.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>The output shape of each layer.</summary>
    public ImmutableArray<Shape> Shapes { get; }

    /// <summary>The shape of one output.</summary>
    public Shape Output => Shapes[^1];

    /// <summary>The input shape of layer <paramref name="index"/>.</summary>
    public Shape InputOf(int index) => index == 0 ? Input : Shapes[index - 1];

    private static LatentException Misfit(string name, List<(int Layer, LatentException Problem)> problems)
    {
        if (problems is [var (layer, problem)])
            return new(
                $"Layer {layer + 1} of '{name}' does not fit: {problem.Message}",
                fix: problem.Fix is null ? "change it or the layer before it" : null,
                inner: problem
            );
        var lines = problems.Select(p => $"- layer {p.Layer + 1}: {p.Problem.Message.Replace("\n", " ", StringComparison.Ordinal)}");
        return new(
            $"The network '{name}' cannot be built, for {problems.Count} reasons:\n{string.Join('\n', lines)}",
            inner: problems[0].Problem
        );
    }

    /// <inheritdoc/>
    public bool Equals(Network? other) =>
        other is not null && Name == other.Name && Input == other.Input && Layers.AsSpan().SequenceEqual(other.Layers.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Network);

    /// <inheritdoc/>
    public override int GetHashCode() => Layers.Aggregate(HashCode.Combine(Name, Input), HashCode.Combine);
}
