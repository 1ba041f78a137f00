using Latent.Data;
using Latent.Tests.Data.Downloads;

namespace Latent.Tests.Data;

/// <summary>Folders with the files of a data set that has a name, and the places where they are looked for.</summary>
public sealed class KnownFolderTests : IDisposable
{
    private const string Debian = "/usr/share/datasets/fashion-mnist";

    private static readonly MadeUp s_noise = new("noise");
    private readonly Downloading _files = new();

    public void Dispose() => _files.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DataSetInfo Info => s_noise.Info(Server.Nobody);

    private static LatentException Refused(DataSetInfo info, string folder) =>
        Assert.Throws<LatentException>(() => KnownFolder.Read(info, folder, Stop));

    private static LatentException Refused(MadeUp what, string folder) => Refused(Info, what.Write(folder));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_are_read_packed_and_plain(bool packed)
    {
        var data = KnownFolder.Read(Info, s_noise.Write(_files["a"], packed), Stop);
        Assert.Equal(("noise", 40, 20), (data.Name, data.Train.Count, data.Test.Count));
        Assert.Equal(s_noise.Plain[0][16..], data.Train.Pixels.ToArray());
        Assert.Equal(s_noise.Plain[3][8..], data.Test.Labels.ToArray());
        Assert.Same(data.Train.LabelNames, data.Test.LabelNames);
    }

    [Fact]
    public void Files_of_another_kind_are_refused()
    {
        Assert.Contains("Received: (32, 32, 1)", Refused(s_noise with { Side = 32 }, _files["shape"]).Message, StringComparison.Ordinal);
        Assert.Contains("labels from 0 to 10", Refused(s_noise with { Classes = 11 }, _files["more"]).Message, StringComparison.Ordinal);
        Assert.Contains("labels from 0 to 8", Refused(s_noise with { Classes = 9 }, _files["less"]).Message, StringComparison.Ordinal);
        Assert.Contains("labels from 1 to 10", Refused(s_noise with { FirstLabel = 1 }, _files["one"]).Message, StringComparison.Ordinal);
        Assert.Contains(
            "10 classes with the labels 0 to 9",
            Refused(s_noise with { Classes = 26 }, _files["x"]).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_that_is_missing_is_said_even_one_of_labels()
    {
        string folder = s_noise.Write(_files["a"]);
        File.Delete(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"));
        string message = Refused(Info, folder).Message;
        Assert.Contains("has no file 't10k-labels-idx1-ubyte' of the data set 'noise'", message, StringComparison.Ordinal);
        Assert.Contains("Received: t10k-images-idx3-ubyte.gz, train-images", message, StringComparison.Ordinal);
        Assert.Contains("There is no folder", Refused(Info, _files["none"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Emnist_stands_upright_with_labels_from_a()
    {
        var info = KnownDataSets.All.Single(known => known.Name == "emnist-letters");
        var letters = new MadeUp("letters", Train: 52, Test: 26, Classes: 26, FirstLabel: 1);
        string own = letters.Write(_files["own"], names: [.. info.Files.Select(file => file.Name)]);
        string classic = letters.Write(_files["classic"], packed: false);
        var data = KnownFolder.Read(info, own, Stop);
        Assert.Equal(data.Checksum, KnownFolder.Read(info, classic, Stop).Checksum);
        Assert.Equal(("a", "z"), (data.Train.LabelNames[data.Train.Labels[0]], data.Test.LabelNames[data.Test.Labels[25]]));
        ReadOnlySpan<byte> stored = letters.Plain[0].AsSpan(16 + 784, 784),
            upright = data.Train.Image(1);
        for (int y = 0; y < 28; y++)
        for (int x = 0; x < 28; x++)
            Assert.Equal(stored[x * 28 + y], upright[y * 28 + x]);
        Assert.Contains("labels from 0 to 9", Refused(info, s_noise.Write(_files["digits"])).Message, StringComparison.Ordinal);
        Assert.Contains("emnist-letters-test-labels-idx1-ubyte", Refused(info, _files.Cache).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_are_searched_in_order_and_count_when_they_are_complete()
    {
        _files.Places = new()
        {
            Data = _files["own"],
            Program = _files["program"],
            Cache = "",
            System = _files["system"],
        };
        Directory.CreateDirectory(_files["own"]);
        var store = _files.Store(Info);
        Assert.Null(store.Find(Info));
        foreach (string place in (string[])[_files["system"], _files.Cache, _files["program"]])
        {
            string folder = s_noise.Write(Path.Combine(place, "noise"));
            Assert.Equal(folder, store.Find(Info));
            string file = Path.Combine(folder, "train-images-idx3-ubyte.gz");
            byte[] bytes = File.ReadAllBytes(file);
            File.Delete(file);
            Assert.NotEqual(folder, store.Find(Info));
            File.WriteAllBytes(file, bytes);
        }
        // a folder of the user's own counts as it is: what is wrong with it is said, and no other taken in its place
        string own = Directory.CreateDirectory(Path.Combine(_files["own"], "noise")).FullName;
        Assert.Equal(own, store.Find(Info));
        Assert.Contains("an empty folder", Assert.Throws<LatentException>(() => _files.Open(Info)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_data_that_is_not_there_is_said()
    {
        _files.Places = _files.Places with { Data = _files["nowhere"] };
        Assert.Contains("LATENT_DATA", Assert.Throws<LatentException>(() => _files.Open(Info)).Message, StringComparison.Ordinal);
        Assert.Null(_files.Store(Info).Find(Info));
    }

    [Fact]
    public void A_folder_that_is_given_is_taken()
    {
        s_noise.Write(Path.Combine(_files.Cache, "noise"));
        string other = (s_noise with { Train = 50 }).Write(_files["other"]);
        Assert.Equal(50, _files.Store(Info).Open(Info, new() { Folder = other }, Stop).Train.Count);
        Assert.Equal(40, _files.Open(Info).Train.Count);
    }

    [Fact]
    public void A_damaged_file_in_the_cache_says_how_to_get_another()
    {
        string cached = s_noise.Write(Path.Combine(_files.Cache, "noise"));
        File.WriteAllBytes(Path.Combine(cached, "train-images-idx3-ubyte.gz"), s_noise.Packed[0][..5000]);
        var e = Assert.Throws<LatentException>(() => _files.Open(Info));
        Assert.Contains("in the cache cannot be used", e.Message, StringComparison.Ordinal);
        Assert.Contains($"remove the folder '{cached}'", e.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Importing_copies_into_the_cache_in_place_of_what_is_there(bool packed)
    {
        string cached = (s_noise with { Train = 60 }).Write(Path.Combine(_files.Cache, "noise"), !packed);
        string folder = s_noise.Write(_files["a"], packed);
        var import = _files.Store(Info).Import(Info, folder, Stop);
        Assert.Equal((cached, packed), (import.Folder, import.IsPublished));
        Assert.Equal(4, Directory.GetFiles(cached).Length);
        Assert.Equal(import.Data.Checksum, _files.Open(Info).Checksum);
        Assert.Equal(
            ["noise", "noise.lock"],
            Directory.GetFileSystemEntries(_files.Cache).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Importing_what_is_wrong_leaves_the_cache_as_it_was()
    {
        s_noise.Write(Path.Combine(_files.Cache, "noise"));
        string folder = (s_noise with { Side = 30 }).Write(_files["a"]);
        Assert.Throws<LatentException>(() => _files.Store(Info).Import(Info, folder, Stop));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        folder = (s_noise with { Train = 50 }).Write(_files["b"]);
        Assert.ThrowsAny<OperationCanceledException>(() => _files.Store(Info).Import(Info, folder, stopped.Token));
        Assert.Equal(40, _files.Open(Info).Train.Count);
    }

    [Fact]
    public void Files_that_were_packed_anew_are_known_by_their_content()
    {
        var info = Info;
        info = info with { Files = [.. info.Files.Select((file, i) => file with { ContentSha256 = MadeUp.Sha256(s_noise.Plain[i]) })] };
        Assert.True(KnownFolder.IsPublished(info, s_noise.Write(_files["plain"], packed: false)));
        Assert.True(
            KnownFolder.IsPublished(
                info with
                {
                    Files = [.. info.Files.Select(f => f with { Sha256 = "" })],
                },
                s_noise.Write(_files["packed"])
            )
        );
        Assert.False(KnownFolder.IsPublished(info, (s_noise with { Train = 41 }).Write(_files["other"])));
    }

    [Fact]
    public void Debians_fashion_mnist_is_the_published_one()
    {
        Assert.SkipUnless(Directory.Exists(Debian), $"the package dataset-fashion-mnist is not installed: no {Debian}");
        var info = KnownDataSets.All.Single(known => known.Name == "fashion-mnist");
        var data = KnownFolder.Read(info, Debian, Stop);
        Assert.True(KnownFolder.IsPublished(info, Debian));
        Assert.Equal((60000, 10000), (data.Train.Count, data.Test.Count));
        Assert.Equal("Ankle boot", data.Train.LabelNames[data.Train.Labels[0]]);
    }
}
