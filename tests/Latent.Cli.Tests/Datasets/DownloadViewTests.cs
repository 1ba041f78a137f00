using System.Text.RegularExpressions;
using Latent.Cli.Datasets;
using Latent.Data;
using Spectre.Console.Testing;

namespace Latent.Cli.Tests.Datasets;

public sealed class DownloadViewTests
{
    private static DownloadProgress At(long received, string? message = null) =>
        new()
        {
            Name = "kmnist",
            File = "train-images-idx3-ubyte.gz",
            Received = received,
            Total = 20_000_000,
            Message = message,
        };

    private static int Drive(IDownloadView view) =>
        view.Watch(progress =>
        {
            progress.Report(At(0, "waiting") with { Total = 0 });
            progress.Report(At(0));
            progress.Report(At(1_000_000));
            progress.Report(At(2_000_000, "host: broke off"));
            progress.Report(At(3_000_000));
            progress.Report(At(20_000_000));
            return 7;
        });

    [Fact]
    public void Redirected_it_is_a_line_for_each_tenth_and_for_each_message()
    {
        var writer = new StringWriter { NewLine = "\n" };
        Assert.Equal(7, Drive(new LineDownload(writer)));
        Assert.Equal(
            """
            waiting
            download=kmnist file=train-images-idx3-ubyte.gz received=0 total=20000000
            host: broke off
            download=kmnist file=train-images-idx3-ubyte.gz received=2000000 total=20000000
            download=kmnist file=train-images-idx3-ubyte.gz received=20000000 total=20000000

            """,
            writer.ToString()
        );
    }

    [Theory]
    [InlineData(100)]
    [InlineData(60)]
    public void At_a_terminal_it_is_a_bar_that_fits_and_goes_away(int width)
    {
        var console = new TestConsole().Interactive().EmitAnsiSequences();
        console.Profile.Width = width;
        Assert.Equal(7, Drive(new LiveDownload(console)));
        string[] lines =
        [
            .. Regex.Replace(console.Output, @"\x1b\[[0-9;?]*[a-zA-Z]", "\n", RegexOptions.None, TimeSpan.FromSeconds(5)).Split('\n', '\r'),
        ];
        Assert.Contains(lines, line => line.TrimEnd() == "host: broke off");
        string all = string.Concat(lines);
        Assert.Contains("2.0 MB of 20.0 MB", all);
        Assert.Contains("kmnist " + new string('━', 24), all);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
    }
}
