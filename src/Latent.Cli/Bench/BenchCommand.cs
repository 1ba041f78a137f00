using System.CommandLine;
using Latent.Cli.Help;

namespace Latent.Cli.Bench;

/// <summary>latent bench: experiments with a fixed protocol, to compare with numbers that are reported elsewhere.</summary>
internal sealed class BenchCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "bench";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Measures on known data by a fixed protocol.";

    public BenchCommand(Terminal terminal)
        : base(Word, Purpose, terminal) => Subcommands.Add(new OneClassCommand(terminal));

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent bench one-class mnist", "Train on one digit, test on all: how well are the others told from it?"),
            new("latent bench one-class fashion-mnist --seeds 1", "The same of clothes, once."),
        ];

    protected override int Run(ParseResult parsed)
    {
        HelpPage.Write(this, Terminal);
        return ExitCode.Done;
    }
}
