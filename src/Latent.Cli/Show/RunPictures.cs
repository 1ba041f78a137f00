using System.Text.Json.Nodes;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Images;
using Latent.Models;
using Latent.Training;

namespace Latent.Cli.Show;

/// <summary>The pictures and the report of a run, drawn again from its model and its data.</summary>
internal sealed class RunPictures(string path, string? otherData, FigureOptions options, Terminal terminal)
{
    public void Show(bool json)
    {
        var model = ModelArgument.Open(path); // first: a run without a model is the usual mishap, and its message says most
        var run = RunFolder.Open(path);
        var data = DataSource.Of(path, otherData, terminal);
        var files = RunFigures.Draw(run, model, data, options);
        if (json)
            Json.Write(
                new()
                {
                    ["run"] = run.Path,
                    ["data"] = data.Name,
                    ["files"] = new JsonArray([.. files.Select(file => JsonValue.Create(Path.GetFullPath(file)))]),
                },
                terminal.Output.Writer
            );
        else
            foreach (string file in files)
                terminal.Output.Writer.WriteLine(Paths.Shown(file));
    }
}
