using System.Globalization;
using System.Text;

namespace Latent.Training;

/// <summary>
/// Writes a line per epoch to a CSV file, with Keras's columns: the epoch (from 0), then the names of the logs in alphabetical order as the
/// first epoch has them; NA where a number is missing later.
/// </summary>
/// <param name="FilePath">The file.</param>
public sealed class CSVLogger(string FilePath) : Callback
{
    private readonly StringBuilder _text = new();
    private List<string>? _keys;

    /// <summary>The file.</summary>
    public string FilePath { get; } = FilePath;

    /// <summary>What stands between two columns.</summary>
    public string Separator { get; init; } = ",";

    /// <summary>Whether lines are added to a file that exists; the header is left out where the file has something in it.</summary>
    public bool Append { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(FilePath))
            yield return "CSVLogger.FilePath must name a file.";
        if (Separator is not [_])
            yield return $"CSVLogger.Separator must be one character; it is '{Separator}'.";
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingContext context)
    {
        if (context.Resumed)
            return; // the state says what is in the file
        _keys = null;
        _text.Clear();
        if (Append && File.Exists(FilePath))
            _text.Append(ReadAll());
        AtomicFile.WriteText(FilePath, _text.ToString()); // a file that cannot be written is told of before the first step
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context)
    {
        if (_keys is null)
        {
            _keys = [.. context.Logs.Keys.Order(StringComparer.Ordinal)];
            if (_text.Length == 0)
                Line("epoch", _keys);
        }
        Line(
            context.Epoch.ToString(CultureInfo.InvariantCulture),
            _keys.Select(key => context.Logs.TryGetValue(key, out double value) ? Number(value) : "NA")
        );
        AtomicFile.WriteText(FilePath, _text.ToString());
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        state.Set("text", _text.ToString());
        state.Set("keys", _keys is null ? null : string.Join('\n', _keys));
    }

    /// <inheritdoc/>
    public override void LoadState(CallbackState state, TrainingContext context)
    {
        _text.Clear().Append(state.Text("text"));
        _keys = state.Text("keys") is string keys ? [.. keys.Split('\n')] : null;
        AtomicFile.WriteText(FilePath, _text.ToString()); // it may be an epoch ahead
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private void Line(string first, IEnumerable<string> rest) =>
        _text.Append(first).AppendJoin("", rest.Select(cell => Separator + Quoted(cell))).Append('\n');

    private string Quoted(string cell) =>
        cell.Contains(Separator, StringComparison.Ordinal) || cell.Contains('"', StringComparison.Ordinal)
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;

    private string ReadAll()
    {
        try
        {
            string text = File.ReadAllText(FilePath);
            return text.Length == 0 || text.EndsWith('\n') ? text : text + "\n";
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            throw new LatentException($"'{FilePath}' cannot be read.", "a CSV file to add lines to", e.Message, inner: e);
        }
    }
}
