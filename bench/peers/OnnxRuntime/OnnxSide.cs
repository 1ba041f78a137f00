using Latent.Bench.Shared;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Bench.Peers;

/// <summary>ONNX Runtime as a side: a session for each part, as many threads as cores.</summary>
internal sealed class OnnxSide : ISide, IDisposable
{
    private readonly Dictionary<Part, InferenceSession> _sessions = [];
    private readonly RunOptions _run = new();
    private Case? _case;

    public string Version => $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, .NET {Environment.Version}";

    private Case Of => _case ?? throw new NotSupportedException("needs 'open' first");

    public void Open(Case what)
    {
        _case = what;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = Environment.ProcessorCount,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _sessions[Part.Encode] = new(OnnxModel.Of(what.Encoder), options);
        _sessions[Part.Decode] = new(OnnxModel.Of(what.Decoder), options);
        _sessions[Part.Reconstruct] = new(OnnxModel.Of([.. what.Encoder, .. what.Decoder]), options);
    }

    public double[] Losses(TrainingSetup training, int steps) => throw new NotSupportedException("does not train");

    public double[] Train(TrainingSetup training, int steps) => throw new NotSupportedException("does not train");

    public double[] Load(int batch, int calls) => throw new NotSupportedException("does not load");

    public float[] Outputs(Part part, int count)
    {
        using var input = Input(part, count);
        using var outputs = Call(part, input);
        float[] numbers = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        if (part == Part.Encode)
            return numbers;
        int[] from = OnnxModel.ChannelsFirst(Of.Input);
        var images = new float[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
            images[i / from.Length * from.Length + from[i % from.Length]] = numbers[i];
        return images;
    }

    public double[] Run(Part part, int batch, int calls)
    {
        using var input = Input(part, batch);
        return SideLoop.Times(calls, () => Call(part, input).Dispose());
    }

    public void Dispose()
    {
        foreach (var session in _sessions.Values)
            session.Dispose();
        _run.Dispose();
    }

    private IDisposableReadOnlyCollection<OrtValue> Call(Part part, OrtValue input)
    {
        var session = _sessions[part];
        return session.Run(_run, [OnnxModel.Input], [input], session.OutputNames);
    }

    private OrtValue Input(Part part, int count)
    {
        if (part == Part.Decode)
            return OrtValue.CreateTensorValueFromMemory(Of.Codes[..(count * Of.CodeSize)], [count, Of.CodeSize]);
        int[] from = OnnxModel.ChannelsFirst(Of.Input);
        float[] images = Of.Floats(0, count);
        var turned = new float[images.Length];
        for (int i = 0; i < turned.Length; i++)
            turned[i] = images[i / from.Length * from.Length + from[i % from.Length]];
        return OrtValue.CreateTensorValueFromMemory(turned, [count, Of.Input[2], Of.Input[0], Of.Input[1]]);
    }
}
