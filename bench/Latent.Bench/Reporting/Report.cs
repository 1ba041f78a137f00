using System.Text;

namespace Latent.Bench.Reporting;

/// <summary>What the bench found, as Markdown: printed as it comes, and written to a file.</summary>
/// <param name="console">Where it is printed.</param>
internal sealed class Report(TextWriter console)
{
    private readonly StringBuilder _text = new();
    private readonly SortedDictionary<string, string> _versions = new(StringComparer.Ordinal);
    private readonly List<(string Name, string Reason)> _leftOut = [];
    private readonly List<(Goal Goal, double Value)> _goals = [];

    public void Heading(string text) => Write($"## {text}\n");

    public void Line(string text) => Write(text + "\n");

    public void Add(Table table) => Write(table.ToString());

    /// <summary>Something that is not measured: said at once, where it is missing, and again at the end.</summary>
    public void LeftOut(string name, string reason)
    {
        if (!_leftOut.Contains((name, reason)))
            _leftOut.Add((name, reason));
        Line($"**Left out: {name}: {reason}**");
    }

    /// <summary>What a side says that it is.</summary>
    public void Version(string name, string version) => _versions[name] = version;

    /// <summary>A number that a goal is about.</summary>
    public void Measured(Goal goal, double? value)
    {
        if (value is { } known && double.IsFinite(known))
            _goals.Add((goal, known));
    }

    /// <summary>The goals, what was left out, and the versions: the end of the page.</summary>
    public void Close()
    {
        if (_goals.Count > 0)
        {
            Heading("Goals");
            var table = new Table("goal", "wanted", "measured", "reached");
            foreach (var (goal, value) in _goals)
                table.Add(
                    goal.What,
                    $"{(goal.AtLeast ? "≥" : "≤")} {goal.Bound}{goal.Unit}",
                    $"{Numbers.Of(value)}{goal.Unit}",
                    goal.IsReached(value) ? "yes" : "**no**"
                );
            Add(table);
        }
        Heading("Sides");
        var sides = new Table("side", "version");
        foreach (var (name, version) in _versions)
            sides.Add(name, version);
        Add(sides);
        if (_leftOut.Count == 0)
            return;
        Heading("Left out");
        foreach (var (name, reason) in _leftOut)
            Write($"- {name}: {reason}\n", blank: false);
    }

    /// <summary>Writes all there is so far; a later call with more replaces it.</summary>
    public void Save(string path) => File.WriteAllText(path, _text.ToString().TrimEnd() + "\n");

    private void Write(string text, bool blank = true)
    {
        string block = text.TrimEnd('\n') + (blank ? "\n\n" : "\n");
        _text.Append(block);
        console.Write(block);
    }
}
