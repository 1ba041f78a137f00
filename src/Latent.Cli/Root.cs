using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Latent.Cli.Datasets;
using Latent.Cli.Decode;
using Latent.Cli.Describe;
using Latent.Cli.Encode;
using Latent.Cli.Export;
using Latent.Cli.Help;
using Latent.Cli.Import;
using Latent.Cli.Predict;
using Latent.Cli.Reconstruct;
using Latent.Cli.Show;
using Latent.Cli.Studio;
using Latent.Cli.Train;

namespace Latent.Cli;

/// <summary>The command line as a whole.</summary>
internal static class Root
{
    public static string Version { get; } =
        typeof(Root).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Latent trains autoencoders on images, shows what they learned, and uses them.");
        foreach (var command in Commands(terminal))
            root.Subcommands.Add(command);
        root.Options.OfType<System.CommandLine.Help.HelpOption>().Single().Action = new HelpAction(terminal);
        root.Options.OfType<System.CommandLine.Help.HelpOption>().Single().Description = "What a command does, its options and examples";
        var version = root.Options.OfType<VersionOption>().Single();
        (version.Action, version.Description) = (new VersionAction(terminal), "The program's version");
        root.SetAction(parsed => HelpPage.Write(parsed.CommandResult.Command, terminal));
        return root;
    }

    private static IEnumerable<Command> Commands(Terminal terminal) =>
        [
            new ShowCommand(terminal),
            new TrainCommand(terminal),
            new ReconstructCommand(terminal),
            new EncodeCommand(terminal),
            new DecodeCommand(terminal),
            new PredictCommand(terminal),
            new ExportCommand(terminal),
            new ImportCommand(terminal),
            new SummaryCommand(terminal),
            new StudioCommand(terminal),
            new DatasetsCommand(terminal),
        ];

    private sealed class HelpAction(Terminal terminal) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            HelpPage.Write(parseResult.CommandResult.Command, terminal);
            return ExitCode.Done;
        }
    }

    private sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            terminal.Output.Writer.WriteLine($"latent {Version}");
            return ExitCode.Done;
        }
    }
}
