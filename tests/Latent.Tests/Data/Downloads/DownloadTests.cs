using System.Net;
using Latent.Data;

namespace Latent.Tests.Data.Downloads;

/// <summary>Downloads from servers that do everything wrong that a server can.</summary>
public sealed class DownloadTests : IDisposable
{
    private readonly Downloading _download = new();

    public void Dispose() => _download.Dispose();

    private Server Good() => new(request => Answer.File(_download.File(request.Path), request));

    /// <summary>A server that answers the first requests for training images as the test wants it and is good otherwise.</summary>
    private Server Odd(Func<Request, byte[], Answer> answer, int times = int.MaxValue)
    {
        int asked = 0;
        return new(request =>
        {
            byte[] file = _download.File(request.Path);
            bool odd = request.Path.EndsWith("train-images-idx3-ubyte.gz", StringComparison.Ordinal) && asked++ < times;
            return odd ? answer(request, file) : Answer.File(file, request);
        });
    }

    private static IEnumerable<int?> Asked(Server server) =>
        server.Requests.Where(request => request.Path.Contains("train-images", StringComparison.Ordinal)).Select(request => request.From);

    [Fact]
    public void A_data_set_is_fetched_once_and_then_lies_in_the_cache()
    {
        using var server = Good();
        var data = _download.Open(server);
        Assert.Equal(("noise", 40, 20), (data.Name, data.Train.Count, data.Test.Count));
        Assert.Equal("class 9", data.Train.LabelNames[9]);
        _download.IsWhole();
        Assert.Equal(data.Checksum, _download.Open(server).Checksum);
        Assert.Equal(4, server.Requests.Count);
        Assert.Empty(_download.Messages);
    }

    [Fact]
    public void Only_what_is_missing_is_fetched()
    {
        using var server = Good();
        _download.Open(server);
        File.Delete(Path.Combine(_download.Place, "t10k-labels-idx1-ubyte.gz"));
        _download.Open(server);
        Assert.Equal(5, server.Requests.Count);
        _download.IsWhole();
    }

    [Fact]
    public void A_connection_that_breaks_off_again_and_again_goes_on_where_it_ended()
    {
        using var server = Odd((request, file) => Answer.BrokenOff(file, request, 5000));
        _download.Open(server);
        _download.IsWhole();
        int?[] asked = [.. Asked(server)];
        Assert.Equal(_download.File(0).Length / 5000 + 1, asked.Length);
        Assert.Equal([null, 5000, 10000], asked[..3]);
        Assert.Contains(_download.Messages, message => message.Contains("broke off after 5,000 of", StringComparison.Ordinal));
    }

    [Fact]
    public void A_connection_that_breaks_off_before_anything_came_is_given_up()
    {
        using var server = new Server(request => Answer.BrokenOff(_download.File(request.Path), request, 0));
        Assert.Contains("broke off after 0 of", _download.Fails(server), StringComparison.Ordinal);
        Assert.Equal(4, server.Requests.Count);
        _download.IsEmpty();
    }

    [Fact]
    public void What_another_process_left_is_gone_on_with()
    {
        Directory.CreateDirectory(_download.Place);
        File.WriteAllBytes(_download.Part(0), _download.File(0)[..7000]);
        using var server = Good();
        _download.Open(server);
        Assert.Equal([7000], Asked(server));
        _download.IsWhole();
    }

    [Fact]
    public void A_part_that_is_complete_is_not_fetched_again()
    {
        Directory.CreateDirectory(_download.Place);
        File.WriteAllBytes(_download.Part(0), _download.File(0));
        using var server = Good();
        _download.Open(server);
        Assert.Empty(Asked(server));
        _download.IsWhole();
    }

    /// <summary>What is wrong with it shows at the end only, and is not the server's fault.</summary>
    [Theory]
    [InlineData(7000)]
    [InlineData(1 << 20)]
    public void A_part_that_is_not_of_the_file_is_fetched_anew_from_the_same_server(int length)
    {
        Directory.CreateDirectory(_download.Place);
        File.WriteAllBytes(_download.Part(0), new byte[length]);
        using var server = Good();
        _download.Open(server);
        _download.IsWhole();
        Assert.Equal(length == 7000 ? [7000, null] : [null], Asked(server));
    }

    [Fact]
    public void A_server_that_always_sends_all_is_taken_from_its_start()
    {
        using var server = Odd(
            (request, file) => request.From is null ? Answer.BrokenOff(file, request, 9000) : Answer.Whole(file, file.Length)
        );
        _download.Open(server);
        Assert.Equal([null, 9000], Asked(server));
        _download.IsWhole();
    }

    [Fact]
    public void A_server_without_ranges_that_always_breaks_off_is_given_up()
    {
        using var server = Odd((request, file) => Answer.Whole(file[..9000], file.Length));
        Assert.Contains("broke off after 9,000 of", _download.Fails(server), StringComparison.Ordinal);
        Assert.InRange(Asked(server).Count(), 4, 5);
    }

    [Fact]
    public void A_length_that_is_too_long_does_not_matter()
    {
        using var server = Odd((_, file) => Answer.Whole(file, file.Length + 1000));
        _download.Open(server);
        _download.IsWhole();
        Assert.Single(Asked(server));
    }

    [Fact]
    public void No_length_does_not_matter()
    {
        using var server = Odd((_, file) => Answer.Whole(file, null));
        _download.Open(server);
        _download.IsWhole();
    }

    [Fact]
    public void A_length_that_is_too_short_is_a_connection_that_broke_off()
    {
        using var server = Odd((_, file) => Answer.Whole(file, file.Length / 2), times: 1);
        _download.Open(server);
        Assert.Equal([null, _download.File(0).Length / 2], Asked(server));
        _download.IsWhole();
    }

    [Fact]
    public void A_server_whose_length_is_always_too_short_is_given_up()
    {
        using var server = Odd((_, file) => Answer.Whole(file, 100));
        Assert.Contains("ended after 100 of", _download.Fails(server), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_end_is_read_to_the_known_size()
    {
        using var right = Odd((_, file) => Answer.Endless(file));
        _download.Open(right);
        _download.IsWhole();
    }

    [Fact]
    public void Wrong_bytes_without_end_fill_nothing()
    {
        using var wrong = new Server(_ => Answer.Endless([1, 2, 3]));
        Assert.Contains("other bytes than the published ones", _download.Fails(wrong), StringComparison.Ordinal);
        _download.IsEmpty();
        Assert.Single(wrong.Requests);
    }

    [Fact]
    public void Wrong_bytes_are_removed_and_the_next_server_is_asked()
    {
        using var wrong = Odd((request, file) => Answer.File([.. file[..^1], (byte)(file[^1] + 1)], request));
        using var good = Good();
        _download.Open(wrong, good);
        _download.IsWhole();
        Assert.Equal([null], Asked(good));
        // what has worked is asked first from then on
        Assert.Equal((1, 4), (wrong.Requests.Count, good.Requests.Count));
    }

    /// <summary>Half from a server that breaks down, the rest from another: one file.</summary>
    [Fact]
    public void The_next_server_goes_on_where_the_last_ended()
    {
        using var failing = Odd(
            (request, file) => request.From is null ? Answer.BrokenOff(file, request, 6000) : Answer.Status("404 Not Found")
        );
        using var good = Good();
        _download.Open(failing, good);
        Assert.Equal([6000], Asked(good));
        _download.IsWhole();
    }

    [Fact]
    public void When_all_fail_it_is_said_what_each_did_and_what_to_do()
    {
        using var missing = new Server(_ => Answer.Status("404 Not Found"));
        using var broken = new Server(_ => Answer.Status("503 Service Unavailable"));
        using var portal = new Server(_ => Answer.Of("200 OK", "<html>log in</html>"u8.ToArray(), "Content-Type: text/html"));
        using var wrong = new Server(request => Answer.File(new byte[_download.File(request.Path).Length], request));
        using var other = new Server(_ => Answer.Of("206 Partial Content", [], "Content-Range: bytes 0-9/10", "Content-Length: 0"));
        string nobody = Server.Nobody;
        var info = _download.Data.Info(
            missing.Address,
            broken.Address,
            portal.Address,
            wrong.Address,
            other.Address,
            nobody,
            "http://no-such-host.invalid/"
        );
        string message = Assert.Throws<LatentException>(() => _download.Open(info)).Message;
        Assert.Contains("The data set 'noise' could not be downloaded.", message, StringComparison.Ordinal);
        Says(missing.Address, "HTTP 404 (Not Found)");
        Says(broken.Address, "HTTP 503 (Service Unavailable), 4 times");
        Says(portal.Address, "a web page in place of the file");
        Says(wrong.Address, "other bytes than the published ones");
        Says(other.Address, "a file of 10 bytes in place of");
        Says(nobody, "no connection (ConnectionRefused)");
        Says("http://no-such-host.invalid/", "no connection (");
        Assert.Contains($"put them into '{_download.Place}'", message, StringComparison.Ordinal);
        Assert.Contains("latent datasets get noise --from FOLDER", message, StringComparison.Ordinal);
        Assert.Equal((1, 4, 1), (missing.Requests.Count, broken.Requests.Count, wrong.Requests.Count));
        _download.IsEmpty();

        void Says(string address, string what) =>
            Assert.Contains($"{address}train-images-idx3-ubyte.gz: {what}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_that_passes_is_waited_for()
    {
        using var server = Odd((_, _) => Answer.Status("503 Service Unavailable"), times: 3);
        _download.Open(server);
        _download.IsWhole();
    }

    [Fact]
    public void A_server_that_falls_silent_is_asked_again()
    {
        _download.HurryUp();
        using var server = Odd((request, file) => Answer.Silent(file, request, 8000), times: 1);
        _download.Open(server);
        Assert.Equal([null, 8000], Asked(server).Take(2));
        Assert.Contains(_download.Messages, message => message.Contains("nothing came for 0.4 s", StringComparison.Ordinal));
        _download.IsWhole();
    }

    [Fact]
    public void A_server_that_never_answers_is_given_up()
    {
        _download.HurryUp();
        using var server = new Server(_ => new("", (_, stop) => Task.Delay(Timeout.Infinite, stop)));
        Assert.Contains("nothing came for 0.4 s, 4 times", _download.Fails(server), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_http_is_given_up()
    {
        using var server = new Server(_ => new("220 smtp.example.org\r\n", (_, _) => Task.CompletedTask));
        Assert.Contains("broke off", _download.Fails(server), StringComparison.Ordinal);
    }

    [Fact]
    public void A_redirect_is_followed()
    {
        using var good = Good();
        using var server = new Server(request => Answer.Status("302 Found", $"Location: {good.Address}{request.Path[1..]}"));
        _download.Open(server);
        Assert.Equal(4, good.Requests.Count);
        _download.IsWhole();
    }

    [Fact]
    public void A_redirect_without_end_is_given_up()
    {
        using var server = new Server(request => Answer.Status("302 Found", $"Location: {request.Path}"));
        Assert.Contains("HTTP 302 (Found): sent on too often", _download.Fails(server), StringComparison.Ordinal);
        Assert.InRange(server.Requests.Count, 2, 10);
    }

    [Fact]
    public void A_server_that_does_not_have_the_rest_is_asked_for_all()
    {
        using var server = Odd(
            (request, file) =>
                request.From is null ? Answer.File(file, request) : Answer.Status("416 Range Not Satisfiable", "Content-Range: bytes */9")
        );
        Directory.CreateDirectory(_download.Place);
        File.WriteAllBytes(_download.Part(0), _download.File(0)[..7000]);
        _download.Open(server);
        Assert.Equal([7000, null], Asked(server));
        _download.IsWhole();
    }

    [Fact]
    public void Another_part_than_was_asked_for_is_not_added()
    {
        using var server = Odd(
            (request, file) =>
                request.From is null
                    ? Answer.File(file, request)
                    : Answer.Of(
                        "206 Partial Content",
                        file[100..],
                        $"Content-Range: bytes 100-{file.Length - 1}/{file.Length}",
                        $"Content-Length: {file.Length - 100}"
                    )
        );
        Directory.CreateDirectory(_download.Place);
        File.WriteAllBytes(_download.Part(0), _download.File(0)[..7000]);
        _download.Open(server);
        _download.IsWhole();
    }

    [Fact]
    public void Bytes_are_taken_as_they_are_whatever_the_server_calls_them()
    {
        using var server = Odd((_, file) => Answer.Whole(file, file.Length, "Content-Encoding: gzip"));
        _download.Open(server);
        _download.IsWhole();
    }

    [Fact]
    public void Cancelling_keeps_what_has_come_and_the_next_call_goes_on()
    {
        using var stop = new CancellationTokenSource();
        using var server = Odd(
            (request, file) =>
            {
                var answer = Answer.Silent(file, request, 5000);
                return answer with
                {
                    Body = async (stream, serverStop) =>
                    {
                        var silence = answer.Body(stream, serverStop);
                        while (!File.Exists(_download.Part(0)) || new FileInfo(_download.Part(0)).Length < 5000)
                            await Task.Delay(5, serverStop);
                        await stop.CancelAsync();
                        await silence;
                    },
                };
            },
            times: 1
        );
        var info = _download.Data.Info(server.Address);
        Assert.ThrowsAny<OperationCanceledException>(() => _download.Open(info, stop.Token));
        Assert.Equal(_download.File(0)[..5000], File.ReadAllBytes(_download.Part(0)));
        _download.Open(info);
        Assert.Equal([null, 5000], Asked(server));
        _download.IsWhole();
    }

    [Fact]
    public async Task Two_at_once_fetch_it_once()
    {
        var bothWait = new TaskCompletionSource();
        using var server = Odd(
            (request, file) =>
            {
                var answer = Answer.File(file, request);
                return answer with
                {
                    Body = async (stream, stop) =>
                    {
                        await bothWait.Task;
                        await answer.Body(stream, stop);
                    },
                };
            }
        );
        var stop = TestContext.Current.CancellationToken;
        var tasks = Enumerable.Range(0, 2).Select(_ => Task.Run(() => _download.Open(server), stop)).ToList();
        await Downloading.Until(() => _download.Messages.Contains("another process downloads noise: waiting for it"));
        bothWait.SetResult();
        var data = await Task.WhenAll(tasks);
        Assert.Equal(data[0].Checksum, data[1].Checksum);
        Assert.Equal(4, server.Requests.Count);
        _download.IsWhole();
    }

    [Fact]
    public void The_mirror_of_ones_own_is_asked_first()
    {
        using var mine = Good();
        using var other = Good();
        _download.Places = _download.Places with { Mirror = mine.Address.TrimEnd('/') };
        _download.Open(other);
        Assert.Equal("/noise/train-images-idx3-ubyte.gz", mine.Requests[0].Path);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("mirror.example.org")]
    [InlineData("ftp://mirror.example.org")]
    [InlineData("/mnt/mirror")]
    public void A_mirror_that_is_no_address_is_said(string mirror)
    {
        using var server = Good();
        _download.Places = _download.Places with { Mirror = mirror };
        Assert.Contains("LATENT_MIRROR", _download.Fails(server), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_downloading_is_not_wanted_nothing_is_asked()
    {
        using var server = Good();
        var info = _download.Data.Info(server.Address);
        var e = Assert.Throws<LatentException>(() =>
            _download.Store(info).Open(info, new() { Download = false }, TestContext.Current.CancellationToken)
        );
        Assert.Contains("is not on this machine", e.Message, StringComparison.Ordinal);
        Assert.Equal("latent datasets get noise", e.Fix);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_said()
    {
        using var server = Good();
        File.WriteAllText(_download.Cache, "in the way");
        Assert.Contains("cannot be written", _download.Fails(server), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_full_disk_is_said_and_with_more_room_it_goes_on()
    {
        using var disk = Tmpfs.Mount(_download["disk"], "24k");
        _download.Cache = disk.Path;
        using var server = Good();
        string message = _download.Fails(server);
        Assert.Contains("cannot be written", message, StringComparison.Ordinal);
        Assert.Contains("a disk with room for", message, StringComparison.Ordinal);
        long kept = new FileInfo(_download.Part(0)).Length;
        Assert.InRange(kept, 1, _download.File(0).Length - 1);
        disk.Resize("1m");
        _download.Open(server);
        Assert.Equal([null, (int)kept], Asked(server));
        _download.IsWhole();
    }
}
