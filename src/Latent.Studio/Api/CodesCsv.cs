using System.Globalization;
using System.Text;
using Latent.Data;

namespace Latent.Studio.Api;

/// <summary>Codes as CSV, in the columns of 'latent encode': index, label where there are labels, z0, z1, …; numbers with all their bits.</summary>
internal static class CodesCsv
{
    public static string Write(ReadOnlySpan<float> codes, int latent, ImageSet? images)
    {
        bool labels = images is { HasLabels: true };
        var text = new StringBuilder("index");
        if (labels)
            text.Append(",label");
        for (int i = 0; i < latent; i++)
            text.Append(CultureInfo.InvariantCulture, $",z{i}");
        text.Append('\n');
        for (int row = 0; row < codes.Length / latent; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row}");
            if (labels)
                text.Append(',').Append(Quoted(images!.LabelNames[images.Labels[row]]));
            foreach (float value in codes.Slice(row * latent, latent))
                text.Append(CultureInfo.InvariantCulture, $",{value:R}");
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
