namespace Latent.Cli;

/// <summary>How what went wrong is told.</summary>
internal static class Failure
{
    /// <summary>A message of which the user can mend the cause.</summary>
    public static void Report(string message, Terminal terminal) =>
        terminal.Error.Writer.WriteLine($"error: {message.ReplaceLineEndings("\n  ")}");

    /// <summary>Every other exception: one line, and the stack trace only for who asks for it.</summary>
    public static void ReportFault(Exception e, Terminal terminal)
    {
        string message = e.Message.ReplaceLineEndings(" ").Trim();
        terminal.Error.Writer.WriteLine(
            $"error: a fault in Latent ({e.GetType().Name}: {message}). Please report it with the command line and what LATENT_DEBUG=1 adds here."
        );
        if (terminal.Debug)
            terminal.Error.Writer.WriteLine(e);
    }
}
