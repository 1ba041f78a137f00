using MudBlazor;

namespace Latent.Studio.Components;

/// <summary>The colours of the report and the figures, as MudBlazor has them.</summary>
internal static class StudioTheme
{
    private static readonly string[] s_fonts = ["DejaVu Sans", "Verdana", "Segoe UI", "system-ui", "sans-serif"];

    /// <summary>Light, for the whole page.</summary>
    public static MudTheme Light { get; } = Create(":root");

    /// <summary>Dark, where the root element says so: it then comes before the light one.</summary>
    public static MudTheme Dark { get; } = Create(":root[data-theme=dark]");

    private static MudTheme Create(string scope)
    {
        var theme = new MudTheme
        {
            PaletteLight = Fill(new PaletteLight(), "#f6f8fa", "#ffffff", "#1f2328", "#57606a", "#d8dee4", "#1f6fb4", "#b42318", "#ffffff"),
            PaletteDark = Fill(new PaletteDark(), "#15181c", "#1c2126", "#e6e9ec", "#9aa4af", "#31373f", "#74add1", "#f4877c", "#0f1214"),
            LayoutProperties = new() { DefaultBorderRadius = "6px", AppbarHeight = "48px" },
            Typography = new()
            {
                Default = new DefaultTypography
                {
                    FontFamily = s_fonts,
                    FontSize = "0.875rem",
                    LineHeight = "1.5",
                    LetterSpacing = "normal",
                },
                Button = new ButtonTypography
                {
                    FontFamily = s_fonts,
                    FontSize = "0.875rem",
                    FontWeight = "500",
                    TextTransform = "none",
                    LetterSpacing = "normal",
                },
            },
        };
        theme.PseudoCss.Scope = scope;
        return theme;
    }

    private static T Fill<T>(
        T palette,
        string ground,
        string card,
        string ink,
        string soft,
        string line,
        string accent,
        string error,
        string onAccent
    )
        where T : Palette
    {
        (palette.Background, palette.BackgroundGray, palette.Surface, palette.AppbarBackground) = (ground, ground, card, card);
        (palette.TextPrimary, palette.AppbarText, palette.TextSecondary, palette.ActionDefault) = (ink, ink, soft, soft);
        (palette.LinesDefault, palette.LinesInputs, palette.TableLines, palette.Divider, palette.DividerLight) = (
            line,
            line,
            line,
            line,
            line
        );
        (palette.Primary, palette.Info, palette.Error) = (accent, accent, error);
        (palette.PrimaryContrastText, palette.InfoContrastText, palette.ErrorContrastText) = (onAccent, onAccent, onAccent);
        palette.TableHover = ground;
        return palette;
    }
}
