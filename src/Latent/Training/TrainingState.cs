using System.Globalization;
using System.Runtime.InteropServices;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;

namespace Latent.Training;

/// <summary>
/// All that a training needs to go on as if it had never been interrupted, between two epochs: the latest weights, the best ones, the
/// optimizer's memory and steps, what the callbacks remember. The order of the images follows from the seed and the epoch. A safetensors
/// file: tensors "weights/…", "best/…", "optimizer/SLOT/…" and "callback/I/…", numbers and texts in the metadata.
/// </summary>
internal sealed class TrainingState
{
    private const string Prefix = "training.";

    /// <summary>Finished epochs.</summary>
    public required int Epoch { get; init; }

    /// <summary>Updates done.</summary>
    public required long Step { get; init; }

    public required long OptimizerSteps { get; init; }

    public required int BestEpoch { get; init; }

    public required double? BestValLoss { get; init; }

    public required float[] Weights { get; init; }

    /// <summary>The best epoch's weights where they are kept; null where they are the latest.</summary>
    public required float[]? BestWeights { get; init; }

    public required IReadOnlyDictionary<string, float[]> Slots { get; init; }

    /// <summary>What each callback is and remembers, in the order of the options.</summary>
    public required IReadOnlyList<(string Description, CallbackState State)> Callbacks { get; init; }

    public static TrainingState Capture(TrainingContext context) =>
        new()
        {
            Epoch = context.History.Count,
            Step = context.Step,
            OptimizerSteps = context.Optimizer?.Steps ?? 0,
            BestEpoch = context.BestEpoch,
            BestValLoss = context.BestValLoss,
            Weights = context.Model.Weights.Values.ToArray(),
            BestWeights = context.BestEpoch < context.History.Count ? context.BestWeights?.Values.ToArray() : null,
            Slots = context.Optimizer?.Slots.ToDictionary(s => s, s => context.Optimizer.Slot(s).ToArray(), StringComparer.Ordinal) ?? [],
            Callbacks = [.. context.Callbacks.Where(c => c is not RunRecorder).Select(Remembered)],
        };

    /// <exception cref="LatentException">The file cannot be written.</exception>
    public void Write(string path, ParameterLayout layout)
    {
        var tensors = new List<KeyValuePair<string, Tensor>>();
        AddAll("weights", Weights);
        if (BestWeights is not null)
            AddAll("best", BestWeights);
        foreach (var (slot, values) in Slots)
            AddAll($"optimizer/{slot}", values);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Prefix + "epoch"] = Text(Epoch),
            [Prefix + "step"] = Text(Step),
            [Prefix + "optimizer_steps"] = Text(OptimizerSteps),
            [Prefix + "best_epoch"] = Text(BestEpoch),
            [Prefix + "slots"] = string.Join(' ', Slots.Keys),
            [Prefix + "callbacks"] = Text(Callbacks.Count),
        };
        if (BestValLoss is double best)
            metadata[Prefix + "best_val_loss"] = best.ToString("R", CultureInfo.InvariantCulture);
        for (int i = 0; i < Callbacks.Count; i++)
        {
            metadata[$"callback.{i}"] = Callbacks[i].Description;
            foreach (var (name, text) in Callbacks[i].State.Texts)
                metadata[$"callback.{i}.{name}"] = text;
            foreach (var (name, values) in Callbacks[i].State.Arrays)
                tensors.Add(new($"callback/{i}/{name}", Tensor.FromFloats(values, values.Length)));
        }
        SafeTensors.Write(path, tensors, metadata);

        void AddAll(string prefix, float[] values)
        {
            foreach (var p in layout.Parameters)
                tensors.Add(new($"{prefix}/{p.Name}", Tensor.FromFloats(values.AsSpan(p.Offset, p.Count), p.Weight.Shape)));
        }
    }

    /// <exception cref="LatentException">The file is missing, damaged, or not of a training of this network.</exception>
    public static TrainingState Read(string path, ParameterLayout layout)
    {
        var file = SafeTensors.Read(path);
        var callbacks = new List<(string, CallbackState)>();
        for (int i = 0; i < Number("callbacks"); i++)
        {
            var state = new CallbackState();
            string texts = $"callback.{i}.",
                arrays = $"callback/{i}/";
            foreach (var (name, text) in file.Metadata.Where(m => m.Key.StartsWith(texts, StringComparison.Ordinal)))
                state.Set(name[texts.Length..], text);
            foreach (var (name, tensor) in file.Tensors.Where(t => t.Key.StartsWith(arrays, StringComparison.Ordinal)))
                state.Set(name[arrays.Length..], tensor.ToFloats());
            callbacks.Add((file.Metadata.GetValueOrDefault($"callback.{i}") ?? "", state));
        }
        return new()
        {
            Epoch = (int)Number("epoch"),
            Step = Number("step"),
            OptimizerSteps = Number("optimizer_steps"),
            BestEpoch = (int)Number("best_epoch"),
            BestValLoss = file.Metadata.TryGetValue(Prefix + "best_val_loss", out string? best)
                ? double.Parse(best, CultureInfo.InvariantCulture)
                : null,
            Weights = All("weights"),
            BestWeights = file.Tensors.Keys.Any(name => name.StartsWith("best/", StringComparison.Ordinal)) ? All("best") : null,
            Slots = file
                .Metadata.GetValueOrDefault(Prefix + "slots", "")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .ToDictionary(slot => slot, slot => All($"optimizer/{slot}"), StringComparer.Ordinal),
            Callbacks = callbacks,
        };

        long Number(string name) =>
            file.Metadata.TryGetValue(Prefix + name, out string? text) && long.TryParse(text, out long number)
                ? number
                : throw new LatentException($"'{path}' is no state of a training.", $"a whole number '{Prefix}{name}' in its metadata");

        float[] All(string prefix)
        {
            var values = new float[layout.Length];
            foreach (var p in layout.Parameters)
            {
                string name = $"{prefix}/{p.Name}";
                if (!file.Tensors.TryGetValue(name, out var tensor) || tensor.DType != "F32" || !tensor.Shape.SequenceEqual(p.Weight.Shape))
                    throw new LatentException(
                        $"'{path}' is not the state of a training of this network.",
                        $"{name} ({string.Join(", ", p.Weight.Shape)})",
                        tensor is null ? "no such tensor" : $"({string.Join(", ", tensor.Shape)}) of {tensor.DType}"
                    );
                MemoryMarshal.Cast<byte, float>(tensor.Data.Span).CopyTo(values.AsSpan(p.Offset));
            }
            return values;
        }
    }

    private static (string, CallbackState) Remembered(Callback callback)
    {
        var state = new CallbackState();
        callback.SaveState(state);
        return (callback.Description, state);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
