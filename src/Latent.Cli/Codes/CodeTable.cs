using System.Globalization;
using System.Text;
using Latent.Cli.Inputs;
using Latent.Cli.Output;

namespace Latent.Cli.Codes;

/// <summary>Codes as CSV: index, file or label where there are such, then z0, z1, …; numbers with all their bits.</summary>
internal static class CodeTable
{
    public static void WriteHeader(TextWriter writer, InputImages inputs, int latent)
    {
        var line = new StringBuilder("index");
        if (inputs.AreFiles)
            line.Append(",file");
        if (inputs.Images.HasLabels)
            line.Append(",label");
        for (int i = 0; i < latent; i++)
            line.Append($",z{i}");
        writer.Write(line.Append('\n').ToString());
    }

    /// <param name="writer">Where they go.</param>
    /// <param name="inputs">What the codes are of.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="latent">How many numbers each has.</param>
    /// <param name="first">The index of the first row.</param>
    public static void WriteRows(TextWriter writer, InputImages inputs, ReadOnlySpan<float> codes, int latent, int first)
    {
        var images = inputs.Images;
        var line = new StringBuilder();
        for (int row = 0; row < images.Count; row++)
        {
            line.Clear().Append(first + row);
            if (inputs.AreFiles)
                line.Append(',').Append(Csv.Quote(inputs.Names[row]));
            if (images.HasLabels)
                line.Append(',').Append(Csv.Quote(images.LabelNames[images.Labels[row]]));
            foreach (float value in codes.Slice(row * latent, latent))
                line.Append(CultureInfo.InvariantCulture, $",{value:R}");
            line.Append('\n');
            writer.Write(line.ToString());
        }
    }

    /// <summary>Reads the columns z0 … of a file with such columns that was written here, or of any CSV file with such columns.</summary>
    /// <exception cref="LatentException">A column is missing, or a field is no number; the message has the line.</exception>
    public static float[] Read(string path, int latent)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"'{path}' cannot be read.", "a file that you may read", e.Message, inner: e);
        }
        var header = lines.Length > 0 ? Fields(lines[0]) : [];
        int[] columns = [.. Enumerable.Range(0, latent).Select(i => header.FindIndex(name => name.Trim() == $"z{i}"))];
        int found = header.Count(name => name.Trim() is ['z', .. var digits] && int.TryParse(digits, out _));
        if (columns.Contains(-1) || found != latent)
            throw new LatentException(
                $"The codes in '{path}' do not fit the model.",
                $"a header with the {latent} columns z0{(latent > 1 ? $" to z{latent - 1}" : "")}",
                found == 0 ? "no column z0" : $"{found} such columns",
                "write codes with 'latent encode RUN INPUT --out codes.csv'"
            );
        var codes = new List<float>();
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
                continue;
            var fields = Fields(lines[i]);
            foreach (int column in columns)
            {
                string text = column < fields.Count ? fields[column] : "";
                if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) || !float.IsFinite(value))
                    throw new LatentException(
                        $"Line {i + 1} of '{path}' has no number in the column {header[column]}.",
                        "a number",
                        $"'{text}'"
                    );
                codes.Add(value);
            }
        }
        return codes.Count > 0
            ? [.. codes]
            : throw new LatentException($"'{path}' has no codes.", "a line for each code below the header", "none");
    }

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                field.Append(line[i++]);
            else if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
                field.Append(c);
        }
        fields.Add(field.ToString());
        return fields;
    }
}
