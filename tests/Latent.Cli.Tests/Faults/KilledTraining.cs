using System.Diagnostics;

namespace Latent.Cli.Tests.Faults;

/// <summary>One training that is killed and resumed until it ends by itself.</summary>
internal sealed class KilledTraining(KilledTraining.Whole whole, string data, string run, Random random, KillTally tally)
{
    private readonly List<string> _moments = [];

    /// <summary>The same training, never killed.</summary>
    /// <param name="Command">Its options.</param>
    /// <param name="Run">Its run folder.</param>
    /// <param name="Life">How long its process lived.</param>
    /// <param name="Files">How many files it wrote.</param>
    /// <param name="Steps">How many steps it had.</param>
    internal sealed record Whole(string[] Command, string Run, TimeSpan Life, int Files, long Steps)
    {
        /// <summary>The options that a run does not remember, since they do not change its bits.</summary>
        public IEnumerable<string> Saving
        {
            get
            {
                int every = Array.IndexOf(Command, "--save-every");
                return [.. every < 0 ? [] : Command[every..(every + 2)], .. Command.Where(o => o is "--no-figures")];
            }
        }
    }

    public static async Task<Whole> NeverKilled(string data, string[] command, string run)
    {
        Directory.CreateDirectory(run);
        int files = 0;
        using var watcher = Watch(run, () => Interlocked.Increment(ref files));
        var clock = Stopwatch.StartNew();
        using var child = Child.Latent(["train", data, "--out", run, .. command]);
        (await child.End()).Ok();
        return new(command, run, clock.Elapsed, Math.Max(1, Volatile.Read(ref files)), RunFiles.Steps(run));
    }

    public async Task Go()
    {
        Directory.CreateDirectory(run); // so that it can be watched from the first file on
        try
        {
            while (!await LivesToTheEnd()) { }
            RunFiles.AssertSame(whole.Run, run);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"latent train {string.Join(' ', whole.Command)}\n{string.Join('\n', _moments)}", e);
        }
        tally.Survived();
    }

    /// <summary>One process. False where it was killed.</summary>
    private async Task<bool> LivesToTheEnd()
    {
        bool exists = RunFiles.HasState(run);
        using var child = Child.Latent(
            exists
                ? ["train", "--resume", run, .. whole.Saving, "--threads", $"{random.Next(3)}"]
                : ["train", data, "--out", run, .. whole.Command]
        );
        string moment = tally.GoesOn ? await Kill(child) : "never";
        var result = await child.End();
        if (result.Code == 0)
            return true;
        Assert.True(result.Code == 128 + (int)Signal.Kill, $"exit code {result.Code}, to be killed {moment}\n{result.Error}");
        bool writing = RunFiles.Temporary(run).Any();
        var seen =
            !RunFiles.HasState(run) ? KilledIn.Start
            : writing ? KilledIn.Writing
            : RunFiles.Steps(run) == whole.Steps ? KilledIn.End
            : result.Output.Length == 0 ? KilledIn.Resuming
            : KilledIn.Training;
        _moments.Add($"{(exists ? "resumed" : "started")}, killed {moment}: {seen}, then {Left()}");
        tally.Killed(seen);
        return false;
    }

    /// <summary>Kills at a moment that is drawn, and says which.</summary>
    private async Task<string> Kill(Child child)
    {
        if (random.Next(2) == 0)
        {
            var after = whole.Life * random.NextDouble();
            await child.EndsWithin(after);
            child.Send(Signal.Kill);
            return $"after {after.TotalMilliseconds:F0} ms";
        }
        int wanted = random.Next(whole.Files),
            seen = 0;
        var delay = TimeSpan.FromMilliseconds(random.Next(3) * random.NextDouble() * 3);
        using var watcher = Watch(
            run,
            () =>
            {
                if (Interlocked.Increment(ref seen) != wanted + 1)
                    return;
                Thread.Sleep(delay);
                child.Send(Signal.Kill);
            }
        );
        await child.End();
        return $"{delay.TotalMilliseconds:F1} ms after {wanted} files";
    }

    /// <summary>Calls on each temporary file that comes, and on each that becomes a file.</summary>
    private static FileSystemWatcher Watch(string folder, Action changed)
    {
        var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, e) => Changed(e.Name);
        watcher.Renamed += (_, e) => Changed(e.OldName);
        watcher.EnableRaisingEvents = true;
        return watcher;

        void Changed(string? name)
        {
            if (name?.EndsWith(".tmp", StringComparison.Ordinal) == true)
                changed();
        }
    }

    private string Left() =>
        string.Join(' ', Directory.EnumerateFileSystemEntries(run).Select(Path.GetFileName).Order(StringComparer.Ordinal));
}
