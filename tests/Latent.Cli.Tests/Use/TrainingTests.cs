using System.Text.Json.Nodes;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Use;

public sealed class TrainingTests(Trained trained) : IClassFixture<Trained>
{
    [Fact]
    public void A_run_folder_has_all_its_files()
    {
        foreach (string name in (string[])["run.json", "model.safetensors", "history.csv", "state.safetensors", "report.html", "steps.csv"])
            Assert.True(File.Exists(Path.Combine(trained.Run, name)), name);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(trained.Run, "figures"), "*.png"));
        Assert.Equal(7, File.ReadAllLines(Path.Combine(trained.Run, "steps.csv")).Length);
    }

    [Fact]
    public void Redirected_it_prints_lines_of_key_and_value()
    {
        string[] lines = trained.Output.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches(@"^(\w+=\S+)( \w+=\S+)*$", line));
        Assert.Contains(lines, line => line.StartsWith("epoch=1/2 loss=0.", StringComparison.Ordinal));
        Assert.Contains($"run={trained.Run} status=finished val_loss=0.", lines[^1]);
        Assert.Contains(" val_loss_64=0.", lines[^1]);
    }

    [Fact]
    public void Json_is_one_document_and_progress_goes_to_standard_error()
    {
        var result = Program.Run(
            "train",
            trained.Data,
            "--latent",
            "2",
            "--steps",
            "6",
            "--out",
            trained["json"],
            "--json",
            "--log-steps",
            "--no-figures"
        );
        var document = JsonNode.Parse(result.Ok())!;
        Assert.Contains("epoch=1/2", result.Error);
        Assert.Equal("finished", (string?)document["status"]);
        Assert.Equal(6, document["step_losses"]!.AsArray().Count);
        Assert.Equal(6, (int)document["steps"]!);
        Assert.InRange((double)document["val_loss"]!, 0.01, 0.5);
        Assert.Equal((70, 64), ((int)document["val_images"]!, (int)document["val_images_whole_batches"]!));
        Assert.Null(document["figures"]);
        Assert.False(Directory.Exists(Path.Combine(trained["json"], "figures")));
    }

    [Fact]
    public void The_same_command_gives_the_same_weights_and_another_seed_gives_others()
    {
        float[] Weights(string name, string seed)
        {
            Program
                .Run("train", trained.Data, "--latent", "2", "--steps", "6", "--out", trained[name], "--no-figures", "--seed", seed)
                .Ok();
            return Autoencoder.Open(trained[name]).Weights.Values.ToArray();
        }

        float[] first = Autoencoder.Open(trained.Run).Weights.Values.ToArray();
        Assert.Equal(first, Weights("again", "0"));
        Assert.NotEqual(first, Weights("other", "1"));
    }

    [Fact]
    public void Penalties_are_part_of_the_network_and_of_its_loss()
    {
        double Loss(string name, params string[] penalties) =>
            (double)
                JsonNode.Parse(
                    Program
                        .Run(["train", trained.Data, "--steps", "2", "--out", trained[name], "--no-figures", "--json", .. penalties])
                        .Ok()
                )!["val_loss"]!;

        double free = Loss("free"),
            penalized = Loss("sparse", "--code-l1", "0.5", "--weight-l2", "0.01");
        Assert.True(penalized > free * 1.5, $"{free} and {penalized}");
        var model = Autoencoder.Open(trained["sparse"]);
        Assert.Equal(new Regularizer(L1: 0.5f), ((Dense)model.Encoder.Layers[^1]).ActivityRegularizer);
        Assert.All(
            model.Weights.Layout.Parameters,
            parameter => Assert.Equal(parameter.Weight.Name == "kernel" ? new Regularizer(L2: 0.01f) : null, parameter.Weight.Regularizer)
        );
        Assert.Contains(
            "leave out",
            Program.Run("train", trained.Data, "--init", trained["sparse"], "--code-l1", "1", "--out", trained["no"]).Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void It_starts_from_the_weights_of_init()
    {
        string[] line =
        [
            "train",
            trained.Data,
            "--init",
            trained.Run,
            "--steps",
            "1",
            "--learning-rate",
            "1e-20",
            "--adam-rate",
            "1e-20",
            "--no-calibrate",
            "--no-figures",
        ];
        Program.Run([.. line, "--out", trained["further"]]).Ok();
        var (before, after) = (Autoencoder.Open(trained.Run), Autoencoder.Open(trained["further"]));
        Assert.Equal(before.Weights.Values, after.Weights.Values);
    }

    [Fact]
    public void Told_to_stop_it_keeps_what_there_is_and_exits_with_130()
    {
        var result = Program.Run(
            terminal => terminal with { Stop = new(canceled: true) },
            "train",
            trained.Data,
            "--out",
            trained["stopped"]
        );
        Assert.Equal(130, result.Code);
        Assert.Contains("stopped before the first epoch ended", result.Output);
        Assert.Contains("status=cancelled", result.Output);
        Autoencoder.Open(trained["stopped"]);
        Assert.True(File.Exists(Path.Combine(trained["stopped"], "report.html")));
    }

    /// <summary>A watcher that asks to stop when it has seen the first epoch.</summary>
    private sealed class StopAfterAnEpoch(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value!.StartsWith("epoch=1/", StringComparison.Ordinal))
                stop.Cancel();
        }
    }

    [Fact]
    public void Told_to_stop_after_an_epoch_it_keeps_the_best_one()
    {
        using var stop = new CancellationTokenSource();
        var output = new StopAfterAnEpoch(stop);
        string[] line = ["train", trained.Data, "--epochs", "50", "--out", trained["ended"]];
        int code = LatentProgram.Run(line, new(new(output), new(new StringWriter())) { Stop = stop.Token });
        Assert.Equal(130, code);
        Assert.Contains("stopped: the model of epoch 1 is kept; drawing its pictures", output.ToString());
        Assert.Equal(2, File.ReadAllLines(Path.Combine(trained["ended"], "history.csv")).Length);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(trained["ended"], "figures")));
    }

    [Fact]
    public void A_training_that_diverges_says_so()
    {
        var result = Program.Run(
            "train",
            trained.Data,
            "--recipe",
            "article",
            "--learning-rate",
            "1e30",
            "--out",
            trained["diverged"],
            "--no-figures"
        );
        Assert.Equal(1, result.Code);
        Assert.Contains("diverged", result.Error);
    }

    [Fact]
    public void A_training_that_diverges_at_once_has_a_document_too()
    {
        string run = trained["diverged-json"];
        var result = Program.Run("train", trained.Data, "--recipe", "article", "--learning-rate", "1e30", "--out", run, "--json");
        Assert.Equal(1, result.Code);
        var document = JsonNode.Parse(result.Output)!;
        Assert.Equal("diverged", (string?)document["status"]);
        Assert.Equal("diverged", Latent.Training.RunFolder.Open(run).ReadInfo().Status);
        Assert.Equal(File.Exists(Path.Combine(run, "model.safetensors")), document["model"] is not null);
    }

    [Fact]
    public void Run_json_has_the_number_of_threads() =>
        Assert.Equal(Environment.ProcessorCount, Latent.Training.RunFolder.Open(trained.Run).ReadInfo().Threads);

    [Fact]
    public void Mnist_by_name()
    {
        using var folder = new TemporaryFolder();
        var document = JsonNode.Parse(
            Program.Run("train", "mnist", "--steps", "20", "--out", folder["run"], "--json", "--no-figures").Ok()
        )!;
        Assert.Equal(60000, (int)document["data"]!["train_images"]!);
        Assert.InRange((double)document["val_loss"]!, 0.02, 0.1);
        Assert.Equal(9984, (int)document["val_images_whole_batches"]!);
    }
}
