namespace Latent.Cli;

/// <summary>What the program tells the shell. Described in the root's help.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something went wrong while working: a file, the data, a fault of the program.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong: nothing was done.</summary>
    public const int WrongCommandLine = 2;

    /// <summary>Stopped by Ctrl-C or a signal: 128 + SIGINT, as shells have it. What was finished is kept.</summary>
    public const int Stopped = 130;
}
