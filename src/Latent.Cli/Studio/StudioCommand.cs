using System.CommandLine;
using Latent.Cli.Help;
using Latent.Cli.Parsing;
using Latent.Studio;

namespace Latent.Cli.Studio;

/// <summary>latent studio: the pages for a browser, served from here.</summary>
internal sealed class StudioCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "studio";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Opens the studio in the browser: look inside runs, train new ones, compare them.";

    private readonly Argument<string[]> _runs = new("RUN")
    {
        Description = "Run folders or model files to show; the first is the one that opens (default: the newest in the folder of runs)",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _folder = Make.Text(
        ["--runs"],
        "The folder whose runs are listed, and into which trainings of the studio write (default runs)",
        "FOLDER"
    );
    private readonly Option<string?> _urls = Make.Text(
        ["--urls"],
        $"Where to listen, several with ; between them (default http://127.0.0.1:{StudioHost.DefaultPort}, or the next free port). What other machines can reach asks for a token, which is printed",
        "URL"
    );
    private readonly Option<bool> _noBrowser = Make.Flag("--no-browser", "Only print the address");

    public StudioCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_runs);
        Add("Studio", _folder, _urls, _noBrowser);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent studio", "The newest run in runs, in the browser."),
            new("latent studio runs/mnist-z2", "The latent plane of this run."),
            new(
                "latent studio --urls http://0.0.0.0:8080 --no-browser",
                "For the browser of another machine: open the address it prints, token and all."
            ),
        ];

    public override string Notes =>
        "The pages ask nothing of the internet. Only this machine can reach them, unless --urls says otherwise. Ctrl-C ends the studio with exit code 0; a training in it ends after the step it is in, with its state saved, and latent train --resume goes on with it.";

    protected override int Run(ParseResult parsed)
    {
        Terminal.TakeSignals();
        StudioHost
            .RunAsync(
                new()
                {
                    Runs = parsed.GetValue(_runs) ?? [],
                    RunsFolder = parsed.GetValue(_folder) ?? "runs",
                    Urls = parsed.GetValue(_urls),
                    Say = Say,
                    OnReady = parsed.GetValue(_noBrowser) ? _ => { } : Open,
                    OnFault = Terminal.Debug ? message => Terminal.Error.Writer.WriteLine(message) : null,
                },
                Terminal.Stop
            )
            .GetAwaiter()
            .GetResult();
        return ExitCode.Done;
    }

    private void Say(string message)
    {
        Terminal.Output.Writer.WriteLine(message);
        Terminal.Output.Writer.Flush(); // who reads a pipe waits for the address
    }

    private void Open(Uri address)
    {
        if (!Browser.TryOpen(address))
            Say("There is no browser to open it in here: open the address yourself.");
    }
}
