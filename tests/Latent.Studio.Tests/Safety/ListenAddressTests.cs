using Latent.Studio.Safety;

namespace Latent.Studio.Tests.Safety;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5280", true, false)]
    [InlineData("http://127.0.0.2:5280", true, false)]
    [InlineData("http://localhost:5280", true, false)]
    [InlineData("http://[::1]:5280", true, false)]
    [InlineData("http://0.0.0.0:5280", false, true)]
    [InlineData("http://[::]:5280", false, true)]
    [InlineData("http://*:5280", false, true)]
    [InlineData("http://+:5280", false, true)]
    [InlineData("http://192.168.1.5", false, false)]
    [InlineData("http://box.local:5280", false, true)] // the server listens everywhere for a name
    public void Whether_only_this_machine_reaches_an_address(string url, bool isLoopback, bool isAny)
    {
        var address = Assert.Single(ListenAddress.Parse(url));
        Assert.Equal((isLoopback, isAny), (address.IsLoopback, address.IsAny));
    }

    [Fact]
    public void One_address_that_others_reach_makes_the_token_necessary()
    {
        Assert.Null(new Guard(ListenAddress.Parse("http://127.0.0.1:1;http://[::1]:1")).Token);
        Assert.NotNull(new Guard(ListenAddress.Parse("http://127.0.0.1:1;http://192.168.1.5:1")).Token);
    }

    [Fact]
    public void A_token_is_only_itself()
    {
        var token = AccessToken.Create();
        Assert.True(token.Matches(token.Text));
        Assert.False(token.Matches(null));
        Assert.False(token.Matches(""));
        Assert.False(token.Matches(token.Text[1..]));
        Assert.False(token.Matches(token.Text + "A"));
        Assert.NotEqual(token.Text, AccessToken.Create().Text);
    }
}
