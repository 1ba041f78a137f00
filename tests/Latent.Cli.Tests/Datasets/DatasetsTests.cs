using System.Diagnostics;
using System.Text.Json.Nodes;
using Latent.Data;
using Latent.Tests.Data.Downloads;

namespace Latent.Cli.Tests.Datasets;

public sealed class DatasetsTests : IDisposable
{
    private static readonly string[] s_files = [.. Idx.ClassicNames.Select(name => name + ".gz").Order(StringComparer.Ordinal)];

    private readonly Child _child = new();

    public void Dispose() => _child.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static byte[] File(Request request) =>
        StartupHook.Kmnist.Packed[
            Array.FindIndex(Idx.ClassicNames, name => request.Path == $"/kmnist/{name}.gz") is >= 0 and var i
                ? i
                : throw new InvalidOperationException(request.Path)
        ];

    private static Server Good() => new(request => Answer.File(File(request), request));

    /// <summary>A server that falls silent in the middle of the first file, the first time.</summary>
    private static Server Silent() =>
        new(request => request.Number == 0 ? Answer.Silent(File(request), request, 50_000) : Answer.File(File(request), request));

    private async Task<Process> StartAndWaitForSilence(Server server, params string[] arguments)
    {
        var process = _child.Start(server, arguments);
        var part = new FileInfo(Path.Combine(_child.Cached, "train-images-idx3-ubyte.gz.part"));
        await Downloading.Until(() =>
        {
            Assert.False(process.HasExited);
            part.Refresh();
            return part.Exists && part.Length >= 50_000;
        });
        return process;
    }

    private static async Task Kill(Process process, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{process.Id}"]) { UseShellExecute = false })!;
        await kill.WaitForExitAsync(Stop);
    }

    [Fact]
    public async Task The_list_says_size_licence_and_whether_it_is_here()
    {
        string list = (await _child.Run(null, "datasets")).Ok();
        Assert.Matches("mnist +60,000 +10,000 +10  CC BY-SA 3.0 +[^ ]*data/mnist\n", list);
        Assert.Matches("fashion-mnist +60,000 +10,000 +10  MIT +(not here: 30.9 MB to download|/usr/share/datasets/fashion-mnist)\n", list);
        Assert.Matches("kmnist +400 +80 +10  none +not here: [0-9.]+ kB to download\n", list);
        Assert.Matches("emnist-letters +124,800 +20,800 +26  public domain +not here: 35.9 MB to download\n", list);
        Assert.Contains("Zalando SE", list);

        StartupHook.Kmnist.Write(_child["own/kmnist"]);
        _child.Variables["LATENT_DATA"] = _child["own"];
        var json = JsonNode.Parse((await _child.Run(null, "datasets", "--json")).Ok())!["datasets"]!.AsArray();
        var kmnist = json.Single(set => (string?)set!["name"] == "kmnist")!;
        Assert.Equal(_child["own/kmnist"], (string?)kmnist["path"]);
        Assert.Equal(10, kmnist["labels"]!.AsArray().Count);
        Assert.Null(json.Single(set => (string?)set!["name"] == "emnist-letters")!["path"]);
    }

    [Fact]
    public async Task Getting_a_data_set_downloads_it_once()
    {
        using var server = Good();
        var result = await _child.Run(server, "datasets", "get", "kmnist");
        Assert.Equal(
            $"kmnist: 400 training and 80 test images in {_child["cache/latent/kmnist"]}\n".Replace(_child["cache"], "cache"),
            result.Ok()
        );
        Assert.Contains("download=kmnist file=train-images-idx3-ubyte.gz received=0", result.Error);
        Assert.Contains("kmnist: downloaded and verified, in cache/latent/kmnist", result.Error);
        Assert.Equal(s_files, _child.Files);

        var again = await _child.Run(server, "datasets", "get", "KMNIST", "--json");
        Assert.Equal("", again.Error);
        Assert.Equal(_child.Cached, (string?)JsonNode.Parse(again.Ok())!["path"]);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_training_downloads_its_data_and_the_name_in_its_run_opens_them_again()
    {
        using var server = Good();
        var result = await _child.Run(server, "train", "kmnist", "--steps", "2", "--out", "run", "--json", "--no-figures");
        var data = JsonNode.Parse(result.Ok())!["data"]!;
        Assert.Contains("downloaded and verified", result.Error);
        string source = (string)JsonNode.Parse(await System.IO.File.ReadAllTextAsync(_child["run/run.json"], Stop))!["data"]!["source"]!;
        string again = (await _child.Run(null, "datasets", "get", source, "--json")).Ok();
        Assert.Equal((string?)data["checksum"], (string?)JsonNode.Parse(again)!["checksum"]);

        string codes = (await _child.Run(null, "encode", "run", "kmnist", "--count", "3")).Ok();
        Assert.StartsWith("index,label,z0", codes);
        Assert.Contains("\n2,class 2,", codes);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_the_download_with_130_and_the_next_call_goes_on(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "signals of POSIX");
        using var server = Silent();
        var process = await StartAndWaitForSilence(server, "train", "kmnist", "--steps", "2");
        await Kill(process, signal);
        var result = await Child.Result(process);
        Assert.Equal((130, ""), (result.Code, result.Output));
        Assert.Contains("what has come is kept", result.Error);
        Assert.Equal(["train-images-idx3-ubyte.gz.part"], _child.Files);
        Assert.False(Directory.Exists(_child["runs"]));

        (await _child.Run(server, "datasets", "get", "kmnist")).Ok();
        Assert.Equal([null, 50_000], server.Requests.Take(2).Select(request => request.From));
        Assert.Equal(s_files, _child.Files);
    }

    /// <summary>The lock of a dead process is no lock, and what it wrote is gone on with.</summary>
    [Fact]
    public async Task A_killed_download_goes_on_too()
    {
        using var server = Silent();
        var process = await StartAndWaitForSilence(server, "datasets", "get", "kmnist");
        process.Kill();
        await Child.Result(process);
        (await _child.Run(server, "datasets", "get", "kmnist")).Ok();
        Assert.Equal([null, 50_000], server.Requests.Take(2).Select(request => request.From));
        Assert.Equal(s_files, _child.Files);
    }

    [Fact]
    public async Task Two_processes_at_once_fetch_it_once()
    {
        var second = new TaskCompletionSource();
        using var server = new Server(request =>
        {
            var answer = Answer.File(File(request), request);
            return answer with
            {
                Body = async (stream, stop) =>
                {
                    await second.Task.WaitAsync(stop);
                    await answer.Body(stream, stop);
                },
            };
        });
        var first = _child.Start(server, "datasets", "get", "kmnist");
        await Downloading.Until(() => server.Requests.Count > 0);
        var other = _child.Start(server, "datasets", "get", "kmnist");
        Assert.Equal("another process downloads kmnist: waiting for it", await other.StandardError.ReadLineAsync(Stop));
        second.SetResult();
        Result[] results = await Task.WhenAll(Child.Result(first), Child.Result(other));
        Assert.Equal(results[0].Ok(), results[1].Ok());
        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(s_files, _child.Files);
    }

    [Fact]
    public async Task What_cannot_be_downloaded_is_said_once()
    {
        using var server = new Server(request => Answer.File(new byte[File(request).Length], request));
        string message = (await _child.Run(server, "show", "kmnist")).Failed();
        Assert.Contains("error: The data set 'kmnist' could not be downloaded.", message);
        Assert.Contains("other bytes than the published ones", message);
        Assert.Contains("no connection (ConnectionRefused)", message);
        Assert.Contains("latent datasets get kmnist --from FOLDER", message);
        Assert.Empty(_child.Files);
    }

    [Fact]
    public async Task Files_of_a_folder_are_taken_into_the_cache()
    {
        StartupHook.Kmnist.Write(_child["plain"], packed: false);
        string output = (await _child.Run(null, "datasets", "get", "kmnist", "--from", "plain")).Ok();
        Assert.Equal(
            "kmnist: 400 training and 80 test images in cache/latent/kmnist\n"
                + "not byte for byte the published files; images and labels are of the right kind\n",
            output
        );
        Assert.Equal(Idx.ClassicNames.Order(StringComparer.Ordinal), _child.Files);
        Assert.Contains("class 3", (await _child.Run(null, "show", "kmnist")).Ok());

        Assert.Contains("10 classes", (await _child.Run(null, "datasets", "get", "fashion-mnist", "--from", Letters())).Failed());
        Assert.Contains("did you mean 'kmnist'?", (await _child.Run(null, "datasets", "get", "kmnst")).Failed());
    }

    private string Letters() => (StartupHook.Kmnist with { Classes = 26 }).Write(_child["letters"]);
}
