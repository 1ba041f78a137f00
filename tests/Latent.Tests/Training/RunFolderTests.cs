using System.Text.Json;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

public sealed class RunFolderTests : IDisposable
{
    private static readonly Dictionary<string, double> s_none = [];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_folder_is_made_with_those_above_it_and_left_empty()
    {
        var run = RunFolder.Create(_folder["a/b/run"]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(run.Path));
        Assert.Equal(run.Path, RunFolder.Create(_folder["a/b/run"]).Path); // empty: fine
    }

    [Fact]
    public void Names_that_are_taken_get_a_number()
    {
        string[] names = [.. Enumerable.Range(0, 3).Select(_ => Path.GetFileName(RunFolder.CreateNext(_folder["runs"], "mnist-z10").Path))];
        Assert.Equal(["mnist-z10", "mnist-z10-2", "mnist-z10-3"], names);
    }

    [Fact]
    public void A_run_that_lies_there_is_refused_unless_it_may_be_replaced()
    {
        var run = RunFolder.Create(_folder["run"]);
        run.WriteInfo(new());
        run.WriteHistory([]);
        File.WriteAllText(_folder["run/notes.txt"], "mine");
        Directory.CreateDirectory(run.FiguresPath);
        string message = Assert.Throws<LatentException>(() => RunFolder.Create(_folder["run"])).Message;
        Assert.Contains("holds a run already", message);
        Assert.Contains("--overwrite, in code overwrite: true", message);
        Assert.Contains($"{_folder["run"]}-2", message);
        RunFolder.Create(_folder["run"], overwrite: true);
        Assert.Equal(_folder["run/notes.txt"], Assert.Single(Directory.EnumerateFileSystemEntries(run.Path)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_with_other_files_is_never_touched(bool overwrite)
    {
        File.WriteAllText(_folder["thesis.tex"], "mine");
        string message = Assert.Throws<LatentException>(() => RunFolder.Create(_folder.Path, overwrite)).Message;
        Assert.Contains("other files", message);
        Assert.Contains("thesis.tex", message);
        Assert.True(File.Exists(_folder["thesis.tex"]));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/run")]
    [InlineData("\0")]
    public void A_path_that_cannot_be_written_is_told(string path)
    {
        File.WriteAllText(_folder["file"], "");
        string message = Assert.Throws<LatentException>(() => RunFolder.Create(path == "\0" ? path : _folder[path])).Message;
        Assert.Contains("choose another folder for the run", message);
    }

    [Fact]
    public void A_folder_without_rights_is_told()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "this user may write anywhere");
        if (OperatingSystem.IsWindows())
            return;
        string locked = Directory.CreateDirectory(_folder["locked"]).FullName;
        File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string message = Assert.Throws<LatentException>(() => RunFolder.Create(Path.Combine(locked, "run"))).Message;
        Assert.Contains("cannot be written", message);
    }

    [Theory]
    [InlineData("missing", "There is no run folder")]
    [InlineData("file", "There is no run folder")]
    [InlineData("empty", "is no run folder")]
    public void Only_a_run_is_opened(string name, string expected)
    {
        File.WriteAllText(_folder["file"], "");
        Directory.CreateDirectory(_folder["empty"]);
        string message = Assert.Throws<LatentException>(() => RunFolder.Open(_folder[name])).Message;
        Assert.Contains(expected, message);
        Assert.Contains("latent train mnist", message);
    }

    [Fact]
    public void The_history_comes_back_bit_by_bit()
    {
        var run = RunFolder.Create(_folder["run"]);
        EpochResult[] history = [new(1, 0.1 + 0.2, 1 / 3.0, 3e-4, 1.5, s_none), new(2, double.NaN, null, 1e-7, 2.25, s_none)];
        run.WriteHistory(history);
        string[] lines = File.ReadAllLines(run.HistoryPath);
        Assert.Equal("epoch,loss,val_loss,learning_rate,seconds", lines[0]);
        Assert.Equal("1,0.30000000000000004,0.3333333333333333,0.0003,1.500", lines[1]);
        Assert.Equal("2,NaN,,1E-07,2.250", lines[2]);
        var back = run.ReadHistory();
        Assert.Equal(history.Select(e => e with { Metrics = s_none }), back.Select(e => e with { Metrics = s_none }));
    }

    [Fact]
    public void Further_metrics_stand_before_the_seconds()
    {
        var run = RunFolder.Create(_folder["run"]);
        run.WriteHistory([new(1, 1, 2, 3, 4, new Dictionary<string, double>(StringComparer.Ordinal) { ["ssim"] = 5, ["psnr"] = 6 })]);
        Assert.Equal("epoch,loss,val_loss,learning_rate,psnr,ssim,seconds\n1,1,2,3,6,5,4.000\n", File.ReadAllText(run.HistoryPath));
        Assert.Equal(5, run.ReadHistory()[0].Metrics["ssim"]);
    }

    [Theory]
    [InlineData("epoch,loss\n", "Line 1")]
    [InlineData("epoch,loss,val_loss,learning_rate,seconds\n1,2,3,4\n", "Line 2")]
    [InlineData("epoch,loss,val_loss,learning_rate,seconds\n1,x,3,4,5\n", "'x'")]
    [InlineData("epoch,loss,val_loss,learning_rate,seconds\n2,2,3,4,5\n", "the epoch 1")]
    [InlineData("", "Line 1")]
    public void A_damaged_history_is_told_by_its_line(string text, string expected)
    {
        var run = RunFolder.Create(_folder["run"]);
        File.WriteAllText(run.HistoryPath, text);
        Assert.Contains(expected, Assert.Throws<LatentException>(() => run.ReadHistory()).Message);
    }

    [Fact]
    public void What_run_json_says_comes_back()
    {
        var run = RunFolder.Create(_folder["run"]);
        var info = new RunInfo
        {
            LatentVersion = "1.2.3",
            DotnetVersion = ".NET 10",
            Data = new("mnist", "mnist", "ab12", 60000, 10000),
            Recipe = "fast",
            ImageShape = [28, 28, 1],
            LatentSize = 10,
            EncoderParameters = 5762,
            DecoderParameters = 90177,
            Seed = long.MinValue,
            Threads = 2,
            Status = "finished",
            Epochs = 3,
            Steps = 1L << 40,
            BestEpoch = 2,
            BestValLoss = 1 / 3.0,
            Calibrated = true,
            Seconds = 1.5,
        };
        run.WriteInfo(info);
        var back = run.ReadInfo();
        Assert.Equal(info.ImageShape, back.ImageShape);
        Assert.Equal(info with { ImageShape = [], Options = back.Options }, back with { ImageShape = [] });
        Assert.Equal(
            95939,
            JsonDocument.Parse(File.ReadAllText(run.RunJsonPath)).RootElement.GetProperty("parameters").GetProperty("total").GetInt32()
        );
    }

    [Theory]
    [InlineData("{", "damaged")]
    [InlineData("[]", "cannot be read")]
    [InlineData("{\"format_version\":2}", "newer version")]
    [InlineData("{\"format_version\":1}", "'parameters'")]
    public void A_damaged_or_newer_run_json_is_told(string text, string expected)
    {
        var run = RunFolder.Create(_folder["run"]);
        File.WriteAllText(run.RunJsonPath, text);
        Assert.Contains(expected, Assert.Throws<LatentException>(() => run.ReadInfo()).Message);
    }
}
