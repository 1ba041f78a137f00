using Latent.Tests.Shared;

namespace Latent.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writes_a_file_in_folders_that_did_not_exist_and_leaves_nothing_else()
    {
        string path = Path.Combine(_folder.Path, "a", "b", "c.txt");
        AtomicFile.WriteText(path, "häppy");
        Assert.Equal("häppy"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Replaces_a_longer_file()
    {
        AtomicFile.WriteText(_folder["x"], "a long text");
        AtomicFile.WriteText(_folder["x"], "short");
        Assert.Equal("short", File.ReadAllText(_folder["x"]));
    }

    [Fact]
    public void Keeps_the_old_file_and_no_part_of_the_new_one_when_writing_fails()
    {
        AtomicFile.WriteText(_folder["x"], "old");
        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(
                _folder["x"],
                stream =>
                {
                    stream.Write("half of the new"u8);
                    stream.Flush();
                    throw new InvalidOperationException();
                }
            )
        );
        Assert.Equal("old", File.ReadAllText(_folder["x"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void The_old_file_is_there_until_the_new_one_is_complete()
    {
        AtomicFile.WriteText(_folder["x"], "old");
        AtomicFile.Write(
            _folder["x"],
            stream =>
            {
                stream.Write("new"u8);
                stream.Flush();
                Assert.Equal("old", File.ReadAllText(_folder["x"]));
            }
        );
        Assert.Equal("new", File.ReadAllText(_folder["x"]));
    }

    [Fact]
    public void Follows_a_link_and_keeps_it()
    {
        AtomicFile.WriteText(_folder["target"], "old");
        File.CreateSymbolicLink(_folder["link"], _folder["target"]);
        AtomicFile.WriteText(_folder["link"], "new");
        Assert.Equal("new", File.ReadAllText(_folder["target"]));
        Assert.NotNull(new FileInfo(_folder["link"]).LinkTarget);
    }

    [Fact]
    public void A_link_that_leads_nowhere_makes_its_target()
    {
        File.CreateSymbolicLink(_folder["link"], _folder["target"]);
        AtomicFile.WriteText(_folder["link"], "new");
        Assert.Equal("new", File.ReadAllText(_folder["target"]));
    }

    [Fact]
    public void A_folder_that_is_a_file_is_said()
    {
        AtomicFile.WriteText(_folder["file"], "");
        var e = Assert.Throws<LatentException>(() => AtomicFile.WriteText(Path.Combine(_folder["file"], "x"), ""));
        Assert.Contains("cannot be written", e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.Fix);
    }

    [Fact]
    public void A_path_that_is_a_folder_is_said()
    {
        var e = Assert.Throws<LatentException>(() => AtomicFile.WriteText(_folder.Path, ""));
        Assert.Contains("Received: a folder", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_path_that_is_none_is_said(string path) =>
        Assert.Contains(
            "cannot be written",
            Assert.Throws<LatentException>(() => AtomicFile.WriteText(path, "")).Message,
            StringComparison.Ordinal
        );

    /// <summary>Said, not tried: where it went wrong, a test would replace the device.</summary>
    [Theory]
    [InlineData("/dev/null", true)]
    [InlineData("/dev/stdout", true)]
    [InlineData("/proc/self/fd/1", true)]
    [InlineData("/dev/shm/x.npy", false)]
    [InlineData("/home/dev/x.npy", false)]
    public void Knows_devices(string path, bool isDevice) => Assert.Equal(isDevice, AtomicFile.IsDevice(path));
}
