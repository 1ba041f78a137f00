using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace Latent.Tests.Shared;

/// <summary>
/// A theory whose rows are found in <see cref="GoldenFolder"/>: it has the trait Category=Golden, and no rows are no test case, where an
/// ordinary theory would fail.
/// </summary>
[XunitTestCaseDiscoverer(typeof(GoldenTheoryDiscoverer))]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoldenTheoryAttribute : TheoryAttribute, ITraitAttribute
{
    public GoldenTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => SkipTestWithoutData = true;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Category", "Golden")];
}

/// <summary>Looks for the rows while it discovers, and drops the placeholder that xunit makes of a theory without rows.</summary>
internal sealed class GoldenTheoryDiscoverer : TheoryDiscoverer
{
    public override async ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        IXunitTestMethod testMethod,
        IFactAttribute factAttribute
    )
    {
        discoveryOptions.SetPreEnumerateTheories(true);
        var cases = await base.Discover(discoveryOptions, testMethod, factAttribute).ConfigureAwait(false);
        return [.. cases.Where(c => c is not XunitTestCase { TestMethodArguments: [] })];
    }
}
