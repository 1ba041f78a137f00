using Latent.Tests.Shared;

namespace Latent.Tests.Parity;

/// <summary>Cases of parts that Latent does not have yet: counted, reported as skipped.</summary>
public sealed class MissingPartsTests
{
    /// <summary>Every metric that an entry of an array in metrics.json has a value of.</summary>
    public static IEnumerable<TheoryDataRow<string>> Metrics()
    {
        string path = GoldenFolder.PathOf("parity", "metrics.json");
        return File.Exists(path)
            ? GoldenFolder
                .Json(path)
                .EnumerateObject()
                .SelectMany(list => list.Value.EnumerateArray())
                .SelectMany(entry => entry.EnumerateObject())
                .Select(value => value.Name)
                .Where(name => name is not ("pair" or "label" or "score"))
                .Distinct(StringComparer.Ordinal)
                .Select(name => new TheoryDataRow<string>(name))
            : [];
    }

    [GoldenTheory]
    [MemberData(nameof(Metrics))]
    public void Metric_agrees_with_scikit(string name) => Assert.Skip($"there is no metric '{name}' yet");
}
