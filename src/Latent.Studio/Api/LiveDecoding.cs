using System.Net.WebSockets;
using System.Text;
using Latent.Studio.Catalogue;
using Latent.Studio.Safety;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Latent.Studio.Api;

/// <summary>
/// Codes one at a time, as the hand moves: each message is a code, and is answered with its picture, in order. A connection that stays open
/// answers in a third of the time that a request of its own takes. What is wrong ends it with a reason; the page then asks by a request, whose
/// answer has the whole message.
/// </summary>
internal static class LiveDecoding
{
    private const int MostReasonBytes = 123; // of a websocket's closing message
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public static async Task AnswerAsync(string run, HttpContext context, RunCatalogue catalogue, IHostApplicationLifetime lifetime)
    {
        int codeBytes = catalogue.Open(run).Model.LatentSize * sizeof(float);
        if (!context.WebSockets.IsWebSocketRequest)
            throw Limits.Wrong("This address is for a websocket.", "a request to open one", context.Request.Method);
        using var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var message = new byte[codeBytes + 1]; // one more, to see that there is more
            while (await ReceiveAsync(socket, message, end.Token).ConfigureAwait(false) is { } length)
            {
                if (length != codeBytes)
                    throw Limits.Wrong("A message is no code of the model.", $"{codeBytes} bytes", $"{length} bytes or more");
                byte[] picture = catalogue.Open(run).Decode(RunsApi.ReadCodes(message.AsSpan(0, codeBytes)));
                await socket.SendAsync(picture, WebSocketMessageType.Binary, endOfMessage: true, end.Token).ConfigureAwait(false);
            }
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LatentException or BadHttpRequestException)
        {
            await EndAsync(socket, Reason(e.Message), end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // the page was left, or the studio ends
        }
    }

    /// <summary>
    /// Says why, and then hears the page out for a moment: a connection that is cut while the page still sends is broken for it, and the reason
    /// lost.
    /// </summary>
    private static async Task EndAsync(WebSocket socket, string reason, CancellationToken end)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end);
        patience.CancelAfter(s_patience);
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.InvalidPayloadData, reason, patience.Token).ConfigureAwait(false);
            var rest = new byte[1 << 14];
            while (socket.State == WebSocketState.CloseSent)
                await socket.ReceiveAsync(rest.AsMemory(), patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // it was left, or sends without end
        }
    }

    /// <summary>The length of the next message, of which no more is kept than there is room for; null where the page ends the connection.</summary>
    private static async Task<int?> ReceiveAsync(WebSocket socket, byte[] message, CancellationToken end)
    {
        for (int length = 0; ; )
        {
            var part = await socket.ReceiveAsync(message.AsMemory(length), end).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            length += part.Count;
            if (part.EndOfMessage || length == message.Length)
                return length;
        }
    }

    private static string Reason(string message)
    {
        string line = message.Split('\n')[0];
        while (Encoding.UTF8.GetByteCount(line) > MostReasonBytes)
            line = line[..^1];
        return line;
    }
}
