using System.Diagnostics;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Faults;

/// <summary>
/// Trainings that are killed again and again, at any moment of the process and aimed at its writing, end with the bits of one that never was.
/// LATENT_KILLS says how many kills there are, LATENT_KILL_SEED which: LATENT_KILLS=2000 is a test for half an hour.
/// </summary>
public sealed class KillTests
{
    private static readonly int s_wanted = Number("LATENT_KILLS", 10),
        s_seed = Number("LATENT_KILL_SEED", 1);

    /// <summary>What the trainings are: every recipe, optimizer and schedule, callbacks, and ways to save.</summary>
    private static readonly string[] s_commands =
    [
        "--epochs 4 --save-every 3 --log-steps --patience 2 --no-figures",
        "--epochs 2 --save-every 2 --latent 2",
        "--recipe article --epochs 4 --save-every 1 --no-figures --threads 1",
        "--optimizer adam --schedule cosine --batch 16 --epochs 3 --save-every 5 --threads 2 --no-figures",
        "--optimizer adamw --schedule one-cycle --epochs 9 --save-every 3 --patience 0 --min-delta 0.02 --no-figures",
        "--optimizer rmsprop --momentum 0.9 --centered --schedule constant --epochs 4 --save-every off --log-steps --no-figures",
        "--recipe best --steps 14 --save-every 4 --loss bce --no-shuffle --threads 2 --no-figures",
        "--epochs 3 --batch 8 --save-every 1s --log-steps --no-keep-best --no-calibrate --warm-up 3 --no-figures",
    ];

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Killed_again_and_again_it_ends_with_the_same_bits()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals of Linux");
        using var folder = new TemporaryFolder();
        string data = SmallData.Mnist(folder["digits"]);
        var wholes = new Lazy<Task<KilledTraining.Whole>>[s_commands.Length];
        for (int i = 0; i < wholes.Length; i++)
        {
            (string name, string[] command) = ($"whole-{i}", s_commands[i].Split(' '));
            wholes[i] = new(() => KilledTraining.NeverKilled(data, command, folder[name]));
        }
        var tally = new KillTally(s_wanted);
        int next = -1;
        var clock = Stopwatch.StartNew();
        // two at a time: each process waits for its disk now and then
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(Work)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{tally} in {clock.Elapsed.TotalSeconds:F0} s, seed {s_seed}");

        async Task Work()
        {
            while (tally.GoesOn)
            {
                int number = Interlocked.Increment(ref next);
                string run = folder[$"run-{number}"];
                var whole = await wholes[number % wholes.Length].Value;
                var random = new Random(HashCode.Combine(s_seed, number));
                await new KilledTraining(whole, data, run, random, tally).Go();
                Directory.Delete(run, recursive: true);
            }
        }
    }

    private static int Number(string variable, int fallback) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text) : fallback;
}
