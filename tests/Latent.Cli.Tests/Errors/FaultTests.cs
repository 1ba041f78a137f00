using Latent.Cli.Output;

namespace Latent.Cli.Tests.Errors;

public sealed class FaultTests
{
    private sealed class Breaking(Exception e) : StringWriter
    {
        public override void Write(string? value) => throw e;

        public override void WriteLine(string? value) => throw e;
    }

    private static Result Break(bool debug)
    {
        var error = new StringWriter();
        var terminal = new Terminal(new(new Breaking(new InvalidOperationException("two\nlines"))), new(error)) { Debug = debug };
        return new(LatentProgram.Run(["summary"], terminal), "", error.ToString());
    }

    [Fact]
    public void A_fault_is_one_line_that_says_how_to_report_it()
    {
        var result = Break(debug: false);
        Assert.Equal(1, result.Code);
        string line = Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains("a fault in Latent (InvalidOperationException: two lines)", line);
        Assert.Contains("report", line);
    }

    [Fact]
    public void The_stack_trace_is_for_who_asks() => Assert.Contains("   at Latent.Cli.", Break(debug: true).Error);

    [Fact]
    public void A_terminal_that_is_gone_is_no_reason_to_stop()
    {
        var writer = new PatientWriter(new Breaking(new IOException("gone")), hungUp: () => true);
        writer.WriteLine("nobody reads this");
        writer.Flush();
    }

    [Fact]
    public void A_full_disk_behind_the_output_is_told()
    {
        var writer = new PatientWriter(new Breaking(new IOException("No space left on device")), hungUp: () => false);
        var e = Assert.Throws<LatentException>(() => writer.Write("text"));
        Assert.Contains("No space left on device", e.Message);
    }
}
