using Latent.Bench.Shared;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Latent.Bench.Peers;

/// <summary>TorchSharp as a side: all images lie in memory as floats, a batch is a view of some of them.</summary>
internal sealed class TorchSide(bool tuned) : ISide
{
    private readonly Dictionary<TrainingSetup, Trained> _trainings = [];
    private Case? _case;
    private Tensor? _images,
        _codes,
        _order;
    private Sequential? _encoder,
        _decoder;
    private int _position;

    public string Version =>
        $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}, libtorch {torch.__version__}, .NET {Environment.Version}";

    private Case Of => _case ?? throw new NotSupportedException("needs 'open' first");

    public void Open(Case what)
    {
        _case = what;
        int[] input = what.Input;
        set_num_threads(Environment.ProcessorCount);
        // channels-last images are a view of the numbers as they come; otherwise they are laid out as torch has them
        var images = TorchNetwork.FromImages(tensor(what.Floats(0, what.ImageCount), [what.ImageCount, input[0], input[1], input[2]]));
        _images = tuned ? images : images.contiguous();
        _codes = tensor(what.Codes, [what.Codes.Length / what.CodeSize, what.CodeSize]);
        (_encoder, _decoder) = Networks();
    }

    public double[] Losses(TrainingSetup training, int steps)
    {
        using var trained = New(training);
        return [.. Enumerable.Range(0, steps).Select(_ => trained.Step())];
    }

    public double[] Train(TrainingSetup training, int steps)
    {
        if (!_trainings.TryGetValue(training, out var trained))
            _trainings[training] = trained = New(training);
        if (training.Threads > 0 && get_num_threads() != training.Threads)
            set_num_threads(training.Threads);
        return SideLoop.Times(steps, () => trained.Step());
    }

    public float[] Outputs(Part part, int count)
    {
        using var scope = NewDisposeScope();
        using var off = inference_mode();
        var output = Forward(part, Inputs(part, count));
        return (part == Part.Encode ? output : TorchNetwork.ToImages(output)).contiguous().data<float>().ToArray();
    }

    public double[] Run(Part part, int batch, int calls)
    {
        using var scope = NewDisposeScope();
        using var off = inference_mode();
        var input = Inputs(part, batch);
        return SideLoop.Times(
            calls,
            () =>
            {
                using var call = NewDisposeScope();
                Forward(part, input);
            }
        );
    }

    public double[] Load(int batch, int calls)
    {
        int[] input = Of.Input;
        using var pixels = tensor(Of.Images, [Of.ImageCount, input[0], input[1], input[2]]);
        return SideLoop.Times(
            calls,
            () =>
            {
                using var call = NewDisposeScope();
                if (_order is null || _position + batch > Of.ImageCount)
                {
                    _order?.Dispose();
                    _order = randperm(Of.ImageCount).DetachFromDisposeScope();
                    _position = 0;
                }
                pixels.index_select(0, _order.narrow(0, _position, batch)).to(ScalarType.Float32).div_(255f);
                _position += batch;
            }
        );
    }

    private Tensor Inputs(Part part, int count) => (part == Part.Decode ? _codes! : _images!).narrow(0, 0, count);

    private Tensor Forward(Part part, Tensor input) =>
        part switch
        {
            Part.Encode => _encoder!.forward(input),
            Part.Decode => _decoder!.forward(input),
            _ => _decoder!.forward(_encoder!.forward(input)),
        };

    private Trained New(TrainingSetup training)
    {
        if (training.Optimizer != "rmsprop")
            throw new NotSupportedException($"has no optimizer '{training.Optimizer}' here");
        var (encoder, decoder) = Networks();
        return new(Sequential(encoder, decoder), _images!, training);
    }

    private (Sequential Encoder, Sequential Decoder) Networks()
    {
        Sequential encoder = TorchNetwork.Of(Of.Encoder),
            decoder = TorchNetwork.Of(Of.Decoder);
        int most = tuned ? int.MaxValue : TorchNetwork.FewChannels;
        TorchNetwork.MakeChannelsLast(encoder, most);
        TorchNetwork.MakeChannelsLast(decoder, most);
        return (encoder, decoder);
    }

    private sealed class Trained(Sequential model, Tensor images, TrainingSetup training) : IDisposable
    {
        private readonly RMSProp _optimizer = optim.RMSProp(model.parameters().ToArray(), training.Rate, alpha: 0.9, eps: training.Epsilon);
        private long _next;

        public double Step()
        {
            using var scope = NewDisposeScope();
            if (_next + training.Batch > images.shape[0])
                _next = 0;
            var x = images.narrow(0, _next, training.Batch);
            _next += training.Batch;
            _optimizer.zero_grad();
            var loss = functional.mse_loss(model.forward(x), x);
            loss.backward();
            _optimizer.step();
            return loss.item<float>();
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            model.Dispose();
        }
    }
}
