using Latent.Models;
using Latent.Studio.Catalogue;
using Latent.Training;

namespace Latent.Studio.Tests.Catalogue;

public sealed class RunCatalogueTests(SmallRuns runs)
{
    [Fact]
    public void Lists_what_lies_in_the_folder_of_runs()
    {
        using var copy = runs.Copy("plane", "ten");
        Directory.CreateDirectory(copy["notes"]);
        var catalogue = new RunCatalogue(copy.Path, []);
        Assert.Equal(["plane", "ten"], catalogue.List().Select(run => run.Id).Order());
        var plane = catalogue.Find("plane")!.Summary();
        Assert.Equal(
            ("mnist", 2, "fast", 3, RunStatus.Finished, true, true, true, null),
            (
                plane.Data,
                plane.Latent,
                plane.Recipe,
                plane.Epochs,
                plane.Status,
                plane.HasModel,
                plane.HasHistory,
                plane.HasReport,
                plane.Problem
            )
        );
        Assert.InRange(plane.ValLoss!.Value, 0.01, 0.2);
        Assert.Equal(Directory.EnumerateFiles(copy["plane"]).Sum(file => new FileInfo(file).Length), plane.Size);
        Assert.Equal(3, catalogue.History("plane").Count);
    }

    [Fact]
    public void Sees_what_comes_and_goes()
    {
        using var copy = runs.Copy("plane");
        var catalogue = new RunCatalogue(copy.Path, []);
        Assert.Null(catalogue.Find("late"));
        copy.Add(copy["plane"], "late");
        Assert.NotNull(catalogue.Find("late"));
        Directory.Delete(copy["late"], recursive: true);
        Assert.Null(catalogue.Find("late"));
        Assert.Single(catalogue.List());
    }

    [Fact]
    public void A_folder_that_is_not_there_has_no_runs()
    {
        using var copy = runs.Copy();
        var catalogue = new RunCatalogue(copy.Beside("nowhere"), []);
        Assert.Empty(catalogue.List());
        Assert.Null(catalogue.First());
    }

    [Fact]
    public void A_damaged_run_says_so_and_harms_no_other()
    {
        using var copy = runs.Copy("plane", "plane>cut", "plane>torn");
        copy.Damage("cut");
        File.WriteAllText(Path.Combine(copy["torn"], "run.json"), "{");
        var catalogue = new RunCatalogue(copy.Path, []);
        var all = catalogue.List().ToDictionary(run => run.Id);
        Assert.Equal((RunStatus.Finished, null), (all["plane"].Status, all["plane"].Problem));
        Assert.Equal(RunStatus.Damaged, all["cut"].Status);
        Assert.Contains("model.safetensors", all["cut"].Problem);
        Assert.Equal("mnist", all["cut"].Data); // what can be read is shown
        Assert.Equal(RunStatus.Damaged, all["torn"].Status);
        Assert.Contains("run.json", all["torn"].Problem);
        Assert.Throws<LatentException>(() => catalogue.Open("cut"));
        Assert.Equal(10_000, catalogue.Open("plane").Codes.Length / 2);
    }

    [Fact]
    public void A_run_that_is_given_is_the_first_and_has_a_name_of_its_own()
    {
        using var copy = runs.Copy("plane", "ten");
        string other = copy.Beside("plane");
        Directory.Move(copy["ten"], other);
        var catalogue = new RunCatalogue(copy.Path, [other, copy["plane"]]);
        Assert.Equal("plane", catalogue.First()!.Id);
        Assert.Equal(10, catalogue.Find("plane")!.Summary().Latent);
        Assert.Equal(2, catalogue.Find("plane-2")!.Summary().Latent);
        Assert.Equal(2, catalogue.List().Count); // the one in the folder is not there twice
    }

    [Fact]
    public void A_model_file_alone_is_explored_without_points()
    {
        using var copy = runs.Copy("plane");
        string file = copy.Beside("weights.safetensors");
        var model = Autoencoder.Open(copy["plane"]);
        model.Info = new(); // says nothing of its data
        model.Save(file);
        var catalogue = new RunCatalogue(copy.Beside("nowhere"), [file]);
        var summary = Assert.Single(catalogue.List());
        Assert.Equal(("weights", RunStatus.Model, 2, false), (summary.Id, summary.Status, summary.Latent, summary.CanDelete));
        var open = catalogue.Open("weights");
        Assert.Equal((0, null), (open.Codes.Length, open.Images));
        Assert.Contains("no points", open.Note);
        Assert.Contains("\"count\":0", open.Meta);
        Assert.Equal(784, open.Decode([0.5f, -1]).Length);
    }

    [Fact]
    public void A_changed_model_is_opened_again()
    {
        using var copy = runs.Copy("plane");
        var catalogue = new RunCatalogue(copy.Path, []);
        var before = catalogue.Open("plane");
        Assert.Same(before, catalogue.Open("plane"));
        var model = Autoencoder.Open(copy["plane"]);
        model.Weights.Initialize(7);
        model.Save(Path.Combine(copy["plane"], ModelFile.FileName));
        File.SetLastWriteTimeUtc(Path.Combine(copy["plane"], ModelFile.FileName), DateTime.UtcNow.AddSeconds(1)); // a coarse clock
        var after = catalogue.Open("plane");
        Assert.NotSame(before, after);
        Assert.NotEqual(before.Codes.ToArray(), after.Codes.ToArray());
    }

    [Fact]
    public async Task Many_may_ask_at_once()
    {
        using var copy = runs.Copy("plane", "plane-b", "ten");
        var catalogue = new RunCatalogue(copy.Path, []);
        string[] names = ["plane", "plane-b", "ten", "ten", "plane", "plane"];
        var open = await Task.WhenAll(names.Select(name => Task.Run(() => catalogue.Open(name))));
        Assert.Equal(3, open.Distinct().Count());
        Assert.Same(open[0].Images, open[1].Images); // of one data set
    }

    [Fact]
    public void Deletes_a_run_and_leaves_what_others_put_there()
    {
        using var copy = runs.Copy("plane", "ten");
        File.WriteAllText(Path.Combine(copy["ten"], "notes.txt"), "mine");
        var catalogue = new RunCatalogue(copy.Path, []);
        catalogue.Delete("plane");
        catalogue.Delete("ten");
        Assert.Empty(catalogue.List());
        Assert.False(Directory.Exists(copy["plane"]));
        Assert.Equal(["notes.txt"], Directory.EnumerateFileSystemEntries(copy["ten"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Deletes_nothing_outside_the_folder_of_runs()
    {
        using var copy = runs.Copy("plane", "ten");
        string outside = copy.Beside("outside");
        Directory.Move(copy["ten"], outside);
        Directory.CreateSymbolicLink(copy["link"], outside);
        var catalogue = new RunCatalogue(copy.Path, [outside]);
        foreach (string name in (string[])["outside", "link", "..", "../outside", outside])
            Assert.Throws<LatentException>(() => catalogue.Delete(name));
        Assert.True(RunFolder.IsRun(outside));
        Assert.False(catalogue.Find("outside")!.Summary().CanDelete);
        Assert.False(catalogue.Find("link")!.Summary().CanDelete);
    }

    [Fact]
    public void A_run_without_data_on_this_machine_has_no_points_but_a_reason()
    {
        using var copy = runs.Copy("plane");
        var run = RunFolder.Open(copy["plane"]);
        var info = run.ReadInfo();
        run.WriteInfo(info with { Data = info.Data! with { Source = copy.Beside("gone") } });
        var open = new RunCatalogue(copy.Path, []).Open("plane");
        Assert.Equal(0, open.Codes.Length);
        Assert.Contains("gone", open.Note);
    }

    [Fact]
    public void A_training_whose_process_is_gone_was_interrupted()
    {
        using var copy = runs.Copy("plane");
        var run = RunFolder.Open(copy["plane"]);
        run.WriteInfo(run.ReadInfo() with { Status = "running", ProcessId = int.MaxValue });
        Assert.Equal(RunStatus.Interrupted, Assert.Single(new RunCatalogue(copy.Path, []).List()).Status);
    }
}
