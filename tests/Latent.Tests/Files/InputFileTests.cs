using System.Diagnostics;
using Latent.Data;
using Latent.Models;
using Latent.Tests.Shared;

namespace Latent.Tests.Files;

public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static async Task<string> Message(Action read)
    {
        var e = await Assert.ThrowsAsync<LatentException>(() =>
            Task.Run(read, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)
        );
        return e.Message;
    }

    private string Pipe()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "pipes with a name");
        using var make = Process.Start("mkfifo", _folder["pipe"]);
        make.WaitForExit();
        return _folder["pipe"];
    }

    /// <summary>Opening a pipe waits for its writer, so it must not be opened.</summary>
    [Fact]
    public async Task A_pipe_that_nobody_writes_to()
    {
        string pipe = Pipe();
        Assert.Contains("no regular file", await Message(() => Autoencoder.Open(pipe)), StringComparison.Ordinal);
        Assert.Contains("no regular file", await Message(() => Idx.Read(pipe)), StringComparison.Ordinal);
        File.CreateSymbolicLink(_folder["link"], pipe);
        Assert.Contains("no regular file", await Message(() => SafeTensors.Read(_folder["link"])), StringComparison.Ordinal);
        File.CreateSymbolicLink(_folder["model.safetensors"], pipe);
        Assert.Contains("no regular file", await Message(() => Autoencoder.Open(_folder.Path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    [InlineData("/dev/full")]
    public async Task A_device(string path)
    {
        Assert.SkipUnless(File.Exists(path), $"a machine with {path}");
        Assert.Contains("no regular file", await Message(() => Autoencoder.Open(path)), StringComparison.Ordinal);
        Assert.Contains("no regular file", await Message(() => Idx.Read(path)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_that_lead_nowhere()
    {
        File.CreateSymbolicLink(_folder["a"], _folder["b"]);
        Assert.Contains("a link to nothing", await Message(() => Autoencoder.Open(_folder["a"])), StringComparison.Ordinal);
        File.CreateSymbolicLink(_folder["b"], _folder["a"]);
        Assert.Contains("cannot be read", await Message(() => Autoencoder.Open(_folder["a"])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_file()
    {
        Directory.CreateDirectory(_folder["model.safetensors"]);
        Assert.Contains("has no model", await Message(() => Autoencoder.Open(_folder.Path)), StringComparison.Ordinal);
        Assert.Contains("a folder", await Message(() => SafeTensors.Read(_folder["model.safetensors"])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_may_not_be_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "a user whom permissions bind");
        File.WriteAllText(_folder["x"], "12345678");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder["x"], UnixFileMode.None);
        Assert.Contains("a file that you may read", await Message(() => Autoencoder.Open(_folder["x"])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_file_is_as_good_as_the_file()
    {
        File.WriteAllText(_folder["x"], "abc");
        File.CreateSymbolicLink(_folder["link"], "x");
        File.CreateSymbolicLink(_folder["second"], "link");
        Assert.Equal(3, InputFile.Read(_folder["second"], stream => stream.Length));
    }
}
