using Latent.Explorer;
using Latent.Training;

namespace Latent.Images;

/// <summary>A number of a report.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The number, as it is read.</param>
/// <param name="Note">What to know about it, in a few words; null for nothing.</param>
public sealed record ReportNumber(string Name, string Value, string? Note = null);

/// <summary>A figure of a report.</summary>
/// <param name="Heading">What its section is called.</param>
/// <param name="Figure">The figure.</param>
/// <param name="Caption">What one sees in it.</param>
public sealed record ReportFigure(string Heading, Figure Figure, string Caption);

/// <summary>A table of a report.</summary>
/// <param name="Heading">What its section is called.</param>
/// <param name="Columns">The head of each column.</param>
/// <param name="Rows">The cells, row by row.</param>
/// <param name="Caption">What it says.</param>
public sealed record ReportTable(string Heading, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string Caption);

/// <summary>The latent space to move through, in a report.</summary>
/// <param name="Caption">What one can do there; or why it is not there.</param>
/// <param name="Fragment">The explorer; null where it is not there.</param>
public sealed record ReportExplorer(string Caption, ExplorerFragment? Fragment = null);

/// <summary>
/// A page about one training: one HTML file that holds its pictures and its style, asks no network, follows a light or dark reader and prints.
/// Its script is the explorer's; all else is there without.
/// </summary>
public sealed record Report
{
    /// <summary>The headline.</summary>
    public required string Title { get; init; }

    /// <summary>The line below it.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>The numbers that matter most, shown large.</summary>
    public IReadOnlyList<ReportNumber> Headline { get; init; } = [];

    /// <summary>Tables below these.</summary>
    public IReadOnlyList<ReportTable> Tables { get; init; } = [];

    /// <summary>The figures, in order.</summary>
    public IReadOnlyList<ReportFigure> Figures { get; init; } = [];

    /// <summary>The latent space to move through, below the figures; null for none.</summary>
    public ReportExplorer? Explorer { get; init; }

    /// <summary>The epochs; folded away where they are many.</summary>
    public IReadOnlyList<EpochResult> History { get; init; } = [];

    /// <summary>Everything else one may want to know, as names and values.</summary>
    public IReadOnlyList<ReportNumber> Details { get; init; } = [];

    /// <summary>The page.</summary>
    public string ToHtml() => ReportPage.Write(this);

    /// <summary>Writes the page to a file.</summary>
    /// <param name="path">Where it goes; it should end with .html.</param>
    /// <exception cref="LatentException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, ToHtml());
}
