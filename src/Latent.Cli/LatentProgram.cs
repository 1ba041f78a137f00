using System.CommandLine;
using System.CommandLine.Parsing;
using Latent.Cli.Parsing;

namespace Latent.Cli;

/// <summary>The program: a command line in, text and an exit code out.</summary>
internal static class LatentProgram
{
    private static readonly ParserConfiguration s_parser = new()
    {
        EnablePosixBundling = false, // "-12" is a number here
        ResponseFileTokenReplacer = null, // "@name" is a file's name
    };

    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            var parsed = Root.Create(terminal, arguments).Parse(arguments, s_parser);
            // help and completion ([suggest]) do not mind a command line that is half written
            var problems =
                parsed.Action is { ClearsParseErrors: true } || parsed.Tokens.Any(t => t.Type == TokenType.Directive)
                    ? []
                    : WrongCommandLine.Problems(parsed);
            if (problems.Count > 0)
                return WrongCommandLine.Report(parsed, problems, terminal);
            int code = parsed.Invoke(
                new()
                {
                    Output = terminal.Output.Writer,
                    Error = terminal.Error.Writer,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null, // Signals does it, for SIGHUP too
                }
            );
            terminal.Output.Writer.Flush();
            return code;
        }
        catch (CommandLineException e)
        {
            return WrongCommandLine.Report(e, terminal);
        }
        catch (LatentException e)
        {
            Failure.Report(e.Message, terminal);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (terminal.Stop.IsCancellationRequested)
        {
            terminal.Error.Writer.WriteLine("stopped");
            return ExitCode.Stopped;
        }
#pragma warning disable CA1031 // the outermost frame: what comes here is a fault, and a person reads one line about it
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failure.ReportFault(e, terminal);
            return ExitCode.Failed;
        }
        finally
        {
            terminal.Error.Writer.Flush();
        }
    }
}
