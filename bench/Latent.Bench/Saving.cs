using System.Diagnostics;
using Latent.Bench.Measuring;
using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Bench;

/// <summary>What keeping a run folder costs a training: the same epochs with and without it, in turns, and the parts of a save alone.</summary>
internal static class Saving
{
    private const int Rounds = 5;

    public static void Run(DataSet data, string folder)
    {
        double[] without = new double[Rounds],
            with = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            without[round] = Train(data, null);
            with[round] = Train(data, RunFolder.Create(Path.Combine(folder, $"run-{round}")));
            Console.WriteLine($"round {round + 1}: 2 epochs {without[round]:F3} s without a run folder, {with[round]:F3} s with one");
        }
        Console.WriteLine(
            $"medians: {Statistics.Median(without):F3} s and {Statistics.Median(with):F3} s, ratio {Statistics.Median(with) / Statistics.Median(without):F4}"
        );

        var run = RunFolder.Open(Path.Combine(folder, "run-0"));
        var state = TrainingStateFile.Read(run.StatePath);
        var info = run.ReadInfo();
        using var saved = SavedTraining.Open(run.Path);
        Part("state.safetensors", () => TrainingStateFile.Write(Path.Combine(folder, "state"), state));
        Part("model.safetensors", () => saved.Model.Save(Path.Combine(folder, "model")));
        Part("history.csv", () => run.WriteHistory(state.History));
        Part("run.json", () => run.WriteInfo(info));
        Part("reading the state", () => TrainingStateFile.Read(run.StatePath));
        Console.WriteLine(
            $"state.safetensors has {new FileInfo(run.StatePath).Length:N0} bytes, model.safetensors {new FileInfo(run.ModelPath).Length:N0}"
        );
    }

    private static double Train(DataSet data, RunFolder? run)
    {
        var model = new Autoencoder(Article.Encoder(10), Article.Decoder(10), seed: 1);
        var options = Recipes.Fast(10) with
        {
            Epochs = 2,
            Callbacks = run is null ? [] : [new RunRecorder(run, RunRecorder.Describe(data))],
        };
        long start = Stopwatch.GetTimestamp();
        model.Fit(data.Train, data.Test, options);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Part(string name, Action save)
    {
        const int times = 50;
        var milliseconds = new double[times];
        for (int i = 0; i < times; i++)
        {
            long start = Stopwatch.GetTimestamp();
            save();
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Console.WriteLine($"{name, -18} median {Statistics.Median(milliseconds):F2} ms");
    }
}
