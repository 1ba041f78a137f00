using System.Text;
using Latent.Cli.Help;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Help;

public sealed class HelpTests
{
    private static readonly Terminal s_terminal = new(new TextStream(TextWriter.Null), new TextStream(TextWriter.Null));

    /// <summary>What is typed for each command: "show", "datasets get".</summary>
    public static TheoryData<string> Commands => [.. All.Select(command => command.Path)];

    private static IEnumerable<(string Path, LatentCommand Command)> All =>
        Root.Create(s_terminal)
            .Subcommands.SelectMany(command =>
                command.Subcommands.Select(inner => ($"{command.Name} {inner.Name}", inner)).Prepend((command.Name, command))
            )
            .Select(pair => (pair.Item1, Assert.IsType<LatentCommand>(pair.Item2, exactMatch: false)));

    private static string Help(string command) => Program.Run([.. command.Split(' '), "--help"]).Ok();

    [Fact]
    public void Root_help_gets_a_newcomer_started() =>
        Snapshot.Verify(Program.Run("--help").Ok(), "tests/Latent.Cli.Tests/Snapshots/help.txt");

    [Fact]
    public void Without_a_command_the_help_is_shown() => Assert.Equal(Program.Run("--help").Ok(), Program.Run().Ok());

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_of_a_command(string command) =>
        Snapshot.Verify(Help(command), $"tests/Latent.Cli.Tests/Snapshots/help-{command.Replace(' ', '-')}.txt");

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_fits_the_width_and_has_no_hole(string command)
    {
        string help = Program.Run([.. command.Split(' '), "-h"]).Ok();
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 100, line));
        var latent = All.Single(c => c.Path == command).Command;
        Assert.InRange(latent.Examples.Count, 2, 4);
        Assert.All(latent.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name));
        Assert.All(latent.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), argument.Name));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Examples_are_command_lines_that_parse(string command)
    {
        var root = Root.Create(s_terminal);
        var latent = All.Single(c => c.Path == command).Command;
        foreach (var example in latent.Examples)
        {
            string[] words = example.Line.Split(' ');
            Assert.Equal("latent", words[0]);
            Assert.Empty(root.Parse(words[1..]).Errors);
        }
    }

    [Fact]
    public void The_page_in_docs_is_the_help()
    {
        var page = new StringBuilder(
            """
            # The command line

            What `latent --help` and `latent COMMAND --help` print. This page is made from it:
            `UPDATE_SNAPSHOTS=1 dotnet run --project tests/Latent.Cli.Tests` writes it anew.


            """
        );
        Add("latent", Program.Run("--help").Ok());
        foreach (string command in All.Select(c => c.Path))
            Add($"latent {command}", Help(command));
        Snapshot.Verify(page.ToString(), "docs/cli.md");

        void Add(string title, string help) => page.Append($"## {title}\n\n```text\n{help.TrimEnd()}\n```\n\n");
    }

    [Fact]
    public void Version_is_the_programs_own() => Assert.Matches(@"^latent \d+\.\d+\.\d+\n$", Program.Run("--version").Ok());
}
