using Latent.Cli.Output;
using Spectre.Console;

namespace Latent.Cli;

/// <summary>One of the two streams a command writes to: plain text for all, and a console where a person is watching.</summary>
/// <param name="Writer">Text, line by line.</param>
/// <param name="Live">A console that can redraw its lines; null where the stream goes to a file, a pipe or a simple terminal.</param>
internal sealed record TextStream(TextWriter Writer, IAnsiConsole? Live = null);

/// <summary>All that a command sees of the world around the program. Tests make one of string writers.</summary>
internal sealed record Terminal(TextStream Output, TextStream Error)
{
    /// <summary>Columns for help and tables.</summary>
    public int Width { get; init; } = 100;

    /// <summary>Whether a fault shows its stack trace (LATENT_DEBUG=1).</summary>
    public bool Debug { get; init; }

    /// <summary>Cancelled by Ctrl-C and its like.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Called by a command that looks at <see cref="Stop"/>, before it starts its work.</summary>
    public Action TakeSignals { get; init; } = () => { };

    /// <summary>Called by what took the signals for a part of the work only: from then on they end the process again.</summary>
    public Action LeaveSignals { get; init; } = () => { };

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfTheProcess(Signals signals)
    {
        bool simple = Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new(
            Open(Console.Out, Console.IsOutputRedirected, () => signals.HungUp),
            Open(Console.Error, Console.IsErrorRedirected, () => true)
        )
        {
            Width = Console.IsOutputRedirected ? 100 : Math.Clamp(Columns(), 60, 100),
            Debug = Environment.GetEnvironmentVariable("LATENT_DEBUG") is "1",
            Stop = signals.Stop,
            TakeSignals = () => signals.Handled = true,
            LeaveSignals = () => signals.Handled = false,
        };

        TextStream Open(TextWriter writer, bool redirected, Func<bool> silent) // of an error that cannot be told nothing can be told
        {
            var patient = new PatientWriter(writer, silent);
            if (redirected || simple)
                return new(patient);
            var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(patient) });
            return new(patient, console.Profile.Capabilities.Ansi ? console : null);
        }
    }

    private static int Columns()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 100;
        }
        catch (IOException)
        {
            return 100;
        }
    }
}
