using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace Latent.Studio.Tests.Safety;

/// <summary>What the real program answers to requests that somebody else's page, or a mistaken one, could send.</summary>
public sealed class RequestTests(RequestTests.Program studio) : IClassFixture<RequestTests.Program>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:8080", HttpStatusCode.OK)] // another port: ssh -L, a container
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("studio.example", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.studio.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost.studio.example", HttpStatusCode.BadRequest)]
    [InlineData("10.0.0.1", HttpStatusCode.BadRequest)]
    [InlineData("0.0.0.0", HttpStatusCode.BadRequest)]
    public async Task A_request_names_an_address_that_is_listened_on(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = host;
        using var response = await studio.Client.SendAsync(request, Cancellation);
        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData(null, null, HttpStatusCode.OK)] // no browser
    [InlineData("self", "same-origin", HttpStatusCode.OK)]
    [InlineData("http://studio.example", null, HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1:1", null, HttpStatusCode.Forbidden)] // another program of this machine
    [InlineData("null", null, HttpStatusCode.Forbidden)] // a sandboxed frame, a file
    [InlineData(null, "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("self", "same-site", HttpStatusCode.Forbidden)]
    public async Task Only_pages_of_the_studio_may_post(string? origin, string? site, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs/plane/decode")
        {
            Content = new ByteArrayContent(new byte[8]),
        };
        if (origin is not null)
            request.Headers.Add("Origin", origin == "self" ? studio.Started.Address : origin);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        using var response = await studio.Client.SendAsync(request, Cancellation);
        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("self", true)]
    [InlineData("http://studio.example", false)]
    [InlineData("null", false)]
    public async Task Only_pages_of_the_studio_may_open_its_websockets(string origin, bool opens)
    {
        foreach (string path in (string[])["/_blazor", "/api/runs/plane/live"])
            await OpenAsync(path, origin, opens);
    }

    private async Task OpenAsync(string path, string origin, bool opens)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", origin == "self" ? studio.Started.Address : origin);
        var open = socket.ConnectAsync(new Uri($"{studio.Started.Address.Replace("http", "ws")}{path}"), Cancellation);
        if (opens)
            await open;
        else
            Assert.Contains("403", (await Assert.ThrowsAsync<WebSocketException>(() => open)).Message);
    }

    [Fact]
    public async Task A_page_may_load_only_what_the_studio_serves()
    {
        using var response = await studio.Client.GetAsync("/", Cancellation);
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy);
        Assert.Contains("script-src 'self';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("http", policy);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.False(response.Headers.Contains("Server"));
    }

    /// <summary>A report is a file that may come from anywhere.</summary>
    [Fact]
    public async Task A_report_has_an_origin_of_its_own()
    {
        using var response = await studio.Client.GetAsync("/api/runs/plane/report", Cancellation);
        Assert.Contains("Report of plane", await response.Content.ReadAsStringAsync(Cancellation));
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("sandbox", policy);
        Assert.DoesNotContain("allow-same-origin", policy);
    }

    [Theory]
    [InlineData("/api/runs/../secret/meta")]
    [InlineData("/api/runs/%2e%2e/meta")]
    [InlineData("/api/runs/..%2fsecret/meta")]
    [InlineData("/api/runs/..%2fsecret/report")]
    [InlineData("/api/runs/..%5csecret/report")]
    [InlineData("/api/runs/%2fetc/report")]
    [InlineData("/api/runs/plane%2f..%2f..%2fsecret/report")]
    [InlineData("/api/runs/nowhere/meta")]
    public async Task A_name_of_a_run_is_no_path(string address)
    {
        Assert.True(File.Exists(Path.Combine(studio.Secret, "report.html")));
        using var response = await studio.Client.GetAsync(new Uri(new Uri(studio.Started.Address), address), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.DoesNotContain("secret report", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("decode", 0, HttpStatusCode.BadRequest, "8 bytes each")]
    [InlineData("decode", 7, HttpStatusCode.BadRequest, "8 bytes each")]
    [InlineData("decode", 8 * 4096, HttpStatusCode.OK, "")]
    [InlineData("decode", 8 * 4097, HttpStatusCode.RequestEntityTooLarge, "at most 4,096 codes")]
    [InlineData("encode", 783, HttpStatusCode.BadRequest, "784 bytes")]
    [InlineData("encode", 784, HttpStatusCode.OK, "")]
    [InlineData("encode", 785, HttpStatusCode.RequestEntityTooLarge, "784 bytes")]
    [InlineData("encode", 20 << 20, HttpStatusCode.RequestEntityTooLarge, "784 bytes")]
    public async Task What_is_posted_is_limited(string what, int bytes, HttpStatusCode expected, string message)
    {
        foreach (bool chunked in bytes < 1 << 20 ? (bool[])[false, true] : [false])
        {
            using var content = new ByteArrayContent(new byte[bytes]);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/runs/plane/{what}") { Content = content };
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.ExpectContinue = true; // so that a refusal comes before the bytes
            using var response = await studio.Client.SendAsync(request, Cancellation);
            Assert.Equal(expected, response.StatusCode);
            if (message.Length > 0)
                Assert.Contains(message, await response.Content.ReadAsStringAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Codes_one_after_the_other_are_answered_as_one_alone()
    {
        using var socket = await LiveAsync();
        byte[][] codes =
        [
            .. Enumerable.Range(0, 5).Select(i => (byte[])[.. BitConverter.GetBytes(i - 2f), .. BitConverter.GetBytes(0.5f * i)]),
        ];
        foreach (byte[] code in codes)
            await socket.SendAsync(code, WebSocketMessageType.Binary, endOfMessage: true, Cancellation);
        foreach (byte[] code in codes)
        {
            var picture = new byte[784];
            var answer = await socket.ReceiveAsync(picture, Cancellation);
            Assert.Equal((picture.Length, true), (answer.Count, answer.EndOfMessage));
            using var alone = await studio.Client.PostAsync("/api/runs/plane/decode", new ByteArrayContent(code), Cancellation);
            Assert.Equal(await alone.Content.ReadAsByteArrayAsync(Cancellation), picture);
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
    }

    [Theory]
    [InlineData(7, 0f, "no code of the model")]
    [InlineData(9, 0f, "no code of the model")]
    [InlineData(1 << 20, 0f, "no code of the model")]
    [InlineData(8, float.PositiveInfinity, "cannot be decoded")]
    public async Task A_message_that_is_no_code_ends_the_connection_with_a_reason(int bytes, float number, string reason)
    {
        using var socket = await LiveAsync();
        var message = new byte[bytes];
        BitConverter.TryWriteBytes(message, number);
        await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, Cancellation);
        var answer = await socket.ReceiveAsync(new byte[784], Cancellation);
        Assert.Equal(WebSocketMessageType.Close, answer.MessageType);
        Assert.Contains(reason, socket.CloseStatusDescription);
    }

    private async Task<ClientWebSocket> LiveAsync()
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"{studio.Started.Address.Replace("http", "ws")}/api/runs/plane/live"), Cancellation);
        return socket;
    }

    [Fact]
    public async Task A_code_is_finite()
    {
        byte[] code = [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(float.NaN)];
        using var response = await studio.Client.PostAsync("/api/runs/plane/decode", new ByteArrayContent(code), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("finite", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_missing_page_is_said_by_a_page()
    {
        using var response = await studio.Client.GetAsync("/nowhere", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("There is no such page", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task The_token_is_not_asked_for_on_this_machine()
    {
        Assert.Equal("", studio.Started.Query);
        using var response = await studio.Client.GetAsync("/", Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>One program for these tests, with a folder beside its runs that nobody may see.</summary>
    public sealed class Program(SmallRuns runs) : IAsyncLifetime
    {
        private readonly CopiedRuns _runs = runs.Copy("plane");
        private StudioProgram? _started;
        private HttpClient? _client;

        public string Secret => _runs.Beside("secret");

        public StudioProgram Started => _started!;

        public HttpClient Client => _client!;

        public async ValueTask InitializeAsync()
        {
            Directory.CreateDirectory(Secret);
            foreach (string file in Directory.EnumerateFiles(_runs["plane"]))
                File.Copy(file, Path.Combine(Secret, Path.GetFileName(file)));
            await File.WriteAllTextAsync(Path.Combine(Secret, "report.html"), "secret report", Encoding.UTF8);
            _started = await StudioProgram.StartAsync(_runs.Path, "--runs", _runs.Path);
            _client = _started.Client();
        }

        public async ValueTask DisposeAsync()
        {
            _client?.Dispose();
            if (_started is not null)
                await _started.DisposeAsync();
            _runs.Dispose();
        }
    }
}
