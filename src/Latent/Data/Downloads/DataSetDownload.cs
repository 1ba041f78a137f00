using System.IO.Compression;
using System.Security.Cryptography;

namespace Latent.Data.Downloads;

/// <summary>
/// Fetches the files of a data set that a folder of the cache lacks. One process at a time does so; another one waits, and then finds them.
/// </summary>
internal sealed class DataSetDownload(
    DataSetInfo info,
    string folder,
    DownloadSettings settings,
    string? ownMirror,
    IProgress<DownloadProgress>? progress
)
{
    private readonly ProgressMeter _meter = new(info.Name, progress);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var mirrors = Mirrors();
        try
        {
            Directory.CreateDirectory(folder);
            using var mine = FileLock.Take(
                folder + ".lock",
                () => _meter.Say($"another process downloads {info.Name}: waiting for it"),
                cancellation
            );
            await FetchAsync(mirrors, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            throw CacheNotWritable(folder, e);
        }
    }

    public static LatentException CacheNotWritable(string folder, Exception e) =>
        new(
            $"The cache folder '{folder}' cannot be written.",
            "a folder that you may write to, on a disk with room",
            e.Message,
            "make room or the folder writable, or take another folder for the cache: XDG_CACHE_HOME=FOLDER",
            e
        );

    private async Task FetchAsync(List<Uri> mirrors, CancellationToken cancellation)
    {
        var missing = info.Files.Where((_, i) => KnownFolder.Find(info, folder, i) is null).ToList();
        if (missing.Count == 0)
            return;
        using var client = Client();
        _meter.Begin(missing.Sum(file => file.Size));
        var failures = new List<string>();
        foreach (var file in missing)
        {
            var remote = new RemoteFile(file.Packed, file.Size, file.Sha256);
            if (
                await FetchAsync(client, remote, [.. mirrors.Select(mirror => new Uri(mirror, file.Packed))], failures, cancellation)
                    .ConfigureAwait(false) is
                { } good
            )
            {
                // what has just worked is asked first for the next file
                var mirror = mirrors[good];
                mirrors.RemoveAt(good);
                mirrors.Insert(0, mirror);
            }
            else if (info.Archive is { } archive)
            {
                await FetchAsync(client, archive, failures, cancellation).ConfigureAwait(false);
                return;
            }
            else
                throw Failed(file.Packed, failures);
        }
    }

    /// <summary>Fetches one file into the folder.</summary>
    /// <returns>Which address had it; null where none did, with a line for each in <paramref name="failures"/>.</returns>
    private async Task<int?> FetchAsync(
        HttpClient client,
        RemoteFile file,
        Uri[] addresses,
        List<string> failures,
        CancellationToken cancellation
    )
    {
        string target = Path.Combine(folder, file.Name);
        using var part = new PartFile(target, file.Size);
        if (await FetchAsync(client, file, part, addresses, failures, cancellation).ConfigureAwait(false) is not { } good)
            return null;
        part.Finish();
        _meter.EndFile(file.Size);
        return good;
    }

    private async Task<int?> FetchAsync(
        HttpClient client,
        RemoteFile file,
        PartFile part,
        Uri[] addresses,
        List<string> failures,
        CancellationToken cancellation
    )
    {
        var download = new FileDownload(client, settings, _meter, file, part);
        _meter.BeginFile(file.Name);
        _meter.At(part.Length);
        failures.Clear();
        for (int i = 0; i < addresses.Length; i++)
        {
            if (await download.FromAsync(addresses[i], cancellation).ConfigureAwait(false) is not { } reason)
                return i;
            failures.Add($"{addresses[i]}: {reason}");
            _meter.Say($"{addresses[i]}: {reason}");
        }
        return null;
    }

    /// <summary>Fetches the archive, takes the files out of it and removes it.</summary>
    private async Task FetchAsync(HttpClient client, DataSetArchive archive, List<string> failures, CancellationToken cancellation)
    {
        string[] before = [.. failures];
        var address = new Uri(archive.Address);
        var file = new RemoteFile(Path.GetFileName(address.AbsolutePath), archive.Size, archive.Sha256);
        _meter.Begin(file.Size);
        _meter.Say($"fetching the whole archive {address} ({file.Size / 1e6:N0} MB)");
        using var part = new PartFile(Path.Combine(folder, file.Name), file.Size);
        if (await FetchAsync(client, file, part, [address], failures, cancellation).ConfigureAwait(false) is null)
            throw Failed("the four files", [.. before, .. failures]);
        part.Dispose();
        string path = PartFile.PathOf(Path.Combine(folder, file.Name));
        Unpack(archive, path, cancellation);
        File.Delete(path);
        foreach (var member in info.Files)
            File.Delete(PartFile.PathOf(Path.Combine(folder, member.Packed)));
        _meter.EndFile(file.Size);
    }

    private void Unpack(DataSetArchive archive, string path, CancellationToken cancellation)
    {
        using var zip = ZipFile.OpenRead(path);
        foreach (var file in info.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            var entry = zip.GetEntry(archive.Folder + file.Packed);
            if (entry is null || entry.Length != file.Size)
                throw Wrong(file, entry is null ? "no such file" : $"{entry.Length:N0} bytes");
            byte[] bytes = new byte[file.Size];
            using (var content = entry.Open())
                content.ReadExactly(bytes);
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (hash != file.Sha256)
                throw Wrong(file, hash);
            AtomicFile.Write(Path.Combine(folder, file.Packed), stream => stream.Write(bytes));
        }

        LatentException Wrong(DataSetFile file, string received) =>
            new(
                $"The archive {archive.Address} does not have the files of the data set '{info.Name}'.",
                $"{archive.Folder}{file.Packed} of {file.Size:N0} bytes, SHA-256 {file.Sha256}",
                received,
                ByHand
            );
    }

    private LatentException Failed(string what, List<string> failures) =>
        new(
            $"The data set '{info.Name}' could not be downloaded.",
            $"{what} from one of {failures.Count} {(failures.Count == 1 ? "address" : "addresses")}, with the published size and SHA-256",
            string.Join("\n  ", failures),
            ByHand
        );

    private string ByHand =>
        $"try again later, or get {string.Join(", ", info.Files.Select(file => file.Packed))} in another way and put them into '{folder}', or into a folder of your own: latent datasets get {info.Name} --from FOLDER";

    /// <summary>Base addresses, the user's own first.</summary>
    private List<Uri> Mirrors()
    {
        var mirrors = info.Mirrors.Select(address => new Uri(address)).ToList();
        if (ownMirror is null)
            return mirrors;
        if (!Uri.TryCreate(ownMirror.TrimEnd('/') + '/', UriKind.Absolute, out var own) || own.Scheme is not ("http" or "https"))
            throw new LatentException(
                $"The environment variable {DataSetPlaces.MirrorVariable} is no address.",
                "http:// or https:// and the place below which NAME/FILE lies",
                $"'{ownMirror}'",
                $"correct the variable or remove it: unset {DataSetPlaces.MirrorVariable}"
            );
        mirrors.Insert(0, new(own, info.Name + "/"));
        return mirrors;
    }

    private HttpClient Client()
    {
        // redirects are followed, from http to https but not back; patience is counted per byte, not for the whole
        var handler = new SocketsHttpHandler
        {
            MaxAutomaticRedirections = 5,
            ConnectTimeout = settings.Stall / 2, // sooner than the whole patience, to be told apart from a server that does not answer
            MaxResponseDrainSize = 0,
        };
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new("latent", null));
        return client;
    }
}
