namespace Latent.Docs.Tests;

/// <summary>Numbers that are measured last stand in a page as a name between pairs of @ until then. None may remain.</summary>
public sealed class PlaceholderTests
{
    public static TheoryData<string> AllPages => [.. Pages.All];

    [Theory]
    [MemberData(nameof(AllPages))]
    public void A_page_has_no_number_left_to_fill_in(string page) =>
        Assert.DoesNotContain("@@", Pages.Read(page), StringComparison.Ordinal);
}
