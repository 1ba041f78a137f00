using Latent.Cli;

namespace Latent.Cli.Tests;

/// <summary>The program in this process, with strings for its streams.</summary>
internal static class Program
{
    public static Result Run(params string[] arguments) => Run(_ => _, arguments);

    public static Result Run(Func<Terminal, Terminal> change, params string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var terminal = change(new(new TextStream(output), new TextStream(error)) { Width = 100 });
        int code = LatentProgram.Run(arguments, terminal);
        return new(code, output.ToString(), error.ToString());
    }
}

/// <summary>What a command line came to.</summary>
internal sealed record Result(int Code, string Output, string Error)
{
    /// <summary>The output of a command that must have worked.</summary>
    public string Ok()
    {
        Assert.True(Code == 0, $"exit code {Code}\n{Error}\n{Output}");
        return Output;
    }

    /// <summary>The message of a command that must have failed while working, with nothing on standard output.</summary>
    public string Failed()
    {
        Assert.Equal("", Output);
        Assert.True(Code == 1, $"exit code {Code}\n{Error}");
        Assert.DoesNotContain("fault in Latent", Error);
        return Error;
    }
}
