using System.Net;
using System.Net.Sockets;

namespace Latent.Studio.Tests.Safety;

/// <summary>Where the program listens, what it prints, and how it ends.</summary>
public sealed class ProgramTests(SmallRuns runs)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ctrl_C_ends_it_with_zero_and_nothing_is_printed_but_its_words()
    {
        using var copy = runs.Copy("plane");
        await using var studio = await StudioProgram.StartAsync(copy.Path, copy["plane"]);
        using (var client = studio.Client())
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/", Cancellation)).StatusCode);
        var (code, output, error) = await studio.InterruptAsync();
        Assert.Equal(0, code);
        Assert.Equal("", error);
        Assert.Equal($"Latent Studio: {studio.Address}/\nCtrl-C ends it.\n", output);
    }

    [Fact]
    public async Task Without_an_address_it_takes_the_next_free_port_and_says_so()
    {
        using var taken = new TcpListener(IPAddress.Loopback, StudioHost.DefaultPort);
        try
        {
            taken.Start();
        }
        catch (SocketException)
        {
            // somebody else has it, which is as good
        }
        using var copy = runs.Copy();
        await using var studio = await StudioProgram.StartAtItsPortAsync(copy.Path);
        int port = new Uri(studio.Address).Port;
        Assert.InRange(port, StudioHost.DefaultPort + 1, StudioHost.DefaultPort + 20);
        Assert.StartsWith($"port {StudioHost.DefaultPort} is in use: the studio takes {port}\n", studio.Output);
    }

    [Fact]
    public async Task A_port_in_use_is_one_message()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var copy = runs.Copy();
        var (code, output, error) = await StudioProgram.RunAsync(copy.Path, "--urls", $"http://{taken.LocalEndpoint}");
        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.StartsWith("error: Another program listens where the studio should.", error);
        Assert.Contains("Fix:", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Theory]
    [InlineData("https://127.0.0.1:8443", "certificate")]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8080/latent", "http://127.0.0.1:8080")]
    [InlineData(";", "Received: nothing")]
    [InlineData("http://192.0.2.1:8080", "cannot listen")] // no address of this machine
    public async Task An_address_that_cannot_be_listened_on_is_one_message(string urls, string message)
    {
        using var copy = runs.Copy();
        var (code, _, error) = await StudioProgram.RunAsync(copy.Path, "--urls", urls);
        Assert.Equal(1, code);
        Assert.StartsWith("error: ", error);
        Assert.Contains(message, error);
        Assert.DoesNotContain("fault in Latent", error);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_one_message()
    {
        using var copy = runs.Copy();
        var (code, _, error) = await StudioProgram.RunAsync(copy.Path, "nowhere");
        Assert.Equal(1, code);
        Assert.Contains("There is no run folder 'nowhere'.", error);
    }

    /// <summary>Settings of the machine must not open other ports.</summary>
    [Fact]
    public async Task Other_machines_need_the_token()
    {
        using var copy = runs.Copy("plane");
        await using var studio = await StudioProgram.StartAsync(copy.Path, "--runs", copy.Path, "--urls", "http://0.0.0.0:0");
        Assert.StartsWith("?token=", studio.Query);
        Assert.True(studio.Query.Length >= "?token=".Length + 43, studio.Query); // 256 bits
        string address = $"http://127.0.0.1:{new Uri(studio.Address).Port}";
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(address),
        };

        foreach (string path in (string[])["/", "/runs", "/api/runs/plane/meta", "/explorer/explorer.js", "/?token=", $"/{studio.Query}x"])
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(path, Cancellation)).StatusCode);

        using var entered = await client.GetAsync($"/{studio.Query}&run=plane", Cancellation);
        Assert.Equal(HttpStatusCode.Found, entered.StatusCode);
        Assert.Equal("/?run=plane", entered.Headers.Location?.OriginalString); // not in the address any more
        string cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=lax", cookie);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/runs/plane/meta");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request, Cancellation)).StatusCode);

        using var renamed = new HttpRequestMessage(HttpMethod.Get, $"/{studio.Query}");
        renamed.Headers.Host = "studio.example";
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(renamed, Cancellation)).StatusCode);
    }
}
