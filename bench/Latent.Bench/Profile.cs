using System.Diagnostics;
using Latent.Data;
using Latent.Engine;
using Latent.Engine.Operations;
using Latent.Models;
using Latent.Networks;

namespace Latent.Bench;

/// <summary>Time of each operation of a training step, forward and backward, one thread; the least of many rounds.</summary>
internal static unsafe class Profile
{
    public static void Run(int latent, ImageSet train, int rounds)
    {
        var model = new Autoencoder(Article.Encoder(latent), Article.Decoder(latent), seed: 1);
        var plan = Plan.Compile(model.Weights.Layout, 0, 2, training: true);
        var packed = new PackedWeights(plan);
        var workspace = new Workspace(plan);
        var gradient = new FloatBuffer(model.Weights.Layout.Length);
        int count = plan.Operations.Length;
        double[] forward = Enumerable.Repeat(double.MaxValue, count).ToArray(),
            backward = [.. forward],
            whole = [double.MaxValue, double.MaxValue, double.MaxValue];
        packed.Refresh(model.Weights);
        fixed (byte* pixels = train.Pixels)
        {
            var batch = new Batch { Bytes = pixels, Size = train.Shape.Size };
            var frame = workspace.Frame(model.Weights, packed, gradient.Pointer);
            frame.Images = plan.Group;
            for (int round = 0; round < rounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int n = 0; n < plan.Group; n++)
                    batch.Load(n, frame.Of(plan.Input, n), plan.Input);
                Keep(ref whole[0], start);
                for (int i = 0; i < count; i++)
                {
                    start = Stopwatch.GetTimestamp();
                    plan.Operations[i].Run(frame);
                    Keep(ref forward[i], start);
                }
                for (int i = count - 1; i >= 0; i--)
                {
                    start = Stopwatch.GetTimestamp();
                    plan.Operations[i].RunBackward(frame);
                    Keep(ref backward[i], start);
                }
                start = Stopwatch.GetTimestamp();
                foreach (var operation in plan.Operations)
                    operation.FinishChunk(frame);
                Keep(ref whole[2], start);
                start = Stopwatch.GetTimestamp();
                foreach (var (operation, part) in packed.Parts)
                    operation.Pack(part, frame.Weights, frame.Packed);
                Keep(ref whole[1], start);
            }
        }
        GC.KeepAlive((packed, gradient, workspace));
        double perImage = 1.0 / plan.Group;
        Console.WriteLine("microseconds per image, one thread, least of all rounds");
        for (int i = 0; i < count; i++)
            Console.WriteLine($"{forward[i] * perImage, 8:F2} {backward[i] * perImage, 8:F2}  {plan.Operations[i].Describe()}");
        Console.WriteLine(
            $"{forward.Sum() * perImage, 8:F2} {backward.Sum() * perImage, 8:F2}  sum; loading {whole[0] * perImage:F2}; packing {whole[1]:F1} a step, finishing {whole[2]:F1} a chunk"
        );
    }

    private static void Keep(ref double least, long start) => least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
}
