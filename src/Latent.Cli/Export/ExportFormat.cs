using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Parsing;
using Latent.Models;

namespace Latent.Cli.Export;

/// <summary>What an export starts from.</summary>
/// <param name="Command">The command's path, for messages.</param>
/// <param name="Parsed">The command line.</param>
/// <param name="Path">The run folder or the model file.</param>
/// <param name="Model">The model in it.</param>
/// <param name="Terminal">Where a download is shown.</param>
internal sealed record ExportRequest(string Command, ParseResult Parsed, string Path, Autoencoder Model, Terminal Terminal);

/// <summary>What an export has written.</summary>
/// <param name="Lines">For a reader: what lies where, and what it is good for.</param>
/// <param name="Json">For machines.</param>
internal sealed record Exported(IReadOnlyList<string> Lines, JsonObject Json);

/// <summary>One kind of file that 'latent export' writes: an option with its path, and the options that only this kind has.</summary>
internal abstract class ExportFormat
{
    /// <param name="name">The option, "--html".</param>
    /// <param name="help">What is written.</param>
    /// <param name="value">What the option takes.</param>
    protected ExportFormat(string name, string help, string value) => Target = Make.Text([name], help, value);

    /// <summary>The option with the path.</summary>
    public Option<string?> Target { get; }

    /// <summary>The name of the kind in the JSON of the command: that of the option.</summary>
    public string Key => Target.Name.TrimStart('-');

    /// <summary>The heading of the options in the help.</summary>
    public abstract string Title { get; }

    /// <summary>The options that only this kind has.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>Refuses a path that cannot be meant, before any work is done.</summary>
    /// <exception cref="CommandLineException">It has a wrong ending.</exception>
    public abstract void Check(string command, string path);

    /// <summary>Writes the file or the files.</summary>
    /// <exception cref="LatentException">The model cannot be written so, or the path cannot be written to.</exception>
    public abstract Exported Write(ExportRequest request, string path);
}
