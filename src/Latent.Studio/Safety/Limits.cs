using Microsoft.AspNetCore.Http;

namespace Latent.Studio.Safety;

/// <summary>How much a request may bring and ask for.</summary>
internal static class Limits
{
    /// <summary>Bytes of any request.</summary>
    public const int RequestBytes = 8 << 20;

    /// <summary>Codes decoded for one request.</summary>
    public const int Codes = 4096;

    /// <summary>Pixel values, of all channels, decoded for one request.</summary>
    public const int Pixels = 32 << 20;

    /// <summary>Reads what a request brings.</summary>
    /// <param name="request">The request.</param>
    /// <param name="most">The most bytes that are taken.</param>
    /// <param name="expected">What these are, for the message.</param>
    /// <exception cref="BadHttpRequestException">There are more (status 413).</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, int most, string expected)
    {
        if (request.ContentLength > most)
            throw TooMuch("The request is too large.", expected, $"{request.ContentLength:N0} bytes");
        using var bytes = new MemoryStream((int)(request.ContentLength ?? 0));
        var part = new byte[1 << 14];
        while (await request.Body.ReadAsync(part, request.HttpContext.RequestAborted).ConfigureAwait(false) is > 0 and var count)
        {
            if (bytes.Length + count > most)
                throw TooMuch("The request is too large.", expected, $"more than {most:N0} bytes");
            bytes.Write(part, 0, count);
        }
        return bytes.ToArray();
    }

    /// <summary>A request brings or asks for more than the studio takes on.</summary>
    public static BadHttpRequestException TooMuch(string happened, string expected, string received) =>
        new($"{happened}\nExpected: {expected}\nReceived: {received}", StatusCodes.Status413PayloadTooLarge);

    /// <summary>A request brings something else than it should.</summary>
    public static BadHttpRequestException Wrong(string happened, string expected, string received) =>
        new($"{happened}\nExpected: {expected}\nReceived: {received}", StatusCodes.Status400BadRequest);
}
