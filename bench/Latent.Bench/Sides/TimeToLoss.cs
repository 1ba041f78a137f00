using Latent.Bench.Cases;
using Latent.Bench.Shared;
using Latent.Data;
using Latent.Models;
using Latent.Training;

namespace Latent.Bench.Sides;

/// <summary>A whole training with its validations, until an epoch's val_loss is low enough.</summary>
internal static class TimeToLoss
{
    /// <summary>Answers "fit network=article10 recipe=fast seed=0 target=0.01286".</summary>
    public static object Measure(Request request)
    {
        var network = BenchNetwork.Named(request.Text("network"));
        double target = request.Real("target");
        var (train, test) = Mnist.Load();
        long seed = request.Whole("seed");
        var model = new Autoencoder(network.Encoder, network.Decoder, seed);
        var options = Recipes.ByName(request.Text("recipe"), model.LatentSize) with { Seed = seed, Threads = request.Whole("threads") };
        using var enough = new CancellationTokenSource();
        var progress = new Watch(target, enough);
        var result = model.Fit(train, test, options, progress, enough.Token);
        return new
        {
            reached = progress.Seconds is not null,
            seconds = progress.Seconds ?? result.Seconds,
            epochs = result.History.Count,
            best = result.BestValLoss,
        };
    }

    private sealed class Watch(double target, CancellationTokenSource enough) : IProgress<TrainingProgress>
    {
        public double? Seconds { get; private set; }

        public void Report(TrainingProgress value)
        {
            if (Seconds is not null || value.Completed is not { } epoch || !(epoch.ValLoss <= target))
                return;
            Seconds = value.Elapsed.TotalSeconds;
            enough.Cancel();
        }
    }
}
