using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Latent.Cli.Bench;
using Latent.Cli.Compare;
using Latent.Cli.Compress;
using Latent.Cli.Datasets;
using Latent.Cli.Decode;
using Latent.Cli.Denoise;
using Latent.Cli.Describe;
using Latent.Cli.Encode;
using Latent.Cli.Export;
using Latent.Cli.Help;
using Latent.Cli.Import;
using Latent.Cli.Neighbours;
using Latent.Cli.Predict;
using Latent.Cli.Reconstruct;
using Latent.Cli.Sample;
using Latent.Cli.Score;
using Latent.Cli.Show;
using Latent.Cli.Studio;
using Latent.Cli.Train;

namespace Latent.Cli;

/// <summary>The command line as a whole.</summary>
internal static class Root
{
    public static string Version { get; } =
        typeof(Root).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>The commands in the order of the help. Only a command that is asked for is built: its options would cost each start of the program.</summary>
    private static readonly (string Word, string Purpose, Func<Terminal, LatentCommand> Make)[] s_commands =
    [
        (ShowCommand.Word, ShowCommand.Purpose, terminal => new ShowCommand(terminal)),
        (TrainCommand.Word, TrainCommand.Purpose, terminal => new TrainCommand(terminal)),
        (DenoiseCommand.Word, DenoiseCommand.Purpose, terminal => new DenoiseCommand(terminal)),
        (ReconstructCommand.Word, ReconstructCommand.Purpose, terminal => new ReconstructCommand(terminal)),
        (ScoreCommand.Word, ScoreCommand.Purpose, terminal => new ScoreCommand(terminal)),
        (EncodeCommand.Word, EncodeCommand.Purpose, terminal => new EncodeCommand(terminal)),
        (NeighboursCommand.Word, NeighboursCommand.Purpose, terminal => new NeighboursCommand(terminal)),
        (DecodeCommand.Word, DecodeCommand.Purpose, terminal => new DecodeCommand(terminal)),
        (PredictCommand.Word, PredictCommand.Purpose, terminal => new PredictCommand(terminal)),
        (SampleCommand.Word, SampleCommand.Purpose, terminal => new SampleCommand(terminal)),
        (CompareCommand.Word, CompareCommand.Purpose, terminal => new CompareCommand(terminal)),
        (CompressCommand.Word, CompressCommand.Purpose, terminal => new CompressCommand(terminal)),
        (DecompressCommand.Word, DecompressCommand.Purpose, terminal => new DecompressCommand(terminal)),
        (ExportCommand.Word, ExportCommand.Purpose, terminal => new ExportCommand(terminal)),
        (ImportCommand.Word, ImportCommand.Purpose, terminal => new ImportCommand(terminal)),
        (SummaryCommand.Word, SummaryCommand.Purpose, terminal => new SummaryCommand(terminal)),
        (StudioCommand.Word, StudioCommand.Purpose, terminal => new StudioCommand(terminal)),
        (BenchCommand.Word, BenchCommand.Purpose, terminal => new BenchCommand(terminal)),
        (DatasetsCommand.Word, DatasetsCommand.Purpose, terminal => new DatasetsCommand(terminal)),
    ];

    /// <summary>All commands, each with its options.</summary>
    public static RootCommand Create(Terminal terminal) => Create(terminal, _ => true);

    /// <summary>The commands that a command line may name with their options, the others with their names.</summary>
    public static RootCommand Create(Terminal terminal, IReadOnlyList<string> arguments) =>
        arguments is [['[', ..], ..] // a directive: completion asks about the rest, which is one argument
            ? Create(terminal)
            : Create(terminal, word => arguments.Contains(word, StringComparer.Ordinal));

    private static RootCommand Create(Terminal terminal, Predicate<string> isAsked)
    {
        var root = new RootCommand("Latent trains autoencoders on images, shows what they learned, and uses them.");
        foreach (var (word, purpose, make) in s_commands)
            root.Subcommands.Add(isAsked(word) ? make(terminal) : new Command(word, purpose));
        root.Options.OfType<System.CommandLine.Help.HelpOption>().Single().Action = new HelpAction(terminal);
        root.Options.OfType<System.CommandLine.Help.HelpOption>().Single().Description = "What a command does, its options and examples";
        var version = root.Options.OfType<VersionOption>().Single();
        (version.Action, version.Description) = (new VersionAction(terminal), "The program's version");
        root.SetAction(parsed => HelpPage.Write(parsed.CommandResult.Command, terminal));
        return root;
    }

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
