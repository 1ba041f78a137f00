using System.Security;
using System.Text;
using Latent.Training;

namespace Latent.Images;

/// <summary>Writes a <see cref="Report"/> as HTML.</summary>
internal static class ReportPage
{
    /// <summary>A longer history is folded away.</summary>
    private const int LongHistory = 12;

    private const string Style = """
        :root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2328; --soft: #57606a; --line: #d8dee4; --panel: #f6f8fa; --accent: #1f6fb4; }
        @media (prefers-color-scheme: dark) {
          :root { --paper: #15181c; --ink: #e6e9ec; --soft: #9aa4af; --line: #31373f; --panel: #1c2126; --accent: #74add1; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 "DejaVu Sans", Verdana, "Segoe UI", system-ui, sans-serif; }
        main { max-width: 1128px; margin: 0 auto; padding: 48px 28px 64px; }
        h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -0.01em; }
        h2 { font-size: 19px; line-height: 1.3; margin: 52px 0 12px; }
        p { margin: 0; }
        .subtitle, .caption, .note { color: var(--soft); }
        .caption { font-size: 14.5px; max-width: 74ch; margin: 12px 0 0; }
        .numbers { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 28px 0 0; padding: 0; }
        .numbers div { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; }
        .numbers dt { font-size: 13.5px; color: var(--soft); }
        .numbers dd { margin: 2px 0 0; font-size: 24px; font-weight: 700; font-variant-numeric: tabular-nums; line-height: 1.3; }
        .numbers .note { font-size: 12.5px; font-weight: 400; display: block; line-height: 1.45; }
        figure { margin: 0; }
        .picture { background: #ffffff; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
        .picture img { display: block; max-width: 100%; height: auto; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 14.5px; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 6px 26px 6px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; padding-right: 28px; }
        thead th { color: var(--soft); font-weight: 400; vertical-align: bottom; }
        tr.best td { font-weight: 700; color: var(--accent); }
        summary { cursor: pointer; color: var(--accent); margin: 0 0 10px; font-size: 14.5px; }
        .details { display: grid; grid-template-columns: max-content 1fr; gap: 5px 28px; margin: 0; font-size: 14.5px; }
        .details dt { color: var(--soft); }
        .details dd { margin: 0; overflow-wrap: anywhere; }
        @media (max-width: 900px) { .numbers { grid-template-columns: repeat(2, 1fr); } }
        @media (max-width: 640px) { main { padding: 28px 16px 40px; } .details { grid-template-columns: 1fr; gap: 0; } .details dd { margin-bottom: 8px; } }
        @media print {
          :root { color-scheme: light; --paper: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --panel: #ffffff; --accent: #1f6fb4; }
          #latent-explorer { display: none; }
          main { max-width: none; padding: 0; } h2 { break-after: avoid; margin-top: 28px; } figure, .numbers div, tr { break-inside: avoid; }
          .picture img { max-height: 200mm; width: auto; }
        }
        """;

    public static string Write(Report report)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        var explorer = report.Explorer?.Fragment;
        if (explorer is not null)
            html.Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"{explorer.ContentSecurityPolicy}\">\n");
        html.Append($"<title>{Text(report.Title)}</title>\n<link rel=\"icon\" href=\"data:,\">\n");
        html.Append($"<style>\n{Style}\n{explorer?.Style}</style>\n</head>\n<body>\n<main>\n");
        html.Append($"<header>\n<h1>{Text(report.Title)}</h1>\n");
        if (report.Subtitle.Length > 0)
            html.Append($"<p class=\"subtitle\">{Text(report.Subtitle)}</p>\n");
        html.Append("</header>\n");
        Headline(html, report.Headline);
        foreach (var table in report.Tables)
            Table(html, table);
        foreach (var figure in report.Figures)
            Figure(html, figure);
        Explorer(html, report.Explorer);
        History(html, report.History);
        Details(html, report.Details);
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Headline(StringBuilder html, IReadOnlyList<ReportNumber> numbers)
    {
        if (numbers.Count == 0)
            return;
        html.Append("<dl class=\"numbers\">\n");
        foreach (var number in numbers)
        {
            string note = number.Note is null ? "" : $"<span class=\"note\">{Text(number.Note)}</span>";
            html.Append($"<div><dt>{Text(number.Name)}</dt><dd>{Text(number.Value)}{note}</dd></div>\n");
        }
        html.Append("</dl>\n");
    }

    private static void Table(StringBuilder html, ReportTable table)
    {
        html.Append($"<section>\n<h2>{Text(table.Heading)}</h2>\n");
        Table(html, table.Columns, table.Rows.Select(row => (row, false)));
        html.Append($"<p class=\"caption\">{Text(table.Caption)}</p>\n</section>\n");
    }

    private static void Table(StringBuilder html, IReadOnlyList<string> columns, IEnumerable<(IReadOnlyList<string> Cells, bool Best)> rows)
    {
        html.Append("<div class=\"scroll\"><table>\n<thead><tr>");
        foreach (string column in columns)
            html.Append($"<th scope=\"col\">{Text(column)}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var (cells, best) in rows)
        {
            html.Append(best ? "<tr class=\"best\">" : "<tr>");
            foreach (string cell in cells)
                html.Append($"<td>{Text(cell)}</td>");
            html.Append("</tr>\n");
        }
        html.Append("</tbody>\n</table></div>\n");
    }

    private static void Figure(StringBuilder html, ReportFigure figure)
    {
        var picture = figure.Figure;
        html.Append($"<section>\n<h2>{Text(figure.Heading)}</h2>\n<figure>\n<div class=\"picture\"><img src=\"data:image/png;base64,");
        html.Append(Convert.ToBase64String(picture.Png.Span));
        html.Append(
            $"\" width=\"{picture.Width}\" height=\"{picture.Height}\" alt=\"{Text($"{picture.Title}. {picture.Subtitle}")}\"></div>\n"
        );
        html.Append($"<figcaption class=\"caption\">{Text(figure.Caption)}</figcaption>\n</figure>\n</section>\n");
    }

    private static void Explorer(StringBuilder html, ReportExplorer? explorer)
    {
        if (explorer is not null)
            html.Append(
                $"<section>\n<h2>Move through the latent space</h2>\n{explorer.Fragment?.Html}<p class=\"caption\">{Text(explorer.Caption)}</p>\n</section>\n"
            );
    }

    private static void History(StringBuilder html, IReadOnlyList<EpochResult> history)
    {
        if (history.Count == 0)
            return;
        string[] metrics = [.. history.SelectMany(epoch => epoch.Metrics.Keys).Distinct(StringComparer.Ordinal)];
        string[] columns = ["epoch", "loss", "val_loss", "learning rate", .. metrics, "seconds"];
        var best = history.Where(epoch => epoch.ValLoss is { } v && double.IsFinite(v)).MinBy(epoch => epoch.ValLoss);
        var rate = Numbers.Column(history.Select(epoch => epoch.LearningRate));
        bool folded = history.Count > LongHistory;
        html.Append("<section>\n<h2>Epoch by epoch</h2>\n");
        if (folded)
            html.Append($"<details>\n<summary>All {history.Count} epochs</summary>\n");
        Table(
            html,
            columns,
            history.Select(epoch =>
            {
                string[] cells =
                [
                    $"{epoch.Epoch}",
                    Numbers.Loss(epoch.Loss),
                    epoch.ValLoss is { } v ? Numbers.Loss(v) : "",
                    rate(epoch.LearningRate),
                    .. metrics.Select(name => epoch.Metrics.TryGetValue(name, out double value) ? $"{value:0.####}" : ""),
                    $"{epoch.Seconds:0.0}",
                ];
                return ((IReadOnlyList<string>)cells, epoch == best);
            })
        );
        if (folded)
            html.Append("</details>\n");
        html.Append("</section>\n");
    }

    private static void Details(StringBuilder html, IReadOnlyList<ReportNumber> details)
    {
        if (details.Count == 0)
            return;
        html.Append("<section>\n<h2>How it was made</h2>\n<dl class=\"details\">\n");
        foreach (var detail in details)
            html.Append(
                $"<dt>{Text(detail.Name)}</dt><dd>{Text(detail.Note is null ? detail.Value : $"{detail.Value} ({detail.Note})")}</dd>\n"
            );
        html.Append("</dl>\n</section>\n");
    }

    private static string Text(string text) => SecurityElement.Escape(text);
}
