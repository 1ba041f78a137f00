using System.Text.Json.Nodes;
using Latent.Cli.Inputs;

namespace Latent.Cli.Codes;

/// <summary>What latent encode says as JSON; with the codes where they go nowhere else.</summary>
internal sealed class CodeDocument(int latent) : ICodeWriter
{
    private readonly JsonArray _files = [],
        _labels = [],
        _codes = [];
    private bool _hasCodes;

    public void Write(InputImages block, ReadOnlyMemory<float> codes)
    {
        var images = block.Images;
        _hasCodes = true;
        if (block.AreFiles)
            foreach (string name in block.Names)
                _files.Add(name);
        if (images.HasLabels)
            foreach (byte label in images.Labels)
                _labels.Add(images.LabelNames[label]);
        foreach (float[] code in codes.ToArray().Chunk(latent))
            _codes.Add(new JsonArray([.. code.Select(z => float.IsFinite(z) ? JsonValue.Create(z) : null)]));
    }

    public void End() { }

    public JsonObject Of(int count, string? path, string? projector)
    {
        var document = new JsonObject { ["count"] = count, ["latent"] = latent };
        if (path is not null)
            document["out"] = Path.GetFullPath(path);
        if (projector is not null)
            document["projector"] = Path.GetFullPath(projector);
        if (!_hasCodes)
            return document;
        if (_files.Count > 0)
            document["files"] = _files;
        if (_labels.Count > 0)
            document["labels"] = _labels;
        document["codes"] = _codes;
        return document;
    }
}
