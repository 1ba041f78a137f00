using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_one_holds_it_and_nothing_is_left_of_it()
    {
        var run = RunFolder.Create(_folder["run"]);
        using (var held = RunLock.Take(run))
        {
            Assert.True(held.Holds);
            string message = Assert.Throws<LatentException>(() => RunLock.Take(run)).Message;
            Assert.Contains("Another training writes to", message);
            Assert.Contains("choose another folder", message);
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(run.Path));
        RunLock.Take(run).Dispose();
    }

    [Fact]
    public void A_file_that_a_dead_process_left_means_nothing()
    {
        var run = RunFolder.Create(_folder["run"]);
        File.WriteAllText(Path.Combine(run.Path, RunLock.FileName), "1234");
        RunLock.Take(run).Dispose();
        Assert.Equal(run.Path, RunFolder.Create(run.Path).Path); // the folder counts as empty with it
    }

    [Fact]
    public void It_ends_with_its_folder_also_where_another_took_the_place()
    {
        var run = RunFolder.Create(_folder["run"]);
        using var held = RunLock.Take(run);
        Directory.Delete(run.Path, recursive: true);
        Assert.False(held.Holds);
        Directory.CreateDirectory(run.Path);
        Assert.False(held.Holds);
        using var other = RunLock.Take(run);
        Assert.True(other.Holds);
        Assert.False(held.Holds);
    }

    /// <summary>The moment in which one removes the file that another has just opened must not make two holders.</summary>
    [Fact]
    public void Of_many_that_want_it_one_has_it()
    {
        string path = _folder[RunLock.FileName];
        int holders = 0,
            taken = 0;
        Parallel.For(
            0,
            4,
            _ =>
            {
                for (int i = 0; i < 2000; i++)
                    if (LockFile.TryTake(path) is { } held)
                    {
                        Assert.Equal(1, Interlocked.Increment(ref holders));
                        Interlocked.Increment(ref taken);
                        Interlocked.Decrement(ref holders);
                        held.Dispose();
                    }
            }
        );
        Assert.True(taken > 100, $"taken {taken} times only");
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_training_holds_it_from_its_first_step_to_its_end_however_it_ends()
    {
        var run = RunFolder.Create(_folder["run"]);
        var model = FakeSteps.Model();
        var seen = new List<string>();
        var look = new LambdaCallback
        {
            TrainBegin = _ => seen.Add(Refusal()),
            BatchEnd = _ => seen.Add(Refusal()),
            TrainEnd = _ => throw new InvalidOperationException("a fault of the callback"),
        };
        var options = new TrainingOptions { Callbacks = [look, new RunRecorder(run)] };
        Assert.Throws<InvalidOperationException>(() => FakeSteps.Run(model, new(model), 4, options));
        Assert.Equal(2, seen.Count);
        Assert.All(seen, message => Assert.Contains("Another training writes to", message));
        RunLock.Take(run).Dispose();

        string Refusal() => Assert.Throws<LatentException>(() => RunFolder.Create(run.Path, overwrite: true)).Message;
    }

    [Fact]
    public void What_a_killed_process_was_writing_is_removed_and_nothing_else()
    {
        var run = RunFolder.Create(_folder["run"]);
        var model = FakeSteps.Model();
        FakeSteps.Run(model, new(model), 4, new() { Callbacks = [new RunRecorder(run)] });
        string[] before = Files();
        File.WriteAllText(Path.Combine(run.Path, $"state.safetensors.{Path.GetRandomFileName()}.tmp"), "half");
        Directory.CreateDirectory(run.FiguresPath);
        File.WriteAllText(Path.Combine(run.FiguresPath, $"loss.png.{Path.GetRandomFileName()}.tmp"), "half");
        File.WriteAllText(Path.Combine(run.Path, "notes.tmp"), "mine");
        using (SavedTraining.Open(run.Path)) { }
        Assert.Equal([.. before, "notes.tmp"], Files());

        string[] Files() =>
            [
                .. Directory
                    .EnumerateFiles(run.Path, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(run.Path, file))
                    .OrderBy(file => file == "notes.tmp")
                    .ThenBy(file => file, StringComparer.Ordinal),
            ];
    }
}
