using System.Text.Json.Nodes;
using Latent.Formats;
using Latent.Models;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Cli.Tests.Use;

/// <summary>Files of Keras in every command, and runs made of them.</summary>
public sealed class KerasTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Interop(string name) => Path.Combine(Repository.Root, "tests", "interop", name);

    private static string Golden(string name) => Path.Combine(Repository.Root, "tests", "golden", "golden", name);

    [Theory]
    [InlineData("keras2_seed_z2.h5")]
    [InlineData("keras3_seed_z2.keras")]
    public void An_imported_model_opens_in_every_command(string name)
    {
        string data = SmallData.Mnist(_folder["digits"]),
            run = _folder["run"];
        string said = Program.Run("import", Interop(name), "--data", data, "--out", run).Ok();
        Assert.Contains("code of 2 behind 'dense", said, StringComparison.Ordinal);
        Assert.Contains("val_loss", said, StringComparison.Ordinal);

        var info = RunFolder.Open(run).ReadInfo();
        Assert.Equal("digits", info.Data?.Name);
        Assert.Equal(2, info.LatentSize);
        Assert.Equal(info.EncoderParameters + info.DecoderParameters, Autoencoder.Open(run).Weights.Layout.Count);
        Assert.InRange(info.BestValLoss!.Value, 1e-4, 1);

        Program.Run("summary", run).Ok();
        Program.Run("encode", run, data, "--count", "5", "--out", _folder["codes.csv"]).Ok();
        Program.Run("decode", run, _folder["codes.csv"], "--out", _folder["decoded.png"]).Ok();
        Program.Run("reconstruct", run, data, "--count", "5", "--out", _folder["again.png"]).Ok();
        Program.Run("export", run, "--html", _folder["page.html"], "-n", "10").Ok();
        Program.Run("export", run, "--onnx", _folder["onnx"]).Ok();
        Program.Run("show", run).Ok();
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
        Program.Run("train", data, "--init", run, "--steps", "2", "--no-figures", "--out", _folder["further"]).Ok();
        Assert.True(File.Exists(_folder["further/model.safetensors"]));
    }

    [Fact]
    public void A_file_of_Keras_opens_in_every_command_as_it_is()
    {
        string data = SmallData.Mnist(_folder["digits"]),
            model = Interop("keras3_seed_z10.keras");
        Assert.Contains("conv2d_6", Program.Run("summary", model).Ok(), StringComparison.Ordinal);
        Program.Run("encode", model, data, "--count", "5", "--out", _folder["codes.csv"]).Ok();
        Program.Run("decode", model, _folder["codes.csv"], "--out", _folder["decoded.png"]).Ok();
        Program.Run("reconstruct", model, data, "--count", "5", "--out", _folder["again.png"]).Ok();
        Program.Run("export", model, "--html", _folder["page.html"], "--data", data, "-n", "10").Ok();
        Program.Run("train", data, "--init", model, "--latent", "10", "--steps", "2", "--no-figures", "--out", _folder["run"]).Ok();
    }

    [Fact]
    public void Predict_needs_no_split()
    {
        string model = Interop("keras2_seed_z2_decoder.h5");
        var io = SafeTensors.Read(Interop("keras2_seed_z2_decoder_io.safetensors")).Tensors;
        Npy.Write(_folder["x.npy"], io["x"].ToFloats(), [.. io["x"].Shape]);
        Assert.Contains(
            "through the model",
            Program.Run("predict", model, "-i", _folder["x.npy"], "-o", _folder["y.npy"]).Ok(),
            StringComparison.Ordinal
        );
        Near.Absolute(io["y"].ToFloats(), Npy.Read(_folder["y.npy"]).Data, 1e-5, "y");
        Assert.Contains("decoder", Program.Run("summary", model).Ok(), StringComparison.Ordinal);

        string said = Program.Run("encode", model, _folder["x.npy"]).Failed();
        Assert.Contains("latent predict", said, StringComparison.Ordinal);
        said = Program.Run("import", model, "--out", _folder["run"]).Failed();
        Assert.Contains("latent predict", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public void A_part_of_a_file_of_Keras_predicts_too()
    {
        string model = Interop("keras3_seed_z2.h5");
        Npy.Write(_folder["z.npy"], [0.5f, -1, 2, 0], 2, 2);
        Program.Run("predict", model, "-i", _folder["z.npy"], "-o", _folder["y.npy"], "--part", "decoder").Ok();
        Assert.Equal(KerasModel.Open(model).ToAutoencoder().Decode([0.5f, -1, 2, 0]), Npy.Read(_folder["y.npy"]).Data);
    }

    [Fact]
    public void Import_splits_where_it_is_told_and_writes_a_file()
    {
        string file = _folder["model.safetensors"];
        var document = JsonNode.Parse(
            Program.Run("import", Interop("keras3_dense_sequential.keras"), "--code", "dense_6", "--out", file, "--json").Ok()
        )!;
        Assert.Equal(128, (int)document["latent"]!);
        Assert.Equal("dense_6", (string)document["code_layer"]!);
        Assert.Equal(128, Autoencoder.Open(file).LatentSize);
        string said = Program.Run("import", Interop("keras3_dense_sequential.keras"), "--code", "dense_66", "--out", file).Failed();
        Assert.Contains("did you mean 'dense_6'", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_of_another_size_is_refused_before_anything_is_written()
    {
        string data = SmallData.OfSize(_folder["large"], 32, 32);
        Assert.Contains(
            "another size",
            Program.Run("import", Interop("keras3_seed_z2.keras"), "--data", data, "--out", _folder["run"]).Failed(),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Theory]
    [InlineData("model.keras", "model-encoder.keras", "model-decoder.keras")]
    [InlineData("model.h5", "model-encoder.h5", "model-decoder.h5")]
    [InlineData("folder", "folder/encoder.keras", "folder/decoder.keras")]
    public void A_run_becomes_three_models_of_Keras(string path, string encoder, string decoder)
    {
        string run = _folder["run"];
        Program.Run("import", Interop("keras3_seed_z2.keras"), "--out", run).Ok();
        var document = JsonNode.Parse(Program.Run("export", run, "--keras", _folder[path], "--json").Ok())!;
        string whole = path == "folder" ? _folder["folder/autoencoder.keras"] : _folder[path];
        Assert.Equal(whole, (string)document["keras"]!["autoencoder"]!);
        var model = Autoencoder.Open(run);
        float[] x = [.. Enumerable.Range(0, 784).Select(i => i % 256 / 255f)];
        Assert.Equal(model.Reconstruct(x), KerasModel.Open(whole).Predict(x));
        float[] code = KerasModel.Open(_folder[encoder]).Predict(x);
        Assert.Equal(model.Encode(x), code);
        Assert.Equal(model.Decode(code), KerasModel.Open(_folder[decoder]).Predict(code));
        Assert.Equal(2, Program.Run("export", run, "--keras", _folder["model.hdf5"]).Code);
    }

    [Fact]
    public void A_training_goes_on_with_the_optimizer_of_the_file()
    {
        string data = SmallData.Mnist(_folder["digits"]);
        foreach (string name in (string[])["z10_step100.h5", "z10_step100.keras"])
        {
            string run = _folder[$"run-{name}"];
            Program
                .Run(
                    "train",
                    data,
                    "--init",
                    Golden(name),
                    "--init-optimizer",
                    "--steps",
                    "3",
                    "--batch",
                    "64",
                    "--no-figures",
                    "--out",
                    run
                )
                .Ok();
            var options = RunFolder.Open(run).ReadInfo().Options;
            Assert.Equal("rmsprop", (string)options["optimizer"]!["name"]!);
            Assert.Equal(3e-4, (double)options["optimizer"]!["learning_rate"]!, 1e-7);
            Assert.Equal("constant", (string)options["schedule"]!["name"]!);
            // resumed from its own state, which has the memory
            using var saved = SavedTraining.Open(run);
            Assert.Equal(3, saved.Steps);
        }
        var result = Program.Run("train", data, "--init-optimizer");
        Assert.Equal(2, result.Code);
        Assert.Contains("--init-optimizer needs --init", result.Error, StringComparison.Ordinal);
        result = Program.Run("train", data, "--init", Golden("z10_step100.h5"), "--init-optimizer", "--optimizer", "adam");
        Assert.Equal(2, result.Code);
        Assert.Contains("--optimizer and --init-optimizer exclude each other", result.Error, StringComparison.Ordinal);
        string said = Program
            .Run("train", data, "--init", Interop("keras3_seed_z10.keras"), "--init-optimizer", "--out", _folder["none"])
            .Failed();
        Assert.Contains("no optimizer", said, StringComparison.Ordinal);
    }
}
