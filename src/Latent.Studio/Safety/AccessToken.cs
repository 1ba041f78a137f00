using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Latent.Studio.Safety;

/// <summary>A secret of 256 random bits that whoever may use the studio was told.</summary>
internal sealed class AccessToken
{
    private readonly byte[] _bytes;

    private AccessToken(string text) => (Text, _bytes) = (text, Encoding.ASCII.GetBytes(text));

    /// <summary>As it stands in an address.</summary>
    public string Text { get; }

    public static AccessToken Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>Whether a text is the token. How long it takes does not say how much of it is right.</summary>
    public bool Matches(string? text) => text is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), _bytes);
}
