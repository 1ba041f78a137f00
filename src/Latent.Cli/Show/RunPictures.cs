using System.Text.Json.Nodes;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Data;
using Latent.Images;
using Latent.Models;
using Latent.Training;

namespace Latent.Cli.Show;

/// <summary>The pictures and the report of a run, drawn again from its model and its data.</summary>
internal sealed class RunPictures(string path, string? otherData, FigureOptions options, Terminal terminal)
{
    public void Show(bool json)
    {
        var model = Autoencoder.Open(path); // first: a run without a model is the usual mishap, and its message says most
        var run = RunFolder.Open(path);
        var data = Data(run);
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

    private DataSet Data(RunFolder run)
    {
        if (otherData is not null)
            return DataSource.Open(otherData, terminal);
        var known =
            run.ReadInfo().Data
            ?? throw new LatentException(
                $"The run '{path}' does not say which data it was trained on.",
                fix: "name it: --data mnist, or --data FOLDER"
            );
        var data = DataSource.Open(known.Source, terminal);
        if (data.Checksum != known.Checksum)
            terminal.Error.Writer.WriteLine($"warning: '{known.Source}' is not the data that the run was trained on: it has changed since");
        return data;
    }
}
