using System.Collections.Concurrent;
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

    /// <summary>The name of the class, which stands in summaries and files. Default: that of the C# class.</summary>
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

    /// <summary>Makes files with this layer readable: to be called once at the program's start, before models with it are opened.</summary>
    /// <param name="className">The layer's <see cref="ClassName"/>; not one of Latent's own.</param>
    /// <param name="read">Makes the layer from the JSON that <see cref="Config"/> gave. Its name is set afterwards.</param>
    /// <exception cref="LatentException">Latent has a layer of this name.</exception>
    public static void Register(string className, Func<JsonElement, CustomLayer> read)
    {
        if (LayerReader.ClassNames.Contains(className, StringComparer.Ordinal))
            throw new LatentException(
                $"The layer '{className}' cannot be registered.",
                "a name that Latent's own layers do not have",
                className
            );
        s_readers[className] = read;
    }

    /// <summary>The layer of a class that was registered, or null.</summary>
    internal static CustomLayer? Read(string className, JsonElement config) =>
        s_readers.TryGetValue(className, out var read) ? read(config) : null;
}
