using System.Text.Json.Nodes;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Use;

public sealed class OneClassTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ones_are_told_from_other_digits()
    {
        string data = SmallData.Mnist(_folder["digits"], train: 2000, test: 300);
        string[] line = ["bench", "one-class", data, "--digits", "1"];
        var document = JsonNode.Parse(Program.Run([.. line, "--seeds", "2", "--epochs", "5", "--json"]).Ok())!;
        var rows = document["measured"]!.AsArray();
        Assert.Equal(4, rows.Count);
        Assert.All(rows, row => Assert.InRange((double)row!["mean"]!, 0.9, 1));
        Assert.Equal(2, rows[0]!["by_seed"]![0]!.AsArray().Count);
        Assert.Empty(document["reported"]!.AsArray()); // these are not MNIST's own test images

        string table = Program.Run([.. line, "--no-baselines", "--seeds", "1", "--epochs", "1"]).Ok();
        Assert.StartsWith("AUROC, per cent", table);
        Assert.Contains("no validation, no early stopping", table.ReplaceLineEndings(" "));
        Assert.DoesNotContain("principal components", table);
    }

    [Fact]
    public void What_cannot_be_told_apart_is_told()
    {
        string data = SmallData.Mnist(_folder["digits"]);
        Assert.Contains("has no label '11'", Program.Run("bench", "one-class", data, "--digits", "11").Failed());
        Assert.Contains(
            "cannot be told from others",
            Program.Run("bench", "one-class", SmallData.OfSize(_folder["same"], 28, 28)).Failed()
        );
        Assert.Contains("latent bench one-class mnist", Program.Run("bench").Ok());
    }
}
