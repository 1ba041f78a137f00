using System.Collections.Concurrent;
using System.Diagnostics;
using Latent.Data;
using Latent.Data.Downloads;
using Latent.Tests.Shared;

namespace Latent.Tests.Data.Downloads;

/// <summary>An empty cache, a made-up data set and little patience.</summary>
internal sealed class Downloading : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MadeUp Data { get; } = new("noise");

    /// <summary>The files as a server has them.</summary>
    public byte[] File(int index) => Data.Packed[index];

    /// <summary>The file of a path.</summary>
    public byte[] File(string path) =>
        File(Array.FindIndex(Idx.ClassicNames, name => path.EndsWith(name + ".gz", StringComparison.Ordinal)));

    public string Cache { get; set; }

    public Downloading() => Cache = _folder["cache"];

    /// <summary>Where the cache has the data set.</summary>
    public string Place => Path.Combine(Cache, Data.Name);

    public string Part(int index) => Path.Combine(Place, Idx.ClassicNames[index] + ".gz.part");

    public string this[string name] => _folder[name];

    public DataSetPlaces Places { get; set; } =
        new()
        {
            Program = "none",
            Cache = "none",
            System = "none",
        };

    public DownloadSettings Settings { get; set; } =
        new()
        {
            Stall = TimeSpan.FromSeconds(20),
            Pause = TimeSpan.FromMilliseconds(2),
            Attempts = 4,
            Gain = 1000,
        };

    /// <summary>Waits for a silent server no longer than a test should take.</summary>
    public void HurryUp() => Settings = Settings with { Stall = TimeSpan.FromSeconds(0.4) };

    /// <summary>What the download said.</summary>
    public ConcurrentQueue<string> Messages { get; } = [];

    public DataSetStore Store(DataSetInfo info) => new([info], Places with { Cache = Cache }, Settings);

    /// <summary>Opens the data set, from these servers where it is not in the cache.</summary>
    public DataSet Open(params Server[] servers) => Open(Data.Info([.. servers.Select(server => server.Address)]));

    public DataSet Open(DataSetInfo info, CancellationToken? cancellation = null) =>
        Store(info).Open(info, new() { Progress = new Listener(this) }, cancellation ?? TestContext.Current.CancellationToken);

    /// <summary>Waits for something that must come soon.</summary>
    public static async Task Until(Func<bool> happened)
    {
        long start = Stopwatch.GetTimestamp();
        while (!happened())
        {
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 60, "waited for a minute in vain");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The message of a download that must fail.</summary>
    public string Fails(params Server[] servers)
    {
        string message = Assert.Throws<LatentException>(() => Open(servers)).Message;
        Assert.Contains("\nFix: ", message, StringComparison.Ordinal);
        return message;
    }

    /// <summary>The cache has the four files, each as published, and nothing else.</summary>
    public void IsWhole()
    {
        Assert.Equal(
            Idx.ClassicNames.Select(name => name + ".gz").Order(StringComparer.Ordinal),
            Directory.GetFileSystemEntries(Place).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        for (int i = 0; i < 4; i++)
            Assert.Equal(File(i), System.IO.File.ReadAllBytes(Path.Combine(Place, Idx.ClassicNames[i] + ".gz")));
    }

    /// <summary>The cache has no file of the data set, not even a part of one.</summary>
    public void IsEmpty() => Assert.Empty(Directory.Exists(Place) ? Directory.GetFileSystemEntries(Place) : []);

    public void Dispose() => _folder.Dispose();

    /// <summary>Progress in the thread that reports it, so that it is complete when the download is.</summary>
    private sealed class Listener(Downloading owner) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            Assert.InRange(value.Received, 0, value.Total);
            if (value.Message is { } message)
                owner.Messages.Enqueue(message);
        }
    }
}
