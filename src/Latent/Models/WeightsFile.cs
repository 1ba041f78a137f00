using System.Runtime.InteropServices;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Models;

/// <summary>The weights of a file held against a layout.</summary>
internal static class WeightsFile
{
    /// <summary>Names every weight that is missing, misfit, unknown or not finite, all at once.</summary>
    public static void Check(string file, SafeTensorsFile content, ParameterLayout layout)
    {
        var problems = new List<string>();
        foreach (var parameter in layout.Parameters)
        {
            string expected = $"{parameter.Name} ({string.Join(", ", parameter.Weight.Shape)})";
            if (!content.Tensors.TryGetValue(parameter.Name, out var tensor))
                problems.Add($"{expected} is missing");
            else if (!tensor.Shape.SequenceEqual(parameter.Weight.Shape))
                problems.Add($"{expected} has the shape ({string.Join(", ", tensor.Shape)})");
            else if (tensor.DType != "F32")
                problems.Add($"{expected} has the type {tensor.DType} instead of F32");
            else if (FirstNotFinite(tensor) is { } value)
                problems.Add($"{expected} holds {value}");
        }
        foreach (string name in content.Tensors.Keys.Order(StringComparer.Ordinal))
            if (layout.Find(name) is null && layout.Networks.Any(n => name.StartsWith(n.Name + "/", StringComparison.Ordinal)))
                problems.Add($"{name} belongs to no layer");
        if (problems.Count > 0)
            throw new LatentException(
                $"The weights in '{file}' do not fit the network.",
                $"the {layout.Parameters.Length} weights of {string.Join(" and ", layout.Networks.Select(n => n.Name))}, finite numbers",
                List(problems, "; "),
                "use the file with the network and the latent size that it was trained with"
            );
    }

    /// <summary>Copies weights that <see cref="Check"/> found to fit.</summary>
    public static void Copy(SafeTensorsFile content, WeightStore into)
    {
        foreach (var parameter in into.Layout.Parameters)
            MemoryMarshal.Cast<byte, float>(content.Tensors[parameter.Name].Data.Span).CopyTo(into[parameter]);
        into.Touch();
    }

    /// <summary>The first few of many.</summary>
    public static string List(IEnumerable<string> items, string separator = ", ")
    {
        const int most = 8;
        string[] all = [.. items];
        return all.Length == 0
            ? "none"
            : string.Join(separator, all.Take(most)) + (all.Length > most ? $"{separator}and {all.Length - most} more" : "");
    }

    private static float? FirstNotFinite(Tensor tensor)
    {
        foreach (float value in MemoryMarshal.Cast<byte, float>(tensor.Data.Span))
            if (!float.IsFinite(value))
                return value;
        return null;
    }
}
