using Latent.Cli.Inputs;
using Parquet;
using Parquet.Schema;

namespace Latent.Cli.Codes;

/// <summary>
/// Codes as an Apache Parquet file with the columns of the CSV: index, file and label where there are such, z0, z1, …; some ten thousand rows at a
/// time, which is what its readers like and what is held in memory.
/// </summary>
internal sealed class ParquetCodes(Stream stream, int latent) : ICodeWriter
{
    private const int MostRows = 1 << 14;

    private readonly List<string> _files = [],
        _labels = [];
    private readonly float[][] _columns = [.. Enumerable.Range(0, latent).Select(_ => new float[MostRows])];
    private readonly DataField<int> _index = new("index");
    private readonly DataField<string> _file = new("file"),
        _label = new("label");
    private readonly DataField<float>[] _numbers = [.. Enumerable.Range(0, latent).Select(i => new DataField<float>($"z{i}"))];
    private ParquetWriter? _writer;
    private bool _hasFiles,
        _hasLabels;
    private int _rows, // not yet written
        _first; // the index of the first of them

    public void Write(InputImages block, ReadOnlyMemory<float> codes)
    {
        if (_writer is null)
        {
            (_hasFiles, _hasLabels) = (block.AreFiles, block.Images.HasLabels);
            DataField[] fields =
            [
                _index,
                .. _hasFiles ? [_file] : Array.Empty<DataField>(),
                .. _hasLabels ? [_label] : Array.Empty<DataField>(),
                .. _numbers,
            ];
            _writer = ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).GetAwaiter().GetResult();
        }
        var images = block.Images;
        for (int i = 0; i < images.Count; i++)
        {
            if (_rows == MostRows)
                WriteGroup();
            if (_hasFiles)
                _files.Add(block.Names[i]);
            if (_hasLabels)
                _labels.Add(images.HasLabels ? images.LabelNames[images.Labels[i]] : "");
            for (int z = 0; z < latent; z++)
                _columns[z][_rows] = codes.Span[i * latent + z];
            _rows++;
        }
    }

    public void End()
    {
        if (_rows > 0)
            WriteGroup();
        _writer?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void WriteGroup()
    {
        using (var group = _writer!.CreateRowGroup())
        {
            Wait(group.WriteAsync<int>(_index, Enumerable.Range(_first, _rows).ToArray()));
            if (_hasFiles)
                Wait(group.WriteAsync(_file, _files));
            if (_hasLabels)
                Wait(group.WriteAsync(_label, _labels));
            for (int z = 0; z < latent; z++)
                Wait(group.WriteAsync<float>(_numbers[z], _columns[z].AsMemory(0, _rows)));
            group.CompleteValidate();
        }
        _files.Clear();
        _labels.Clear();
        _first += _rows;
        _rows = 0;
    }

    /// <summary>The stream is a file: nothing is waited for.</summary>
    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
