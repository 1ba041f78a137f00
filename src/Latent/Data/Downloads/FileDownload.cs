using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Latent.Data.Downloads;

/// <summary>
/// Fetches one file from one address, going on where a part ends. Nothing that the server says of lengths is relied on: what counts is that
/// the known number of bytes came and that their SHA-256 is the known one.
/// </summary>
internal sealed class FileDownload(HttpClient client, DownloadSettings settings, ProgressMeter meter, RemoteFile file, PartFile part)
{
    /// <summary>What a request came to: null where all bytes are here, else why not, and whether it may help to ask again.</summary>
    private readonly record struct Outcome(string? Reason, bool Again)
    {
        public static Outcome Done => default;

        public static Outcome Retry(string reason) => new(reason, Again: true);

        public static Outcome GiveUp(string reason) => new(reason, Again: false);
    }

    private readonly byte[] _buffer = new byte[1 << 17];

    /// <summary>Whether all bytes of the part came from the address that is asked now.</summary>
    private bool _ofThisAddress;

    /// <summary>Whether the address has answered, so that a missing connection may be a passing fault.</summary>
    private bool _reached;

    /// <summary>Completes the part and verifies it.</summary>
    /// <returns>Null where the part is the file; else why the address does not give it. Wrong bytes are removed.</returns>
    /// <exception cref="LatentException">The disk is full.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the part is kept.</exception>
    public async Task<string?> FromAsync(Uri address, CancellationToken cancellation)
    {
        (_ofThisAddress, _reached) = (part.Length == 0, false);
        (long most, int failures) = (part.Length, 0);
        while (true)
        {
            var outcome = part.IsComplete ? Outcome.Done : await AskAsync(address, cancellation).ConfigureAwait(false);
            if (outcome.Reason is null)
            {
                string hash = await part.HashAsync(cancellation).ConfigureAwait(false);
                if (hash == file.Sha256)
                    return null;
                part.Clear();
                if (_ofThisAddress)
                    return $"other bytes than the published ones (SHA-256 {hash})";
                // the bytes from before may have been the wrong ones
                meter.Say($"what was here of {file.Name} is not of it: starting again");
                (_ofThisAddress, most) = (true, 0);
                continue;
            }
            if (!outcome.Again)
                return outcome.Reason;
            failures = part.Length - most >= settings.Gain ? 1 : failures + 1;
            most = Math.Max(most, part.Length);
            if (failures >= settings.Attempts)
                return $"{outcome.Reason}, {failures} times";
            var pause = settings.Pause * (1 << (failures - 1));
            meter.Say($"{address.Host}: {outcome.Reason}; going on in {pause.TotalSeconds:0.#} s");
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Makes one request and adds what it brings.</summary>
    private async Task<Outcome> AskAsync(Uri address, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(settings.Stall);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.AcceptEncoding.Add(new("identity")); // the bytes of the file, whatever they are
            if (part.Length > 0)
                request.Headers.Range = new(part.Length, null);
            using var response = await client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token)
                .ConfigureAwait(false);
            _reached = true;
            if (Refusal(response) is { } refusal)
                return refusal;
            var content = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
            await using var _ = content.ConfigureAwait(false);
            return await TakeAsync(content, patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException && !cancellation.IsCancellationRequested)
        {
            return Outcome.GiveUp("no connection"); // the time for making one is over
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Outcome.Retry($"nothing came for {settings.Stall.TotalSeconds:0.#} s");
        }
        catch (HttpRequestException e)
            when (!_reached
                && e.HttpRequestError
                    is HttpRequestError.NameResolutionError
                        or HttpRequestError.ConnectionError
                        or HttpRequestError.SecureConnectionError
                        or HttpRequestError.ProxyTunnelError
            )
        {
            return Outcome.GiveUp($"no connection ({Innermost(e)})");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Outcome.Retry($"broke off after {part.Length:N0} of {file.Size:N0} bytes");
        }
    }

    /// <summary>Why a response does not bring the bytes that are wanted next; null where it does.</summary>
    private Outcome? Refusal(HttpResponseMessage response)
    {
        string status = $"HTTP {(int)response.StatusCode} ({response.ReasonPhrase ?? response.StatusCode.ToString()})";
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK when response.Content.Headers.ContentType?.MediaType == "text/html":
                return Outcome.GiveUp("a web page in place of the file");
            case HttpStatusCode.OK:
                Restart(); // the server sends all of it, with or without having been asked for the rest
                return null;
            case HttpStatusCode.PartialContent:
                var range = response.Content.Headers.ContentRange;
                if (range?.Length is { } length && length != file.Size)
                    return Outcome.GiveUp($"a file of {length:N0} bytes in place of {file.Size:N0}");
                if (part.Length > 0 && range?.From == part.Length)
                    return null;
                Restart();
                return Outcome.Retry("another part of the file than was asked for");
            case HttpStatusCode.RequestedRangeNotSatisfiable when part.Length > 0:
                Restart();
                return Outcome.Retry($"{status}: it does not have the rest of the file");
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                return Outcome.Retry(status);
            case >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest:
                return Outcome.GiveUp($"{status}: sent on too often, or from https to http");
            default:
                return Outcome.GiveUp(status);
        }

        void Restart()
        {
            part.Clear();
            _ofThisAddress = true;
        }
    }

    /// <summary>Takes bytes until there are as many as the file has: more are neither read nor written.</summary>
    private async Task<Outcome> TakeAsync(Stream content, CancellationTokenSource patience)
    {
        while (!part.IsComplete)
        {
            patience.CancelAfter(settings.Stall);
            int wanted = (int)Math.Min(_buffer.Length, file.Size - part.Length);
            int came = await content.ReadAsync(_buffer.AsMemory(0, wanted), patience.Token).ConfigureAwait(false);
            if (came == 0)
                return Outcome.Retry($"ended after {part.Length:N0} of {file.Size:N0} bytes");
            part.Append(_buffer.AsSpan(0, came));
            meter.At(part.Length);
        }
        return Outcome.Done;
    }

    private static string Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;
        return e is SocketException socket ? socket.SocketErrorCode.ToString() : e.Message;
    }
}
