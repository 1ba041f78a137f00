using System.Globalization;

namespace Latent.Bench;

/// <summary>What the command line asks of a whole run.</summary>
internal sealed record BenchOptions
{
    /// <summary>The mode that answers requests in place of making them.</summary>
    public const string SideMode = "side";

    private const string Text = """
        Measures Latent, and its peers beside it, and writes a page of Markdown.

        usage: dotnet run -c Release --project bench/Latent.Bench -- [options]
          --peers              build and measure the peers of bench/peers too
          --prototype FOLDER   a prototype in C: FOLDER/bin/ae, and bin/ae_avx2 for machines without AVX-512
          --only NAMES         some of the sections, separated by commas: SECTIONS
                               (without --only: all but those in parentheses, which take long)
          --rounds N           rounds of each table, default 5
          --threads N          threads of a training, default one for each core
          --quick              a few calls for each number, to try the bench itself; writes no page
          --results FOLDER     where the page goes, default bench/results

        or: profile, parts [ROUNDS], saving [FOLDER], each a closer look of its own; see bench/README.md
        """;

    /// <summary>The page of help.</summary>
    /// <param name="sections">The names that --only may have.</param>
    public static string Usage(IEnumerable<string> sections) => Text.Replace("SECTIONS", string.Join(", ", sections));

    public bool Peers { get; private init; }

    public string? Prototype { get; private init; }

    /// <summary>The sections to run; null for the usual ones.</summary>
    public IReadOnlyList<string>? Only { get; private init; }

    public int Rounds { get; private init; } = 5;

    public int Threads { get; private init; } = Environment.ProcessorCount;

    public bool Quick { get; private init; }

    /// <summary>Where the page goes; null where none is written.</summary>
    public string? Results { get; private init; }

    /// <summary>The options as one would give them again; the places of folders on this machine are nothing to tell.</summary>
    public string CommandLine =>
        string.Join(
            ' ',
            (string[])
                [
                    .. Peers ? ["--peers"] : Array.Empty<string>(),
                    .. Prototype is null ? Array.Empty<string>() : ["--prototype FOLDER"],
                    .. Only is null ? Array.Empty<string>() : [$"--only {string.Join(',', Only)}"],
                    $"--rounds {Rounds}",
                    $"--threads {Threads}",
                    .. Quick ? ["--quick"] : Array.Empty<string>(),
                ]
        );

    /// <summary>How long a contestant runs before it counts.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 0.4 : 1.5);

    /// <summary>How long a contestant runs in each round.</summary>
    public TimeSpan RoundTime => TimeSpan.FromSeconds(Quick ? 0.1 : 1.5);

    /// <summary>Between two contestants.</summary>
    public TimeSpan Pause => TimeSpan.FromMilliseconds(Quick ? 20 : 200);

    /// <summary>Reads a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="sections">The names that --only may have.</param>
    /// <exception cref="LatentException">An option is unknown, has no value, or a wrong one.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> args, IReadOnlyCollection<string> sections)
    {
        var options = new BenchOptions();
        int at = 0;
        while (at < args.Count)
        {
            string name = args[at++];
            options = name switch
            {
                "--peers" => options with { Peers = true },
                "--quick" => options with { Quick = true },
                "--prototype" => options with { Prototype = Folder(name, Value(name)) },
                "--results" => options with { Results = Path.GetFullPath(Value(name)) },
                "--rounds" => options with { Rounds = Whole(name, Value(name)) },
                "--threads" => options with { Threads = Whole(name, Value(name)) },
                "--only" => options with { Only = Names(name, Value(name)) },
                _ => throw Wrong(name, "an option of the bench", $"'{name}'"),
            };
        }
        return options.Quick || options.Results is not null
            ? options
            : options with
            {
                Results = Path.Combine(Clone.Root, "bench", "results"),
            };

        string Value(string name) => at < args.Count ? args[at++] : throw Wrong(name, "a value behind it", "nothing");

        IReadOnlyList<string> Names(string name, string value)
        {
            string[] names = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            string? unknown = names.Length == 0 ? value : Array.Find(names, asked => !sections.Contains(asked, StringComparer.Ordinal));
            return unknown is null ? names : throw Wrong(name, string.Join(", ", sections), $"'{unknown}'");
        }
    }

    private static string Folder(string name, string value)
    {
        string program = Path.Combine(value, "bin", "ae");
        return File.Exists(program)
            ? Path.GetFullPath(value)
            : throw Wrong(name, "a folder with the built prototype, bin/ae", $"'{value}', without it");
    }

    /// <summary>A count on the command line.</summary>
    /// <exception cref="LatentException">It is none.</exception>
    public static int Whole(string name, string value) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 1000
            ? number
            : throw Wrong(name, "a whole number from 1 to 1000", $"'{value}'");

    private static LatentException Wrong(string name, string expected, string received) =>
        new($"The option '{name}' cannot be used like this.", expected, received, "see all options with --help");
}
