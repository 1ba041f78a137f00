using ScottPlot;
using SkiaSharp;

namespace Latent.Images;

/// <summary>
/// The two typefaces of all figures, out of this assembly. Where a machine has no fonts, Skia draws nothing in place of text and says
/// nothing: so its fonts are never asked for.
/// </summary>
internal static class Typefaces
{
    /// <summary>The name in SVG files, and for ScottPlot.</summary>
    public const string Family = "DejaVu Sans";

    private static readonly Lazy<SKTypeface> RegularFace = new(() => Read("Fonts/DejaVuSans.ttf"));
    private static readonly Lazy<SKTypeface> BoldFace = new(() => Read("Fonts/DejaVuSans-Bold.ttf"));
    private static readonly Lazy<bool> Registered = new(() =>
    {
        Fonts.FontResolvers.Insert(0, new Resolver());
        return true;
    });

    public static SKTypeface Regular => RegularFace.Value;

    public static SKTypeface Bold => BoldFace.Value;

    /// <summary>Lets ScottPlot find the family, and leaves its defaults to the program that uses it too.</summary>
    public static void Register() => _ = Registered.Value;

    private static SKTypeface Read(string name)
    {
        using var stream = typeof(Typefaces).Assembly.GetManifestResourceStream(name)!;
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"{name} is no font.");
    }

    private sealed class Resolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName != Family ? null
            : weight >= FontWeight.SemiBold ? Bold
            : Regular;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
            fontName != Family ? null
            : bold ? Bold
            : Regular;
    }
}
