using Latent.Engine;
using Latent.Networks;

namespace Latent.Models;

/// <summary>The weights of a file held against a layout.</summary>
internal static class WeightsFile
{
    private const int Most = 8;

    /// <summary>Reads the weights of a layout. Names, shapes and types are looked at before memory is taken for any of them.</summary>
    /// <exception cref="LatentException">Weights are missing, misfit, unknown or not finite: as many as fit a message, at once.</exception>
    public static WeightStore Read(string path, SafeTensorsReader file, ParameterLayout layout)
    {
        var problems = new List<string>();
        foreach (var parameter in layout.Parameters)
            if (!file.Tensors.TryGetValue(parameter.Name, out var tensor))
                Add(parameter, "is missing");
            else if (!tensor.Shape.SequenceEqual(parameter.Weight.Shape))
                Add(parameter, $"has the shape {Shown.Of($"({string.Join(", ", tensor.Shape)})")}");
            else if (tensor.DType != "F32")
                Add(parameter, $"has the type {tensor.DType} instead of F32");
        string[] starts = [.. layout.Networks.Select(network => network.Name + "/")];
        foreach (string name in file.Tensors.Keys)
            if (layout.Find(name) is null && starts.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
                problems.Add($"{Shown.Of(name)} belongs to no layer");
        ThrowIfAny();

        var weights = Allocate(path, layout);
        foreach (var parameter in layout.Parameters)
        {
            var values = weights[parameter];
            file.ReadFloats(parameter.Name, values);
            if (FirstNotFinite(values) is { } value)
                Add(parameter, $"holds {value}");
        }
        ThrowIfAny();
        weights.Touch();
        return weights;

        void Add(Parameter parameter, string what) =>
            problems.Add($"{parameter.Name} ({string.Join(", ", parameter.Weight.Shape)}) {what}");

        void ThrowIfAny()
        {
            if (problems.Count > 0)
                throw new LatentException(
                    $"The weights in '{path}' do not fit the network.",
                    $"the {layout.Parameters.Length} weights of {string.Join(" and ", layout.Networks.Select(n => n.Name))}, finite numbers",
                    List(problems, "; "),
                    "use the file with the network and the latent size that it was trained with"
                );
        }
    }

    /// <summary>The first few of many.</summary>
    public static string List(IEnumerable<string> items, string separator = ", ")
    {
        int more = items.Count() - Most;
        return string.Join(separator, items.Take(Most).DefaultIfEmpty("none")) + (more > 0 ? $"{separator}and {more} more" : "");
    }

    private static WeightStore Allocate(string path, ParameterLayout layout)
    {
        try
        {
            return new(layout);
        }
        catch (OutOfMemoryException e)
        {
            throw new LatentException(
                $"The weights in '{path}' are too large for memory.",
                received: $"{layout.Length:N0} numbers",
                inner: e
            );
        }
    }

    private static float? FirstNotFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            if (!float.IsFinite(value))
                return value;
        return null;
    }
}
