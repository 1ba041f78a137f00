// dotnet run -c Release --project bench/Latent.Bench -- [threads [batch [steps]]]
// dotnet run -c Release --project bench/Latent.Bench -- profile     time of each operation
// dotnet run -c Release --project bench/Latent.Bench -- parts [rounds]     each layer, loss and optimizer, fast and plain
// dotnet run -c Release --project bench/Latent.Bench -- saving [FOLDER]     what a run folder costs; FOLDER must not be in memory
// Time of a training step of the article's network on real MNIST, and of running it forward.
using System.Diagnostics;
using System.Runtime.Intrinsics;
using Latent.Bench;
using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;

if (args is ["profile", ..])
{
    Profile.Run(Console.Out, "article, z = 10", new ParameterLayout(Article.Encoder(10), Article.Decoder(10)), Argument(1, 1000));
    return;
}
if (args is ["parts", ..])
{
    Parts.Run(Argument(1, 5));
    return;
}
if (args is ["saving", ..])
{
    string folder = args.Length > 1 ? args[1] : Directory.CreateTempSubdirectory("latent-bench-").FullName;
    Saving.Run(DataSets.Open("mnist"), folder);
    return;
}
int threads = Argument(0, 0),
    batch = Argument(1, 64),
    steps = Argument(2, 600);
var (train, test) = Mnist.Load();
Console.WriteLine(
    $"vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits, {Environment.ProcessorCount} cores"
);
foreach (int latent in (int[])[10, 2])
foreach (Optimizer optimizer in (Optimizer[])[new RMSprop(3e-4f), new Muon()])
{
    var model = new Autoencoder(Article.Encoder(latent), Article.Decoder(latent), seed: 1);
    using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), optimizer, threads);
    var rows = new int[batch];
    var times = new double[steps];
    double loss = 0;
    for (int step = 0; step < steps; step++)
    {
        for (int i = 0; i < batch; i++)
            rows[i] = (step * batch + i) % train.Count;
        long start = Stopwatch.GetTimestamp();
        loss = program.Step(train, rows);
        times[step] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
    var steady = times[(steps / 3)..].Order().ToArray();
    Console.WriteLine(
        $"z={latent} {optimizer.Name, -8} threads={program.Threads} batch={batch}: min {steady[0]:F3} median {steady[steady.Length / 2]:F3} ms per step, first {times[0]:F0} ms, loss {loss:F6}"
    );
    if (optimizer is Muon)
    {
        long start = Stopwatch.GetTimestamp();
        double value = program.Evaluate(test);
        Console.WriteLine($"  evaluating {test.Count} images: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms, {value:F5}");
    }
}

int Argument(int index, int otherwise) => args.Length > index ? int.Parse(args[index]) : otherwise;
