using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Use;

/// <summary>A run of a few steps on the first images of MNIST, made once for the tests of its class.</summary>
public sealed class Trained : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Trained()
    {
        Data = SmallData.Mnist(this["digits"]);
        Run = this["run"];
        Output = Program.Run("train", Data, "--latent", "2", "--steps", "6", "--out", Run, "--log-steps").Ok();
    }

    public string Data { get; }

    public string Run { get; }

    /// <summary>What the training printed.</summary>
    public string Output { get; }

    /// <summary>A path in the temporary folder.</summary>
    public string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();
}
