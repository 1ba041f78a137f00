using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Formats;

namespace Latent.Cli.Codes;

/// <summary>Codes from files and from the command line itself.</summary>
internal static class CodeInputs
{
    public static Argument<string[]> Argument() =>
        new("CODES")
        {
            Description =
                "A .csv file with columns z0, z1, … (as 'latent encode' writes), a .npy file of shape (n, z), or the numbers themselves, z for each code",
            Arity = ArgumentArity.OneOrMore,
        };

    /// <summary>Reads codes: n × latent numbers.</summary>
    /// <exception cref="LatentException">A file is missing or does not fit, or there are not z numbers for each code.</exception>
    public static float[] Read(IReadOnlyList<string> inputs, int latent)
    {
        var codes = new List<float>();
        var numbers = new List<float>();
        foreach (string input in inputs)
        {
            if (!File.Exists(input) && Numbers(input) is { } values)
                numbers.AddRange(values);
            else
                codes.AddRange(OfFile(input, latent));
        }
        if (numbers.Count % latent != 0)
            throw new LatentException(
                "The numbers do not make whole codes.",
                latent == 1 ? "one number for each code" : $"{latent} numbers for each code, as the model has them",
                $"{numbers.Count}"
            );
        codes.AddRange(numbers);
        int wrong = codes.FindIndex(number => !float.IsFinite(number));
        if (wrong >= 0)
            throw new LatentException("A code is not of finite numbers.", "finite numbers", $"{codes[wrong]} in code {wrong / latent + 1}");
        return [.. codes];
    }

    private static float[] OfFile(string path, int latent)
    {
        if (!File.Exists(path))
            throw new LatentException(
                $"There is no file '{path}'.",
                "a .csv or .npy file with codes, or numbers",
                fix: "check the path from the folder you are in"
            );
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".CSV":
                return CodeTable.Read(path, latent);
            case ".NPY":
                var array = Npy.Read(path);
                return array.Shape is [_, var size] && size == latent || array.Shape is [var one] && one == latent
                    ? array.Data
                    : throw new LatentException(
                        $"The codes in '{path}' do not fit the model.",
                        $"the shape (n, {latent})",
                        $"({string.Join(", ", array.Shape)})"
                    );
            default:
                throw new LatentException(
                    $"'{path}' holds no codes that can be read.",
                    "a file ending in .csv or .npy",
                    Path.GetFileName(path)
                );
        }
    }

    /// <summary>Numbers with or without commas between them; null where it is something else.</summary>
    private static List<float>? Numbers(string text)
    {
        var numbers = new List<float>();
        foreach (string word in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Make.ParseReal(word) is not { } number)
                return null;
            numbers.Add((float)number);
        }
        return numbers.Count > 0 ? numbers : null;
    }
}
