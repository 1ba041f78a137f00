using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latent.Networks;

/// <summary>
/// A layer of your own: derive a sealed record from it, say the output's shape and the weights, and write the way forward and back for one
/// image. It then trains, saves and runs as Latent's own layers do. Both ways are called from several threads at once, so they may change
/// nothing but the spans they are given.
/// </summary>
/// <remarks>
/// For the same bits with any number of threads the same inputs must give the same outputs. The gradient can be checked against differences of
/// the loss with <c>TrainingProgram.Gradient</c>.
/// </remarks>
public abstract record CustomLayer : Layer
{
    private static readonly ConcurrentDictionary<string, Func<JsonElement, CustomLayer>> s_readers = new(StringComparer.Ordinal);

    /// <summary>The name of the class, which stands in summaries and files; none of Latent's own. Default: that of the C# class.</summary>
    public override string ClassName => GetType().Name;

    /// <summary>The layer's options as JSON, which a file keeps and the function of <see cref="Register"/> reads. Default: none.</summary>
    public virtual JsonObject Config => [];

    /// <summary>The way forward of one image: writes all of <see cref="LayerForward.Output"/>.</summary>
    public abstract void Forward(in LayerForward pass);

    /// <summary>
    /// The way back of one image: writes all of <see cref="LayerBackward.InputGradient"/>, where it is not empty, and adds to the gradients of
    /// the weights.
    /// </summary>
    public abstract void Backward(in LayerBackward pass);

    /// <summary>
    /// Makes files with this layer readable: to be called at the program's start, before models with it are opened. Called again for the same name
    /// it takes the new function.
    /// </summary>
    /// <param name="className">The layer's <see cref="ClassName"/>; not one of Latent's own.</param>
    /// <param name="read">Makes the layer from the JSON that <see cref="Config"/> gave. Its name is set afterwards.</param>
    /// <exception cref="LatentException">Latent has a layer of this name.</exception>
    public static void Register(string className, Func<JsonElement, CustomLayer> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (LayerReader.Knows(className))
            throw new LatentException(
                $"The layer '{className}' cannot be registered.",
                "a name that Latent's own layers do not have",
                className
            );
        s_readers[className] = read;
    }

    /// <summary>Throws where the class has a name of Latent's own, or the weights could not be drawn or saved.</summary>
    internal void CheckOwn(ImmutableArray<Weight> weights)
    {
        if (string.IsNullOrWhiteSpace(ClassName) || LayerReader.Knows(ClassName))
            throw new LatentException(
                "A layer of your own has a class name that it cannot have.",
                "a name that none of Latent's layers has: a file would be read back as that layer",
                $"'{ClassName}'",
                "override ClassName"
            );
        if (weights.DistinctBy(weight => weight.Name, StringComparer.Ordinal).Count() != weights.Length)
            throw new LatentException(
                $"{ClassName} has two weights of one name.",
                "a name of its own for each",
                string.Join(", ", weights.Select(weight => weight.Name))
            );
        foreach (var weight in weights)
            if (
                weight.Initializer == Initializer.GlorotUniform
                && (weight.FanIn < 0 || weight.FanOut < 0 || weight.FanIn + weight.FanOut == 0)
            )
                throw new LatentException(
                    $"The weight '{weight.Name}' of {ClassName} cannot be drawn.",
                    "a FanIn and a FanOut of at least 0, one of them above 0, as GlorotUniform needs them",
                    $"{weight.FanIn} and {weight.FanOut}"
                );
    }

    /// <summary>The layer of a class that was registered, or null.</summary>
    internal static CustomLayer? Read(string className, JsonElement config)
    {
        if (!s_readers.TryGetValue(className, out var read))
            return null;
        try
        {
            return read(config) ?? throw new InvalidOperationException("the function that was registered gave null");
        }
        catch (Exception e) when (e is not LatentException)
        {
            throw new LatentException(
                $"The layer '{Shown.Of(className)}', which the program has registered, cannot be made from its options.",
                "options as its Config writes them",
                $"{Shown.Of(config.ToString())}: {e.Message}",
                "look at what CustomLayer.Register was given",
                e
            );
        }
    }
}
