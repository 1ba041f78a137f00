using System.Text.Json;
using Latent.Bench.Cases;
using Latent.Bench.Reporting;
using Latent.Bench.Sides;

namespace Latent.Bench.Sections;

/// <summary>Seconds of training, validations included, until val_loss is what Keras's training ended with.</summary>
internal static class TimeToLossSection
{
    /// <summary>What one run of Keras 3.15.1 with the article's recipe ended with, and how long it took, on two cores.</summary>
    private static readonly (BenchNetwork Network, double Loss, string Seconds)[] s_keras =
    [
        (BenchNetwork.Article10, 0.01286, "about 1,000"),
        (BenchNetwork.Article2, 0.03948, "about 680"),
    ];

    private static readonly string[] s_recipes = ["fast", "article"];

    public static void Run(BenchRun bench)
    {
        int seeds = bench.Options.Quick ? 1 : 5;
        var trainings = s_keras
            .SelectMany(keras => s_recipes.Select(recipe => (Keras: keras, Recipe: recipe, Found: new List<Found>())))
            .Where(training => !bench.Options.Quick || training.Recipe == "fast" && training.Keras.Network == BenchNetwork.Article10)
            .ToArray();
        for (int seed = 0; seed < seeds; seed++)
        {
            foreach (var training in trainings)
            {
                using var side = bench.StartOurs(training.Keras.Network);
                var answer = side.Ask(
                    $"fit network={training.Keras.Network.Name} recipe={training.Recipe} seed={seed} target={training.Keras.Loss} threads={bench.Options.Threads}",
                    TimeSpan.FromHours(1)
                );
                training.Found.Add(answer.Deserialize<Found>(JsonSerializerOptions.Web)!);
                Console.Error.WriteLine($"{training.Keras.Network.Name}, {training.Recipe}, seed {seed}: {training.Found[^1]}");
            }
        }
        bench.Report.Line($"Seeds 0 to {seeds - 1}. Keras: one run of the article's recipe on two cores.");
        var table = new Table(
            "network",
            "recipe",
            "val_loss to reach",
            "seeds that do",
            "s, median",
            "least",
            "most",
            "epochs",
            "Keras, s"
        );
        foreach (var (keras, recipe, found) in trainings)
        {
            var reached = found.Where(one => one.Reached).ToArray();
            table.Add(
                keras.Network.Title,
                recipe,
                $"{keras.Loss}",
                $"{reached.Length} of {found.Count}",
                reached.Length > 0 ? Numbers.Of(Measuring.Statistics.Median(reached.Select(one => one.Seconds))) : Numbers.None,
                reached.Length > 0 ? Numbers.Of(reached.Min(one => one.Seconds)) : Numbers.None,
                reached.Length > 0 ? Numbers.Of(reached.Max(one => one.Seconds)) : Numbers.None,
                string.Join(", ", found.Select(one => one.Epochs)),
                keras.Seconds
            );
        }
        bench.Report.Add(table);
        foreach (var (keras, recipe, found) in trainings)
        {
            if (found.Exists(one => !one.Reached))
                bench.Report.Line(
                    $"{keras.Network.Title}, {recipe}: the best val_loss of the others is {string.Join(", ", found.Where(one => !one.Reached).Select(one => $"{one.Best:F5} after {one.Seconds:F0} s"))}."
                );
        }
    }

    private sealed record Found(bool Reached, double Seconds, int Epochs, double? Best);
}
