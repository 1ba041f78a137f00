using Latent.Data;
using Latent.Models;
using Latent.Networks;
using Latent.Studio.Tests;
using Latent.Tests.Shared;
using Latent.Training;

[assembly: AssemblyFixture(typeof(SmallRuns))]

namespace Latent.Studio.Tests;

/// <summary>Small trainings on MNIST, made once for all tests: two planes and a code of ten numbers. Tests work on copies.</summary>
public sealed class SmallRuns : IDisposable
{
    private const int Images = 1024,
        Validation = 256;

    private readonly TemporaryFolder _folder = new();

    public SmallRuns()
    {
        var data = DataSets.Open("mnist");
        foreach (var (name, latent, seed) in (ReadOnlySpan<(string, int, int)>)[("plane", 2, 1), ("plane-b", 2, 2), ("ten", 10, 1)])
        {
            var run = RunFolder.Create(_folder[name]);
            var model = new Autoencoder(Article.Encoder(latent), Article.Decoder(latent), seed);
            var options = Recipes.ByName("fast", latent) with
            {
                Epochs = 3,
                Seed = seed,
                Callbacks = [new RunRecorder(run, RunRecorder.Describe(data, "mnist"))],
            };
            model.Fit(data.Train.Take(Images), data.Test.Take(Validation), options);
            File.WriteAllText(run.ReportPath, $"<!DOCTYPE html><title>{name}</title><h1>Report of {name}</h1>");
        }
    }

    /// <summary>A folder of runs of one's own.</summary>
    /// <param name="names">Which of the runs, and under which name: "plane", or "plane>copy".</param>
    public CopiedRuns Copy(params ReadOnlySpan<string> names)
    {
        var copy = new CopiedRuns();
        foreach (string name in names)
        {
            string[] parts = name.Split('>');
            copy.Add(_folder[parts[0]], parts[^1]);
        }
        return copy;
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>A folder "runs" in a temporary one.</summary>
public sealed class CopiedRuns : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CopiedRuns() => Directory.CreateDirectory(Path);

    /// <summary>The folder of runs.</summary>
    public string Path => _folder["runs"];

    /// <summary>A place beside the folder of runs.</summary>
    public string Beside(string name) => _folder[name];

    /// <summary>A run's folder.</summary>
    public string this[string run] => System.IO.Path.Combine(Path, run);

    public string Add(string source, string name)
    {
        Directory.CreateDirectory(this[name]);
        foreach (string file in Directory.EnumerateFiles(source))
            File.Copy(file, System.IO.Path.Combine(this[name], System.IO.Path.GetFileName(file)));
        return this[name];
    }

    /// <summary>Cuts a run's model in half.</summary>
    public void Damage(string run)
    {
        string model = System.IO.Path.Combine(this[run], ModelFile.FileName);
        byte[] bytes = File.ReadAllBytes(model);
        File.WriteAllBytes(model, bytes[..(bytes.Length / 2)]);
    }

    public void Dispose() => _folder.Dispose();
}
