using Bunit;
using Latent.Studio.Training;
using Latent.Training;

namespace Latent.Studio.Tests.Training;

/// <summary>What the chart tells its script. What that draws is for the tests in a browser.</summary>
public sealed class LossChartTests : BunitContext
{
    private readonly BunitJSModuleInterop _module;

    public LossChartTests()
    {
        _module = JSInterop.SetupModule("./_content/Latent.Studio/loss-chart.js");
        _module.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void An_empty_chart_says_what_will_come()
    {
        var chart = Render<LossChart>(p => p.Add(c => c.Histories, [new("run", [])]));
        Assert.Contains("The loss appears here", chart.Markup, StringComparison.Ordinal);
        Assert.Equal("Loss chart: no epoch has ended yet", chart.Find("[data-testid=loss-chart]").GetAttribute("aria-label"));
    }

    [Fact]
    public void Only_what_is_new_is_sent()
    {
        NamedHistory At(int epochs, int steps) =>
            new(
                "run",
                [.. Enumerable.Range(1, epochs).Select(Epoch)],
                epochs,
                new([.. Enumerable.Range(1, steps).Select(i => i / 10d)], [.. Enumerable.Range(1, steps).Select(i => 1d / i)], 0)
            );
        var first = At(1, 10);
        var chart = Render<LossChart>(p => p.Add(c => c.Histories, [first]));
        Assert.Single(Calls("create"));
        Assert.Single(Calls("setCurves"));
        Assert.Equal((0, 80), Sent(0));
        chart.Render(p => p.Add(c => c.Histories, [first])); // nothing new
        Assert.Single(Calls("setCurves"));
        Assert.Single(Calls("setSteps"));
        chart.Render(p => p.Add(c => c.Histories, [At(1, 13)])); // more steps in the same epoch
        Assert.Single(Calls("setCurves"));
        Assert.Equal((10, 24), Sent(1));
        chart.Render(p => p.Add(c => c.Histories, [At(2, 13) with { Steps = new([0.2, 0.4], [1, 2], 1) }])); // thinned: all of it anew
        Assert.Equal(2, Calls("setCurves").Count);
        Assert.Equal(true, Calls("setCurves")[1].Arguments[2]);
        Assert.Equal((0, 16), Sent(2));
        Assert.Single(Calls("create"));

        (int From, int Bytes) Sent(int call) =>
            ((int)Calls("setSteps")[call].Arguments[2]!, ((byte[])Calls("setSteps")[call].Arguments[3]!).Length);
    }

    [Fact]
    public void Several_runs_lie_over_each_other()
    {
        var chart = Render<LossChart>(p => p.Add(c => c.Histories, [new("a", [Epoch(1)], 1), new("b", [Epoch(1), Epoch(2)], 2)]));
        Assert.Equal(2, ((Array)Calls("setCurves")[0].Arguments[1]!).Length);
        Assert.Equal("Loss chart of a, b", chart.Find("[data-testid=loss-chart]").GetAttribute("aria-label"));
        chart.Render(p => p.Add(c => c.Histories, [new("b", [Epoch(1), Epoch(2)], 2)]));
        Assert.Equal(false, Calls("setCurves")[1].Arguments[2]); // other curves
    }

    [Fact]
    public void The_scale_is_changed_in_place()
    {
        var chart = Render<LossChart>(p => p.Add(c => c.Histories, [new("a", [Epoch(1)])]).Add(c => c.Log, false));
        Assert.Empty(Calls("setLog"));
        chart.Render(p => p.Add(c => c.Log, true));
        Assert.Equal(true, Assert.Single(Calls("setLog")).Arguments[1]);
        Assert.Single(Calls("create"));
    }

    [Fact]
    public void A_loss_that_is_no_number_is_a_gap()
    {
        Render<LossChart>(p =>
            p.Add(c => c.Histories, [new("a", [Epoch(1) with { Loss = double.NaN, ValLoss = double.PositiveInfinity }])])
        );
        object curve = ((Array)Calls("setCurves")[0].Arguments[1]!).GetValue(0)!;
        Assert.Equal(
            """{"Name":"a","Epochs":[1],"Loss":[null],"ValLoss":[null],"Best":0}""",
            System.Text.Json.JsonSerializer.Serialize(curve, curve.GetType())
        );
    }

    [Fact]
    public async Task A_chart_that_goes_takes_its_script_along()
    {
        Render<LossChart>(p => p.Add(c => c.Histories, [new("a", [Epoch(1)])]));
        await DisposeComponentsAsync();
        Assert.Single(Calls("destroy"));
    }

    private static EpochResult Epoch(int epoch) =>
        new(epoch, 1.0 / epoch, 1.1 / epoch, 0.01, 1, new Dictionary<string, double>(StringComparer.Ordinal));

    private IReadOnlyList<JSRuntimeInvocation> Calls(string name) => [.. _module.Invocations[name]];
}
