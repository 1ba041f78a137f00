namespace Latent.Cli.Tests.Faults;

/// <summary>
/// The program in this process, with something that happens while it works: each line of its output is a moment of the training that is
/// always the same, however fast the machine is.
/// </summary>
internal static class Hooked
{
    /// <summary>Runs a command line.</summary>
    /// <param name="onLine">Called with each line, on the training's thread, which waits.</param>
    /// <param name="arguments">The command line.</param>
    public static Result Run(Action<string> onLine, params string[] arguments) => Run(onLine, default, arguments);

    /// <summary>Runs a command line that can be stopped as Ctrl-C does it.</summary>
    public static Result Run(Action<string> onLine, CancellationToken stop, params string[] arguments)
    {
        var output = new Writer(onLine) { NewLine = "\n" };
        var result = Program.Run(terminal => terminal with { Output = new(output), Stop = stop }, arguments);
        return result with { Output = output.ToString() };
    }

    /// <summary>Calls once, at the first line that starts with something.</summary>
    public static Action<string> At(string start, Action action)
    {
        bool done = false;
        return line =>
        {
            if (done || !line.StartsWith(start, StringComparison.Ordinal))
                return;
            done = true;
            action();
        };
    }

    private sealed class Writer(Action<string> onLine) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            onLine(value ?? "");
        }
    }
}
