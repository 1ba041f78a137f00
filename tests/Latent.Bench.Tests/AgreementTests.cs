using Latent.Bench.Cases;
using Latent.Bench.Shared;
using Latent.Bench.Sides;
using Latent.Tests.Shared;

namespace Latent.Bench.Tests;

/// <summary>A peer that computes something else is no peer: the check must be able to fail.</summary>
public sealed class AgreementTests
{
    [Fact]
    public void Equal_outputs_and_losses_agree()
    {
        Assert.Equal(0, Agreement.Outputs(Part.Encode, [1, -2, 30], [1, -2, 30]));
        Assert.Equal(0, Agreement.Losses([0.2, 0.1], [0.2, 0.1]));
        Assert.InRange(Agreement.Losses([0.2], [0.2000001]), 4e-7, 6e-7);
    }

    [Theory]
    [InlineData(new float[] { 0.5f, 0.5f }, new float[] { 0.5f, 0.5002f })]
    [InlineData(new float[] { 0.5f, 0.5f }, new float[] { 0.5f, float.NaN })]
    [InlineData(new float[] { 0.5f, 0.5f }, new float[] { 0.5f })]
    public void Other_outputs_do_not(float[] ours, float[] theirs) =>
        Assert.Throws<SideFailure>(() => Agreement.Outputs(Part.Decode, ours, theirs));

    [Theory]
    [InlineData(new[] { 0.23, 0.22 }, new[] { 0.23, 0.2201 })]
    [InlineData(new[] { 0.23, 0.22 }, new[] { 0.23, double.NaN })]
    [InlineData(new[] { 0.23, 0.22 }, new[] { 0.23 })]
    public void Other_losses_do_not(double[] ours, double[] theirs) => Assert.Throws<SideFailure>(() => Agreement.Losses(ours, theirs));

    /// <summary>A case goes through its files; a side that has one weight wrong gives other outputs and losses.</summary>
    [Fact]
    public void One_wrong_weight_is_seen()
    {
        using var folder = new TemporaryFolder();
        string path = CaseFolder.Write(folder.Path, BenchNetwork.Article10);
        var training = new TrainingSetup(64, "rmsprop", 3e-4, 1e-12, 1);
        using OwnSide right = new(),
            again = new(),
            wrong = new();
        right.Open(Case.Read(path, 64));
        again.Open(Case.Read(path, 64));
        var what = Case.Read(path, 64);
        what.Decoder[^1].Bias[0] += 0.01f;
        wrong.Open(what);

        Assert.Equal(0, Agreement.Outputs(Part.Reconstruct, right.Outputs(Part.Reconstruct, 16), again.Outputs(Part.Reconstruct, 16)));
        double[] losses = right.Losses(training, 2);
        Assert.Equal(0, Agreement.Losses(losses, again.Losses(training, 2)));
        Assert.True(losses[1] < losses[0]);
        Assert.Throws<SideFailure>(() => Agreement.Losses(losses, wrong.Losses(training, 2)));
        float[] ours = right.Outputs(Part.Reconstruct, 16),
            theirs = wrong.Outputs(Part.Reconstruct, 16);
        Assert.Throws<SideFailure>(() => Agreement.Outputs(Part.Reconstruct, ours, theirs));
    }

    /// <summary>What the case says of its layers is what the library says of the network.</summary>
    [Fact]
    public void A_case_has_the_weights_images_and_codes_of_the_network()
    {
        using var folder = new TemporaryFolder();
        var network = BenchNetwork.Article2;
        var what = Case.Read(CaseFolder.Write(folder.Path, network), 100);
        Assert.Equal(network.Encoder.Layers.Length, what.Encoder.Count);
        Assert.Equal(network.Decoder.Layers.Length, what.Decoder.Count);
        Assert.Equal(100, what.ImageCount);
        using var side = new OwnSide();
        side.Open(what);
        Assert.Equal(what.Codes[..32], side.Outputs(Part.Encode, 16));
    }
}
