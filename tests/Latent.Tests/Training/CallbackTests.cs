using Latent.Models;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

public sealed class CallbackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Autoencoder _model = FakeSteps.Model();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ModelCheckpoint_saves_every_epoch_under_its_name()
    {
        Run([0.5, 0.25, 0.125], new ModelCheckpoint(_folder["models/{epoch:02d}-{val_loss:.2f}.safetensors"]));
        Assert.Equal(["01-0.50.safetensors", "02-0.25.safetensors", "03-0.12.safetensors"], Files("models"));
        var second = Autoencoder.Open(_folder["models/02-0.25.safetensors"]);
        Assert.Equal((2f, 2, 0.25), (second.Weights.Values[0], second.Info.Epoch, second.Info.ValLoss));
    }

    [Fact]
    public void ModelCheckpoint_saves_the_best_only_where_asked()
    {
        Run([0.5, 0.5, 0.2, 0.3], new ModelCheckpoint(_folder["{epoch}.safetensors"]) { SaveBestOnly = true });
        Assert.Equal(["1.safetensors", "3.safetensors"], Files(""));
    }

    [Fact]
    public void ModelCheckpoint_saves_only_what_beats_the_threshold()
    {
        var callback = new ModelCheckpoint(_folder["{epoch}.safetensors"]) { SaveBestOnly = true, InitialValueThreshold = 0.25 };
        Run([0.5, 0.2, 0.3], callback);
        Assert.Equal(["2.safetensors"], Files(""));
        Assert.Equal(0.2, callback.Best);
    }

    [Fact]
    public void ModelCheckpoint_prefers_high_numbers_where_asked()
    {
        var callback = new ModelCheckpoint(_folder["{epoch}.safetensors"]) { SaveBestOnly = true, Mode = MonitorMode.Max };
        Run([0.5, 0.2, 0.6], callback);
        Assert.Equal(["1.safetensors", "3.safetensors"], Files(""));
    }

    [Fact]
    public void ModelCheckpoint_warns_and_saves_where_the_number_is_missing()
    {
        var callback = new ModelCheckpoint(_folder["{epoch}.safetensors"])
        {
            SaveBestOnly = true,
            Monitor = "psnr",
            Mode = MonitorMode.Max,
        };
        var result = Run([0.5, 0.6], callback);
        Assert.Equal(["1.safetensors", "2.safetensors"], Files(""));
        Assert.Equal(2, result.Warnings.Count);
    }

    [Fact]
    public void ModelCheckpoint_saves_weights_alone_where_asked()
    {
        Run([0.5], new ModelCheckpoint(_folder["w.safetensors"]) { SaveWeightsOnly = true });
        var file = SafeTensors.Read(_folder["w.safetensors"]);
        string[] names = [.. _model.Weights.Layout.Parameters.Select(p => p.Name).Order(StringComparer.Ordinal)];
        Assert.True(names.AsSpan().SequenceEqual([.. file.Tensors.Keys.Order(StringComparer.Ordinal)]));
        Assert.Equal("latent.version", Assert.Single(file.Metadata).Key);
        var other = FakeSteps.Model();
        ModelFile.LoadWeights(_folder["w.safetensors"], other.Weights);
        Assert.Equal(1, other.Weights.Values[0]);
    }

    [Fact]
    public void ModelCheckpoint_says_which_name_is_unknown()
    {
        var e = Assert.Throws<LatentException>(() => Run([0.5], new ModelCheckpoint(_folder["{psnr:.2f}.safetensors"])));
        Assert.Contains("'psnr'", e.Message);
        Assert.Contains("loss, val_loss", e.Message);
    }

    [Theory]
    [InlineData("{epoch:02d}-{val_loss:.2f}", "07-0.12")]
    [InlineData("{epoch}", "7")]
    [InlineData("{epoch:3d}", "  7")]
    [InlineData("{epoch:.1f}", "7.0")]
    [InlineData("{loss}", "0.0625")]
    [InlineData("{loss:08.3f}", "0000.062")]
    [InlineData("{val_loss:.2e}", "1.25e-01")]
    [InlineData("{{epoch}}", "{epoch}")]
    [InlineData("{loss:f}", "0.062500")]
    public void File_names_have_Pythons_formats(string template, string expected)
    {
        Assert.Null(FileNameTemplate.Problem(template));
        var logs = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = 0.0625, ["val_loss"] = 0.125 };
        Assert.Equal(expected, FileNameTemplate.Fill(template, 7, logs));
    }

    [Theory]
    [InlineData("{epoch:x}")]
    [InlineData("{epoch")]
    [InlineData("epoch}")]
    [InlineData("{}")]
    [InlineData("{val loss}")]
    public void Bad_placeholders_are_found_before_the_training(string template) => Assert.NotNull(FileNameTemplate.Problem(template));

    [Fact]
    public void CSVLogger_writes_sorted_columns_from_epoch_0()
    {
        Run([0.5, 0.25], new CSVLogger(_folder["log.csv"]));
        Assert.Equal("epoch,loss,val_loss\n0,1,0.5\n1,1,0.25\n", Text("log.csv"));
    }

    [Fact]
    public void CSVLogger_keeps_the_first_epochs_columns()
    {
        var extra = new LambdaCallback { EpochEnd = c => c.Logs[c.Epoch == 0 ? "a" : "b"] = c.Epoch };
        Run([0.5, 0.25], extra, new CSVLogger(_folder["log.csv"]) { Separator = ";" });
        Assert.Equal("epoch;a;loss;val_loss\n0;0;1;0.5\n1;NA;1;0.25\n", Text("log.csv"));
    }

    [Fact]
    public void CSVLogger_adds_to_a_file_where_asked_and_else_starts_anew()
    {
        Run([0.5], new CSVLogger(_folder["log.csv"]));
        Run([0.25], new CSVLogger(_folder["log.csv"]) { Append = true });
        Assert.Equal("epoch,loss,val_loss\n0,1,0.5\n0,1,0.25\n", Text("log.csv"));
        Run([0.125], new CSVLogger(_folder["log.csv"]));
        Assert.Equal("epoch,loss,val_loss\n0,1,0.125\n", Text("log.csv"));
    }

    [Fact]
    public void CSVLogger_that_cannot_write_says_so_before_the_first_step()
    {
        File.WriteAllText(_folder["file"], "");
        var steps = new FakeSteps(_model);
        Assert.Throws<LatentException>(() =>
            FakeSteps.Run(_model, steps, 4, new() { Callbacks = [new CSVLogger(_folder["file/log.csv"])] })
        );
        Assert.Empty(steps.Batches);
    }

    private TrainingResult Run(double?[] curve, params Callback[] callbacks) =>
        FakeSteps.Run(_model, new FakeSteps(_model, valLoss: e => curve[e]), 4, new() { Epochs = curve.Length, Callbacks = callbacks });

    private string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(_folder[folder]).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    private string Text(string name) => File.ReadAllText(_folder[name]);
}
