using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latent.Tests.Data.Downloads;

/// <summary>What a client asked for.</summary>
/// <param name="Path">The path, which begins with a slash.</param>
/// <param name="From">The first byte it wants; null where it wants all.</param>
/// <param name="Number">How many requests there were before, of all paths.</param>
internal sealed record Request(string Path, int? From, int Number);

/// <summary>
/// What a server answers: a head word by word, and a body written by a function that may break off, go on without end, or do nothing. The
/// connection ends with it.
/// </summary>
internal sealed record Answer(string Head, Func<NetworkStream, CancellationToken, Task> Body)
{
    /// <summary>All of a file or the rest of it, as it should be.</summary>
    public static Answer File(byte[] file, Request request) => Part(file, request.From, file.Length);

    /// <summary>As it should be, but the connection ends after so many bytes.</summary>
    public static Answer BrokenOff(byte[] file, Request request, int after) => Part(file, request.From, after);

    /// <summary>As it should be, but after so many bytes nothing more comes.</summary>
    public static Answer Silent(byte[] file, Request request, int after)
    {
        var answer = Part(file, request.From, after);
        return answer with
        {
            Body = async (stream, stop) =>
            {
                await answer.Body(stream, stop);
                await Task.Delay(Timeout.Infinite, stop);
            },
        };
    }

    /// <summary>All of a file whatever was asked for, under a length that may be a lie; null says no length.</summary>
    public static Answer Whole(byte[] file, int? length, params string[] headers) =>
        Of("200 OK", file, [.. headers, .. length is null ? (string[])[] : [$"Content-Length: {length}"]]);

    /// <summary>A file and then zeros without end.</summary>
    public static Answer Endless(byte[] file) =>
        new(
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
            async (stream, stop) =>
            {
                await stream.WriteAsync(file, stop);
                while (!stop.IsCancellationRequested)
                    await stream.WriteAsync(new byte[1 << 14], stop);
            }
        );

    public static Answer Status(string status, params string[] headers) => Of(status, [], [.. headers, "Content-Length: 0"]);

    public static Answer Of(string status, byte[] body, params string[] headers) =>
        new(
            $"HTTP/1.1 {status}\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n",
            async (stream, stop) => await stream.WriteAsync(body, stop)
        );

    private static Answer Part(byte[] file, int? from, int most)
    {
        int start = from ?? 0;
        byte[] body = file[start..Math.Min(file.Length, start + most)];
        string length = $"Content-Length: {file.Length - start}";
        return from is null
            ? Of("200 OK", body, length)
            : Of("206 Partial Content", body, length, $"Content-Range: bytes {start}-{file.Length - 1}/{file.Length}");
    }
}

/// <summary>A server of the test's own, which answers as it is told to.</summary>
internal sealed class Server : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly Func<Request, Answer> _answer;
    private int _count;

    public Server(Func<Request, Answer> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    public IReadOnlyList<Request> Requests => [.. _requests];

    /// <summary>Ended when the server is.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>An address at which nothing listens.</summary>
    public static string Nobody
    {
        get
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var stop = _stop.Token;
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                string path = (await reader.ReadLineAsync(stop) ?? "").Split(' ').ElementAtOrDefault(1) ?? "";
                int? from = null;
                while (await reader.ReadLineAsync(stop) is { Length: > 0 } line)
                    if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                        from = int.Parse(line["Range: bytes=".Length..].TrimEnd('-'));
                var request = new Request(path, from, Interlocked.Increment(ref _count) - 1);
                _requests.Enqueue(request);
                var answer = _answer(request);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer.Head), stop);
                await answer.Body(stream, stop);
                client.Client.Shutdown(SocketShutdown.Send); // what was sent arrives before the end
                await stream.CopyToAsync(Stream.Null, stop); // until the client closes too
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // the client left, or the test is over
        }
    }
}
