using Latent.Data;
using Latent.Tests.Data.Downloads;
using Latent.Tests.Shared;

namespace Latent.Tests.Data;

/// <summary>Two data sets of the same shape and the same classes: only the bytes tell them apart.</summary>
public sealed class PublishedFilesTests : IDisposable
{
    private static readonly MadeUp s_noise = new("noise"),
        s_shirts = new("shirts", Train: 50);

    private readonly Downloading _files = new();

    public void Dispose() => _files.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DataSetInfo Noise => WithContent(s_noise);

    private DataSetStore Store => new([Noise, WithContent(s_shirts)], _files.Places with { Cache = _files.Cache }, _files.Settings);

    private static DataSetInfo WithContent(MadeUp data) =>
        data.Info(Server.Nobody) is var info
            ? info with
            {
                Files = [.. info.Files.Select((file, i) => file with { ContentSha256 = MadeUp.Sha256(data.Plain[i]) })],
            }
            : null!;

    private static IReadOnlyList<string> Unknown(DataSetInfo info, string folder) => new PublishedFiles([info]).Unknown(info, folder, Stop);

    [Fact]
    public void Files_that_were_packed_anew_are_known_by_their_content()
    {
        Assert.Empty(Unknown(Noise, s_noise.Write(_files["plain"], packed: false)));
        var anew = Noise with { Files = [.. Noise.Files.Select(file => file with { Sha256 = "" })] };
        Assert.Empty(Unknown(anew, s_noise.Write(_files["packed"])));
        Assert.Equal(
            ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"],
            Unknown(Noise, (s_noise with { Train = 41 }).Write(_files["other"]))
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Those_of_another_data_set_are_refused_wherever_they_come_from(bool packed)
    {
        string folder = s_shirts.Write(_files["own/noise"], packed);
        Refused(() => Store.Import(Noise, folder, Stop));
        Assert.False(Directory.Exists(_files.Place));
        Refused(() => Store.Open(Noise, new() { Folder = folder }, Stop));
        _files.Places = _files.Places with { Data = _files["own"] };
        Refused(() => Store.Open(Noise, new(), Stop));
        _files.Places = _files.Places with { Data = null };
        s_shirts.Write(_files.Place, packed);
        Refused(() => Store.Open(Noise, new(), Stop));

        static void Refused(Action take) =>
            Assert.Contains(
                "are those of the data set 'shirts', not of 'noise'",
                Assert.Throws<LatentException>(take).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void One_file_of_another_data_set_is_enough()
    {
        string folder = s_noise.Write(_files["a"]);
        File.WriteAllBytes(Path.Combine(folder, "train-images-idx3-ubyte.gz"), s_shirts.Packed[0]);
        File.WriteAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte.gz"), s_shirts.Packed[1]);
        Assert.Contains(
            "'shirts'",
            Assert.Throws<LatentException>(() => Store.Import(Noise, folder, Stop)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Mnist_is_no_kmnist()
    {
        var kmnist = DataSets.Require("kmnist");
        var e = Assert.Throws<LatentException>(() => DataSets.Open("kmnist", new() { Folder = Repository.Mnist }, Stop));
        Assert.Contains($"are those of the data set 'mnist', not of '{kmnist.Name}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_ones_own_that_are_not_known_are_taken_with_a_warning()
    {
        var warnings = new List<string>();
        var options = new DataSetOptions { OnWarning = warnings.Add };
        _files.Places = _files.Places with { Data = _files["own"] };
        s_noise.Write(_files["own/noise"]);
        Store.Open(Noise, options, Stop);
        Assert.Empty(warnings);
        (s_noise with { Test = 30 }).Write(_files["own/noise"]);
        Store.Open(Noise, options, Stop);
        Store.Open(Noise, options with { Folder = _files["own/noise"] }, Stop);
        Assert.Equal(2, warnings.Count);
        Assert.All(
            warnings,
            warning =>
                Assert.Contains(
                    "not known to be the published ones: t10k-images-idx3-ubyte.gz, t10k-labels",
                    warning,
                    StringComparison.Ordinal
                )
        );
    }
}
