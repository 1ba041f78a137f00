namespace Latent.Images;

/// <summary>The kind of file a figure is written as.</summary>
public enum FigureFormat
{
    /// <summary>Pixels.</summary>
    Png,

    /// <summary>Lines and text, with the images as pixels.</summary>
    Svg,
}

/// <summary>How figures are drawn; every part has the value that the article's figures need.</summary>
public sealed record FigureOptions
{
    /// <summary>How many codes the scatter shows: the first of the set. 1 or more; all where the set has fewer.</summary>
    public int Count { get; init; } = 1000;

    /// <summary>How many labelled examples are shown, 1 or more.</summary>
    public int Examples { get; init; } = 20;

    /// <summary>How many images stand over their reconstructions, 1 or more.</summary>
    public int Reconstructions { get; init; } = 10;

    /// <summary>The grid is decoded from −range up to, not including, +range, and the scatter draws the square between. Above 0.</summary>
    public double Range { get; init; } = 5;

    /// <summary>Images along each side of the grid, 1 to 50.</summary>
    public int Steps { get; init; } = 10;

    /// <summary>The colours of the labels.</summary>
    public ColorMap ColorMap { get; init; } = ColorMap.RdYlBu;

    /// <summary>The kind of file that figures are written as.</summary>
    public FigureFormat Format { get; init; } = FigureFormat.Png;

    /// <summary>How many units wide a pixel of an image is drawn; null for what suits the image's size.</summary>
    public double? ImageScale { get; init; }

    /// <summary>How many pixels a unit has in PNG files: 2 is sharp on dense screens. 0.5 to 8.</summary>
    public double Scale { get; init; } = 2;

    /// <summary>Whether the loss curve's axis is logarithmic.</summary>
    public bool LogLoss { get; init; }

    /// <summary>Whether the scatter encodes rounded images (each pixel 0 or 255), as the article's does.</summary>
    public bool Round { get; init; }

    /// <summary>Checks all parts at once.</summary>
    /// <exception cref="LatentException">Some part is out of its range; the message names every one.</exception>
    public void Validate()
    {
        var problems = new List<string>();
        Check(Count >= 1, $"count at least 1, not {Count}");
        Check(Examples >= 1, $"examples at least 1, not {Examples}");
        Check(Reconstructions >= 1, $"reconstructions at least 1, not {Reconstructions}");
        Check(double.IsFinite(Range) && Range > 0, $"range above 0, not {Range}");
        Check(Steps is >= 1 and <= 50, $"steps 1 to 50, not {Steps}");
        Check(ImageScale is null or (>= 0.1 and <= 64), $"image scale 0.1 to 64, not {ImageScale}");
        Check(Scale is >= 0.5 and <= 8, $"scale 0.5 to 8, not {Scale}");
        if (problems.Count > 0)
            throw new LatentException("The options of the figures are out of range.", string.Join("; ", problems));

        void Check(bool good, string problem)
        {
            if (!good)
                problems.Add(problem);
        }
    }
}
