using System.Diagnostics;
using Latent.Engine;
using Latent.Engine.Kernels;
using Latent.Engine.Operations;
using Latent.Networks;

namespace Latent.Bench;

/// <summary>
/// Where the time of a training step goes, operation by operation on one thread, and which share of the machine's limit each reaches. A step is
/// run as the engine runs it, chunk by chunk, so that its memory is as warm or cold as there; the least of many steps counts.
/// </summary>
internal static unsafe class Profile
{
    private const int Batch = 64;

    public static void Run(TextWriter to, string title, ParameterLayout layout, int steps)
    {
        double limit = FmaLimit.PerCore();
        var rows = Measure(layout, steps, out double whole);
        to.WriteLine($"{title}: one thread, batch {Batch}, {limit:F0} GFLOP/s is the limit of a core");
        to.WriteLine();
        to.WriteLine("| operation | forward µs | back µs | multiply-adds | GFLOP/s | of the limit |");
        to.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var row in rows)
            Write(to, row, limit);
        var sum = new Row("sum of an image", rows.Sum(r => r.Forward), rows.Sum(r => r.Back), rows.Sum(r => r.MultiplyAdds));
        Write(to, sum, limit);
        to.WriteLine(
            $"| the whole step, an image's part of it | {whole:F2} | | {sum.MultiplyAdds:N0} | {2e-3 * sum.MultiplyAdds / whole:F0} | {2e-3 * sum.MultiplyAdds / whole / limit:P0} |"
        );
    }

    private static void Write(TextWriter to, Row row, double limit)
    {
        double speed = 2e-3 * row.MultiplyAdds / (row.Forward + row.Back);
        to.WriteLine(
            row.MultiplyAdds == 0
                ? $"| {row.Name} | {row.Forward:F2} | {row.Back:F2} | | | |"
                : $"| {row.Name} | {row.Forward:F2} | {row.Back:F2} | {row.MultiplyAdds:N0} | {speed:F0} | {speed / limit:P0} |"
        );
    }

    // Microseconds of an image.
    private static List<Row> Measure(ParameterLayout layout, int steps, out double whole)
    {
        var weights = new WeightStore(layout);
        weights.Initialize(1);
        var plan = Plan.Compile(layout, 0, layout.Networks.Length, training: true);
        var packed = new PackedWeights(plan);
        var workspace = new Workspace(plan);
        var optimizer = new OptimizerState(new RMSprop(3e-4f), layout);
        int chunks = Chunks.Of(Batch),
            stride = layout.Length + 80,
            count = plan.Operations.Length,
            size = plan.Output.Shape.Size;
        FloatBuffer gradients = new(stride * chunks),
            target = new(size + 16);
        var bytes = new byte[Batch * plan.Input.Shape.Size];
        var random = new RandomStream(1, "bench/profile");
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)random.Next(256);
        double[] forward = new double[count],
            back = new double[count],
            others = new double[5],
            least = Enumerable.Repeat(double.MaxValue, 2 * count + others.Length + 1).ToArray();
        packed.Refresh(weights);
        fixed (byte* pixels = bytes)
        {
            var batch = new Batch { Bytes = pixels, Size = plan.Input.Shape.Size };
            for (int step = 0; step < steps; step++)
            {
                Array.Clear(forward);
                Array.Clear(back);
                Array.Clear(others);
                long begin = Stopwatch.GetTimestamp(),
                    at = begin;
                for (int chunk = 0; chunk < chunks; chunk++)
                {
                    var frame = workspace.Frame(weights, packed, gradients.Pointer + (nint)chunk * stride);
                    int end = Chunks.First(chunk + 1, chunks, Batch);
                    frame.First = Chunks.First(chunk, chunks, Batch);
                    for (; frame.First < end; frame.First += frame.Images, frame.FirstGroup = false)
                    {
                        frame.Images = Math.Min(plan.Group, end - frame.First);
                        for (int n = 0; n < frame.Images; n++)
                            batch.Load(frame.First + n, frame.Of(plan.Input, n), plan.Input);
                        Lap(ref others[0], ref at);
                        for (int i = 0; i < plan.Tail; i++)
                        {
                            plan.Operations[i].Run(frame);
                            Lap(ref forward[i], ref at);
                        }
                        foreach (var part in frame.Parts(plan.Part))
                        {
                            for (int i = plan.Tail; i < count; i++)
                            {
                                plan.Operations[i].Run(part);
                                Lap(ref forward[i], ref at);
                            }
                            for (int n = 0; n < part.Images; n++)
                                Compare(part, n);
                            Lap(ref others[1], ref at);
                            for (int i = count - 1; i >= plan.Tail; i--)
                            {
                                plan.Operations[i].RunBackward(part);
                                Lap(ref back[i], ref at);
                            }
                        }
                        for (int i = plan.Tail - 1; i >= 0; i--)
                        {
                            plan.Operations[i].RunBackward(frame);
                            Lap(ref back[i], ref at);
                        }
                    }
                    foreach (var operation in plan.Operations)
                        operation.FinishChunk(frame);
                    Lap(ref others[2], ref at);
                }
                optimizer.Begin(weights, gradients.Pointer, chunks, stride, 1);
                for (int task = 0; task < optimizer.Tasks; task++)
                    optimizer.Run(task, 0);
                optimizer.End(weights);
                Lap(ref others[3], ref at);
                packed.Refresh(weights);
                Lap(ref others[4], ref at);
                double all = Microseconds(at - begin);
                if (step < steps / 3)
                    continue;
                foreach (var (i, time) in forward.Concat(back).Concat(others).Append(all).Index())
                    least[i] = Math.Min(least[i], time / Batch);
            }

            // the mean squared error, near enough: what it costs
            void Compare(in Frame f, int n)
            {
                batch.Load(f.First + n, 0, Math.Min(size, batch.Size), target.Pointer);
                Losses.Sum(new MeanSquaredError(), f.Of(plan.Output, n), target.Pointer, target.Pointer, 1e-5f, plan.Output.Shape);
                var gradient = plan.OutputGradient!;
                for (int run = 0; run < gradient.Runs; run++)
                    Arrays.Copy(
                        target.Pointer + run * gradient.RunLength,
                        f.Of(gradient, n) + (nint)run * gradient.RowStride,
                        gradient.RunLength
                    );
            }
        }
        GC.KeepAlive((packed, gradients, workspace, target, weights));
        whole = least[^1];
        var rows = new List<Row>();
        for (int i = 0; i < count; i++)
        {
            var operation = plan.Operations[i];
            rows.Add(new(operation.Describe(), least[i], least[count + i], operation.MultiplyAddsOfStep));
        }
        foreach (var (i, name) in ((string[])["loading", "loss", "finishing the chunks", "RMSprop", "packing"]).Index())
            rows.Add(i < 2 ? new(name, least[2 * count + i], 0, 0) : new(name, 0, least[2 * count + i], 0));
        return rows;
    }

    private static void Lap(ref double sum, ref long at)
    {
        long now = Stopwatch.GetTimestamp();
        sum += Microseconds(now - at);
        at = now;
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    private sealed record Row(string Name, double Forward, double Back, long MultiplyAdds);
}
