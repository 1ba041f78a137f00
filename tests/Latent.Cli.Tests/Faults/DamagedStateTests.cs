using Latent.Models;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Faults;

/// <summary>A state that is damaged in any way: the message says what is lost, and the model stays usable.</summary>
public sealed class DamagedStateTests : IClassFixture<DamagedStateTests.StoppedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoppedRun _stopped;
    private readonly string _run,
        _state;

    public DamagedStateTests(StoppedRun stopped)
    {
        _stopped = stopped;
        _run = _folder["run"];
        _state = Path.Combine(_run, RunFiles.State);
        Copy(stopped.Run, _run);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A training that was stopped within its third epoch.</summary>
    public sealed class StoppedRun : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public StoppedRun()
        {
            Data = SmallData.Mnist(_folder["digits"]);
            Stop(Run);
            Stop(Other, "--seed", "5");
            Stop(Longer, "--latent", "3");
            Content = File.ReadAllBytes(Path.Combine(Run, RunFiles.State));
        }

        public string Data { get; }

        public string Run => _folder["run"];

        /// <summary>The same with other chances.</summary>
        public string Other => _folder["other"];

        /// <summary>The same with another code.</summary>
        public string Longer => _folder["longer"];

        /// <summary>The state of <see cref="Run"/>.</summary>
        public byte[] Content { get; }

        private void Stop(string run, params string[] more)
        {
            using var stop = new CancellationTokenSource();
            string[] command = ["train", Data, "--out", run, "--epochs", "6", "--no-figures", .. more];
            Assert.Equal(130, Hooked.Run(Hooked.At("epoch=2/", stop.Cancel), stop.Token, command).Code);
        }

        public void Dispose() => _folder.Dispose();
    }

    [Fact]
    public void Whole_it_goes_on()
    {
        Program.Run("train", "--resume", _run, "--no-figures").Ok();
        Program.Run("train", _stopped.Data, "--out", _folder["whole"], "--epochs", "6", "--no-figures").Ok();
        RunFiles.AssertSame(_folder["whole"], _run);
    }

    [Fact]
    public void Cut_off_at_any_length()
    {
        byte[] content = _stopped.Content;
        int header = 8 + (int)BitConverter.ToInt64(content);
        var random = new Random(1);
        int[] lengths =
        [
            0,
            1,
            7,
            8,
            9,
            header - 1,
            header,
            header + 1,
            content.Length / 2,
            content.Length - 1,
            .. Enumerable.Range(0, 20).Select(_ => random.Next(header)),
            .. Enumerable.Range(0, 20).Select(_ => random.Next(content.Length)),
        ];
        foreach (int length in lengths)
        {
            File.WriteAllBytes(_state, content[..length]);
            Refused($"{length} bytes of {content.Length}");
        }
        StaysUsable();
    }

    [Fact]
    public void One_bit_flipped_anywhere()
    {
        byte[] content = [.. _stopped.Content];
        int header = 8 + (int)BitConverter.ToInt64(content);
        var random = new Random(2);
        for (int i = 0; i < 150; i++)
        {
            int place = random.Next(i % 2 == 0 ? header : content.Length);
            byte before = content[place];
            content[place] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(_state, content);
            Refused($"byte {place} is {content[place]} in place of {before}");
            content[place] = before;
        }
    }

    [Fact]
    public void Blocks_of_zeros_and_bytes_behind_its_end()
    {
        byte[] content = [.. _stopped.Content];
        Array.Clear(content, content.Length - 2 * 4096, 4096); // what a file system may leave of a page after a power cut
        File.WriteAllBytes(_state, content);
        Refused("a block of zeros");
        File.WriteAllBytes(_state, [.. _stopped.Content, 0]);
        Refused("one byte more");
        File.WriteAllBytes(_state, new byte[_stopped.Content.Length]);
        Refused("zeros");
    }

    [Fact]
    public void Missing_or_a_folder()
    {
        File.Delete(_state);
        Refused("missing");
        Directory.CreateDirectory(_state);
        Refused("a folder");
        StaysUsable();
    }

    [Fact]
    public void That_of_another_run()
    {
        File.Copy(Path.Combine(_stopped.Other, RunFiles.State), _state, overwrite: true);
        Assert.Contains("is that of another run (seed: 0 in run.json, 5 in the state)", Refused("another seed"));
        File.Copy(Path.Combine(_stopped.Longer, RunFiles.State), _state, overwrite: true);
        Assert.Contains("is that of another run (a code of 3 where the run has one of 10)", Refused("another code"));
        File.Copy(Path.Combine(_run, RunFiles.Model), _state, overwrite: true);
        Assert.Contains("it is no state of a training", Refused("a model"));
        StaysUsable();
    }

    /// <summary>The state is all that going on needs.</summary>
    [Fact]
    public void Alone_it_goes_on_whatever_happened_to_the_other_files()
    {
        foreach (string name in (string[])["run.json", "history.csv", RunFiles.Model])
            File.WriteAllText(Path.Combine(_run, name), "{");
        Program.Run("train", "--resume", _run, "--no-figures").Ok();
        Program.Run("train", _stopped.Data, "--out", _folder["whole"], "--epochs", "6", "--no-figures").Ok();
        RunFiles.AssertSame(_folder["whole"], _run);
        Copy(_stopped.Run, _folder["bare"], RunFiles.State);
        Program.Run("train", "--resume", _folder["bare"], "--no-figures").Ok();
        RunFiles.AssertSame(_folder["whole"], _folder["bare"]);
    }

    [Fact]
    public void Without_a_model_nothing_is_promised()
    {
        File.Delete(Path.Combine(_run, RunFiles.Model));
        File.WriteAllBytes(_state, _stopped.Content[..1000]);
        string error = OneMessage.Of(Program.Run("train", "--resume", _run), "there is no usable model yet");
        Assert.Contains($"train again: latent train {_stopped.Data} --out {_run} --overwrite", error);
        Program.Run("train", _stopped.Data, "--out", _run, "--overwrite", "--epochs", "1", "--no-figures").Ok();
    }

    /// <summary>The message of going on from a state that is no good.</summary>
    private string Refused(string why)
    {
        var result = Program.Run("train", "--resume", _run, "--no-figures");
        Assert.True(result.Code == 1, why);
        Assert.Equal("", result.Output);
        return OneMessage.Of(
            result,
            $"The training in '{_run}' cannot be resumed.",
            "lost are the latest weights, the optimizer's memory and the place in the training",
            "the model is whole, with the weights of epoch 2 (val_loss 0.",
            $"latent train {_stopped.Data} --init {_run}"
        );
    }

    private void StaysUsable()
    {
        Program.Run("reconstruct", _run, _stopped.Data, "--out", _folder["images.png"]).Ok();
        Program.Run("encode", _run, _stopped.Data, "--out", _folder["codes.csv"]).Ok();
        Program.Run("show", _run).Ok();
        Program.Run("train", _stopped.Data, "--init", _run, "--steps", "1", "--out", _folder["on"], "--no-figures").Ok();
        Assert.Equal(2, Autoencoder.Open(_run).Info.Epoch);
    }

    private static void Copy(string from, string to, string only = "*")
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from, only))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
