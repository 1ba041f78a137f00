using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Latent.Bench.Cases;
using Latent.Bench.Shared;
using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Training;

namespace Latent.Bench.Sides;

/// <summary>Latent as a side. Batches come from bytes here, within the measured step; the peers are given floats.</summary>
internal sealed class OwnSide : ISide, IDisposable
{
    private readonly Dictionary<TrainingSetup, Trained> _trainings = [];
    private Case? _case;
    private BenchNetwork? _network;
    private ImageSet? _images;
    private Autoencoder? _model;

    public string Version =>
        $"Latent {typeof(Autoencoder).Assembly.GetName().Version?.ToString(3)}, .NET {Environment.Version}, {Width} bits";

    /// <summary>The bits of the vectors that the engine computes with.</summary>
    public static int Width =>
        Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : 128;

    private Case Of => _case ?? throw new NotSupportedException("needs 'open' first");

    private Autoencoder Model => _model ??= Fresh();

    public void Open(Case what)
    {
        _case = what;
        _network = BenchNetwork.Named(what.Name);
        int[] input = what.Input;
        _images = ImageSet.FromPixels(what.Images, what.ImageCount, input[0], input[1], input[2]);
    }

    public double[] Losses(TrainingSetup training, int steps)
    {
        using var trained = new Trained(Fresh(), training);
        return [.. Enumerable.Range(0, steps).Select(_ => trained.Step(_images!))];
    }

    public double[] Train(TrainingSetup training, int steps)
    {
        if (!_trainings.TryGetValue(training, out var trained))
            _trainings[training] = trained = new(Fresh(), training);
        return SideLoop.Times(steps, () => trained.Step(_images!));
    }

    public float[] Outputs(Part part, int count) => Call(part, count)();

    public double[] Run(Part part, int batch, int calls)
    {
        var call = Call(part, batch);
        return SideLoop.Times(calls, () => call());
    }

    public unsafe double[] Load(int batch, int calls)
    {
        int[] rows = [.. Enumerable.Range(0, _images!.Count)];
        var random = new RandomStream(1, "bench/order");
        var numbers = new FloatBuffer(batch * Of.ImageSize);
        int position = rows.Length;
        fixed (byte* pixels = _images.Pixels)
        fixed (int* row = rows)
        {
            var images = Batch.Of(_images, pixels, row);
            return SideLoop.Times(
                calls,
                () =>
                {
                    if (position + batch > rows.Length)
                    {
                        random.Shuffle(rows.AsSpan());
                        position = 0;
                    }
                    for (int i = 0; i < batch; i++)
                        images.Load(position + i, 0, Of.ImageSize, numbers.Pointer + (nint)i * Of.ImageSize);
                    position += batch;
                }
            );
        }
    }

    public object Other(Request request) =>
        request.Word == "fit" ? TimeToLoss.Measure(request) : throw new NotSupportedException($"does not know '{request.Word}'");

    public void Dispose()
    {
        foreach (var trained in _trainings.Values)
            trained.Dispose();
    }

    private Func<float[]> Call(Part part, int count)
    {
        var images = _images!.Take(count);
        float[] codes = Of.Codes[..(count * Of.CodeSize)];
        var outputs = new float[count * (part == Part.Encode ? Of.CodeSize : Model.OutputShape.Size)];
        return () =>
        {
            switch (part)
            {
                case Part.Encode:
                    Model.Encode(images, outputs);
                    break;
                case Part.Decode:
                    Model.Decode(codes, outputs);
                    break;
                default:
                    Model.Reconstruct(images, outputs);
                    break;
            }
            return outputs;
        };
    }

    /// <summary>A model with the case's weights.</summary>
    private Autoencoder Fresh()
    {
        var model = new Autoencoder(_network!.Encoder, _network.Decoder);
        var numbers = Of.Encoder.Concat(Of.Decoder).SelectMany(layer => (float[][])[layer.Weights, layer.Bias]).Where(n => n.Length > 0);
        foreach (var (parameter, values) in model.Weights.Layout.Parameters.Zip(numbers))
            values.CopyTo(model.Weights[parameter]);
        model.Weights.Touch();
        return model;
    }

    /// <summary>A training in progress.</summary>
    private sealed class Trained(Autoencoder model, TrainingSetup training) : IDisposable
    {
        private readonly TrainingProgram _program = new(model.Weights, new MeanSquaredError(), OptimizerOf(training), training.Threads);
        private readonly int[] _rows = new int[training.Batch];
        private long _next;

        public double Step(ImageSet images)
        {
            for (int i = 0; i < _rows.Length; i++)
                _rows[i] = (int)((_next + i) % images.Count);
            _next += _rows.Length;
            return _program.Step(images, _rows);
        }

        public void Dispose() => _program.Dispose();

        // Keras's ε is inside the root, the peers' outside of it.
        private static Optimizer OptimizerOf(TrainingSetup training) =>
            training.Optimizer switch
            {
                "rmsprop" => new RMSprop((float)training.Rate, Epsilon: (float)(training.Epsilon * training.Epsilon)),
                "muon" => new Muon(),
                _ => throw new NotSupportedException($"has no optimizer '{training.Optimizer}' here"),
            };
    }
}
