using ScottPlot;
using SkiaSharp;

namespace Latent.Images;

/// <summary>Plots with axes, in the dress of the other figures.</summary>
internal static class Chart
{
    private static readonly Lock OneAtATime = new();

    public static Plot Create()
    {
        Typefaces.Register();
        var plot = new Plot();
        plot.RenderManager.ClearCanvasBeforeEachRender = false; // the title stands there already
        plot.Font.Set(Typefaces.Family);
        plot.FigureBackground.Color = Color(Ink.Paper);
        plot.DataBackground.Color = Color(Ink.Paper);
        plot.Grid.MajorLineColor = Color(Ink.Line).WithAlpha(120);
        plot.Axes.Color(Color(Ink.Soft));
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        foreach (IAxis axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
            Dress(axis);
        return plot;
    }

    public static void Dress(IAxis axis)
    {
        axis.TickLabelStyle.FontName = Typefaces.Family;
        axis.TickLabelStyle.FontSize = 11;
        if (axis is not IXAxis)
            axis.TickLabelStyle.OffsetY = 1.5f; // digits have nothing below the base line: their middle is higher than the font's
        axis.TickLabelStyle.ForeColor = Color(Ink.Soft);
        axis.Label.FontName = Typefaces.Family;
        axis.Label.FontSize = 12;
        axis.Label.Bold = false;
        axis.Label.ForeColor = Color(Ink.Strong);
        axis.MinorTickStyle.Length = 0;
        axis.MajorTickStyle.Color = axis.FrameLineStyle.Color = Color(new SKColor(0x9a, 0xa2, 0xab));
    }

    /// <summary>Makes a plot and draws it, one at a time: ScottPlot keeps fonts and defaults in static members.</summary>
    public static void Draw(Func<Plot> plot, SKCanvas canvas, SKRect area)
    {
        lock (OneAtATime)
        {
            canvas.Save();
            canvas.Translate(area.Left, area.Top);
            plot().Render(canvas, new PixelRect(0, area.Width, area.Height, 0));
            canvas.Restore();
        }
    }

    public static Color Color(SKColor color) => new(color.Red, color.Green, color.Blue, color.Alpha);
}
