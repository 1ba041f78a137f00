using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Images;
using Range = Latent.Cli.Parsing.Range;

namespace Latent.Cli.Show;

/// <summary>The options that say how pictures are drawn.</summary>
internal sealed class FigureChoices
{
    private static readonly FigureOptions s_default = new();

    private readonly Option<int?> _count = Make.Whole(
        ["--count", "-n"],
        "Of a data set: how many examples; of a run: how many codes the scatter shows",
        1,
        $"{s_default.Examples} and {s_default.Count:N0}"
    );
    private readonly Option<int?> _reconstructions = Make.Whole(
        ["--reconstructions"],
        "Images over their reconstructions",
        1,
        $"{s_default.Reconstructions}"
    );
    private readonly Option<double?> _range = Make.Real(
        ["--range"],
        "The grid is decoded from -X up to X, and the scatter shows that square",
        Range.Positive,
        $"{s_default.Range}"
    );
    private readonly Option<int?> _steps = Make.Whole(["--steps"], "Images along each side of the grid", 1, $"{s_default.Steps}", 50);
    private readonly Option<string?> _colorMap = Make.Choice(
        ["--colormap"],
        "The labels' colours",
        ColorMap.Names,
        s_default.ColorMap.Name
    );
    private readonly Option<string?> _format = Make.Choice(["--format"], "The kind of file", ["png", "svg"], "png");
    private readonly Option<double?> _scale = Make.Real(
        ["--scale"],
        "Pixels per unit in PNG files",
        new Range(0.5, 8),
        $"{s_default.Scale}"
    );
    private readonly Toggle _logLoss = new("log-loss", "A logarithmic axis for the loss curve", "no");
    private readonly Toggle _round = new("round", "The scatter encodes images rounded to black and white, as the article's does", "no");

    public IReadOnlyList<Option> All => [_count, _reconstructions, _range, _steps, _colorMap, _format, _scale, _logLoss, _round];

    public FigureOptions In(ParseResult parsed) =>
        new()
        {
            Count = parsed.GetValue(_count) ?? s_default.Count,
            Examples = parsed.GetValue(_count) ?? s_default.Examples,
            Reconstructions = parsed.GetValue(_reconstructions) ?? s_default.Reconstructions,
            Range = parsed.GetValue(_range) ?? s_default.Range,
            Steps = parsed.GetValue(_steps) ?? s_default.Steps,
            ColorMap = parsed.GetValue(_colorMap) is { } name ? ColorMap.ByName(name) : s_default.ColorMap,
            Format = Format(parsed),
            Scale = parsed.GetValue(_scale) ?? s_default.Scale,
            LogLoss = _logLoss.In(parsed) ?? s_default.LogLoss,
            Round = _round.In(parsed) ?? s_default.Round,
        };

    /// <summary>The options that were given and do not count for a data set, by name.</summary>
    public IEnumerable<string> ForRunsOnly(ParseResult parsed) =>
        All.Where(o => o != _count && o != _format && o != _scale && parsed.GetResult(o) is { Implicit: false }).Select(o => o.Name);

    private FigureFormat Format(ParseResult parsed) => parsed.GetValue(_format) == "svg" ? FigureFormat.Svg : FigureFormat.Png;
}
