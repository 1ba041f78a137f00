using System.IO.Compression;
using Latent.Data;

namespace Latent.Tests.Data.Downloads;

/// <summary>The way over an archive, for when no mirror has the single files.</summary>
public sealed class ArchiveTests : IDisposable
{
    private readonly Downloading _download = new();

    public void Dispose() => _download.Dispose();

    private byte[] Zip(int files = 4)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Put("gzip/something-else.gz", new byte[30000]);
            for (int i = 0; i < files; i++)
                Put($"gzip/{Idx.ClassicNames[i]}.gz", _download.File(i));

            void Put(string name, byte[] bytes)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }
        return memory.ToArray();
    }

    private static Server Host(byte[] zip, int most = int.MaxValue) =>
        new(request => request.Path == "/gzip.zip" ? Answer.BrokenOff(zip, request, most) : Answer.Status("404 Not Found"));

    private DataSetInfo Info(Server server, byte[] zip) =>
        _download.Data.Info(server.Address + "single/") with
        {
            Archive = new(server.Address + "gzip.zip", zip.Length, MadeUp.Sha256(zip), "gzip/"),
        };

    [Fact]
    public void The_files_are_taken_out_of_it_and_it_is_removed()
    {
        byte[] zip = Zip();
        using var server = Host(zip, most: 20000);
        Assert.Equal(40, _download.Open(Info(server, zip)).Train.Count);
        _download.IsWhole();
        Assert.Equal([null, null, 20000, 40000], server.Requests.Select(request => request.From).Take(4));
        Assert.Contains(_download.Messages, message => message.Contains("fetching the whole archive", StringComparison.Ordinal));
    }

    /// <summary>Stopped between the download and the unpacking: nothing is fetched again.</summary>
    [Fact]
    public void A_complete_archive_from_before_is_taken()
    {
        byte[] zip = Zip();
        using var server = Host(zip);
        Directory.CreateDirectory(_download.Place);
        File.WriteAllBytes(Path.Combine(_download.Place, "gzip.zip.part"), zip);
        _download.Open(Info(server, zip));
        _download.IsWhole();
        Assert.DoesNotContain(server.Requests, request => request.Path == "/gzip.zip");
    }

    [Fact]
    public void Where_it_fails_too_all_addresses_are_named()
    {
        byte[] zip = Zip();
        using var server = Host([.. zip[..^1], 99]);
        string message = Assert.Throws<LatentException>(() => _download.Open(Info(server, zip))).Message;
        Assert.Contains("single/train-images-idx3-ubyte.gz: HTTP 404", message, StringComparison.Ordinal);
        Assert.Contains("gzip.zip: other bytes than the published ones", message, StringComparison.Ordinal);
        _download.IsEmpty();
    }

    [Fact]
    public void An_archive_without_the_files_is_said()
    {
        byte[] zip = Zip(files: 3);
        using var server = Host(zip);
        string message = Assert.Throws<LatentException>(() => _download.Open(Info(server, zip))).Message;
        Assert.Contains("does not have the files of the data set 'noise'", message, StringComparison.Ordinal);
        Assert.Contains("gzip/t10k-labels-idx1-ubyte.gz", message, StringComparison.Ordinal);
    }
}
