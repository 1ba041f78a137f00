using System.Text;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Errors;

public sealed class WrongCommandLineTests
{
    private static readonly string[] s_lines =
    [
        "trian mnist",
        "train",
        "train mnist extra",
        "train mnist --lattent 5",
        "train --lattent 5 mnist",
        "train mnist --latent 0",
        "train mnist --latent ten",
        "train mnist --latent",
        "train mnist --epochs x",
        "train mnist --epochs 3 --epochs 4",
        "train mnist --epochs x --batch 0 --learning-rate -1 --optimizer adm",
        "train mnist --epochs 3 --steps 20",
        "train mnist --seed 1.5",
        "train mnist --learning-rate nan",
        "train mnist --patience never",
        "train mnist --recipe article --hold 0.2 --beta1 0.8",
        "train mnist --min-delta 0.001",
        "train mnist --overwrite",
        "train mnist --noise gauss:0.4",
        "train mnist --noise gaussian",
        "train mnist --noise gaussian:loud",
        "train mnist --noise gaussian:-1",
        "train mnist --noise salt-pepper:2",
        "train mnist --noise mask:2.5",
        "train mnist --noise mask:8:0",
        "train mnist --noise blur:1:2",
        "train mnist --flip sideways --shift 1.5 --brightness 2 --augment-noise -1",
        "train mnist --network convolutional --latent 5 --downsampling max-pooling",
        "train mnist --filters 8",
        "denoise runs/x",
        "denoise runs/x mnist --noise mask",
        "denoise runs/x mnist --seed 3",
        "denoise runs/x mnist --out clean.gif",
        "show",
        "show mnist --steps 51 --colormap rdylbu2 --format jpg",
        "show mnist --range 3 --round",
        "summary runs/x --latent 3 --image 28x28",
        "summary --image 28",
        "encode runs/x",
        "encode runs/x mnist --rond",
        "encode runs/x mnist --out codes.txt",
        "predict runs/x --part encodr",
        "decode runs/x",
        "decode runs/x 1 2 --out d.jpg",
        "reconstruct runs/x mnist --out pairs.webp",
        "predict runs/x --input x.npy --output y.txt",
        "summary --program --json",
    ];

    [Fact]
    public void Each_is_told_shortly_on_standard_error_with_exit_code_2()
    {
        var text = new StringBuilder();
        foreach (string line in s_lines)
        {
            var result = Program.Run(line.Split(' '));
            Assert.True(result.Code == 2, $"latent {line}: exit code {result.Code}\n{result.Error}");
            Assert.Equal("", result.Output);
            text.Append($"$ latent {line}\n{result.Error}\n");
        }
        Snapshot.Verify(text.ToString(), "tests/Latent.Cli.Tests/Snapshots/wrong-command-lines.txt");
    }

    [Fact]
    public void After_two_dashes_a_name_may_begin_with_one()
    {
        var result = Program.Run("summary", "--", "--model");
        Assert.Contains("There is no model '--model'", result.Failed());
    }

    [Fact]
    public void Help_does_not_mind_a_command_line_that_is_half_written() =>
        Assert.Contains("Usage: latent train [DATA]", Program.Run("train", "--latent", "0", "--help").Ok());

    [Fact]
    public void Completion_names_the_options() => Assert.Contains("--latent", Program.Run("[suggest:13]", "summary --lat").Ok());
}
