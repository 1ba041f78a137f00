using System.Collections.Immutable;

namespace Latent.Images;

/// <summary>Colours for numbers from 0 to 1: some fixed colours with straight lines between them. Immutable and thread-safe.</summary>
public sealed class ColorMap
{
    private readonly ImmutableArray<(byte Red, byte Green, byte Blue)> _colors;

    private ColorMap(string name, string colors)
    {
        Name = name;
        _colors = [.. colors.Split(' ').Select(hex => Convert.FromHexString(hex)).Select(bytes => (bytes[0], bytes[1], bytes[2]))];
    }

    /// <summary>Red over pale yellow to blue: the 11 colours of ColorBrewer (Harrower and Brewer, 2003), the article's map.</summary>
    public static ColorMap RdYlBu { get; } = new("RdYlBu", "a50026 d73027 f46d43 fdae61 fee090 ffffbf e0f3f8 abd9e9 74add1 4575b4 313695");

    /// <summary>Dark violet over green to yellow, even in brightness and safe for colour-blind readers (van der Walt and Smith, 2015).</summary>
    public static ColorMap Viridis { get; } =
        new("viridis", "440154 482475 414487 355f8d 2a788e 21918c 22a884 44bf70 7ad151 bddf26 fde725");

    /// <summary>A rainbow without its false edges (Mikhailov, 2019).</summary>
    public static ColorMap Turbo { get; } = new("turbo", "30123b 4458cb 3e9bfe 18d7cb 46f783 a4fc3b e1dc37 fda330 ef5a11 c32402 7a0402");

    /// <summary>Pale yellow over orange to dark red, for amounts: ColorBrewer's (Harrower and Brewer, 2003).</summary>
    internal static ColorMap YlOrRd { get; } = new("YlOrRd", "ffffcc ffeda0 fed976 feb24c fd8d3c fc4e2a e31a1c bd0026 800026");

    /// <summary>Ten colours that are told apart most easily (Tableau's).</summary>
    public static ColorMap Tab10 { get; } = new("tab10", "1f77b4 ff7f0e 2ca02c d62728 9467bd 8c564b e377c2 7f7f7f bcbd22 17becf");

    /// <summary>Dark to light grey.</summary>
    public static ColorMap Grey { get; } = new("grey", "202020 e0e0e0");

    /// <summary>The names that <see cref="ByName"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["RdYlBu", "viridis", "turbo", "tab10", "grey"];

    /// <summary>What the map is called.</summary>
    public string Name { get; }

    /// <summary>A map by its name, in upper or lower case.</summary>
    /// <exception cref="LatentException">There is no such map.</exception>
    public static ColorMap ByName(string name) =>
        new[] { RdYlBu, Viridis, Turbo, Tab10, Grey }.FirstOrDefault(map => map.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new LatentException("There is no such colour map.", string.Join(", ", Names), $"'{name}'", "--colormap RdYlBu");

    /// <summary>The colour of a number; what is below 0 or above 1 gets the colour of the end.</summary>
    public (byte Red, byte Green, byte Blue) At(double value)
    {
        double position = Math.Clamp(double.IsNaN(value) ? 0 : value, 0, 1) * (_colors.Length - 1);
        int below = Math.Min((int)position, _colors.Length - 2);
        double share = position - below;
        var (from, to) = (_colors[below], _colors[below + 1]);
        return (Mix(from.Red, to.Red, share), Mix(from.Green, to.Green, share), Mix(from.Blue, to.Blue, share));
    }

    private static byte Mix(byte from, byte to, double share) => (byte)Math.Round(from + share * (to - from));
}
