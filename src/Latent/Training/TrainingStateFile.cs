using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;

namespace Latent.Training;

/// <summary>
/// The state of a training as a safetensors file that needs no other: tensors "weights/…", "best/…", "optimizer/SLOT/…", "callback/I/…",
/// "step_losses" and "text/…"; the networks, the options, the history and all numbers as texts in the metadata, the long ones as tensors; and a
/// checksum over all of it, for weights with one wrong bit would train on without a word.
/// </summary>
internal static class TrainingStateFile
{
    private const string Prefix = "training.",
        ChecksumKey = Prefix + "sha256",
        StepLosses = "step_losses",
        LongText = "text/";

    /// <summary>Texts longer than this are tensors of bytes: a header is read as a whole, and histories grow.</summary>
    private const int LongestInHeader = 1024;

    /// <summary>Writes the file, atomically.</summary>
    /// <exception cref="LatentException">The file cannot be written.</exception>
    public static void Write(string path, TrainingState state)
    {
        var layout = state.Weights.Layout;
        var tensors = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        AddAll("weights", state.Weights.Values);
        if (state.BestWeights is not null)
            AddAll("best", state.BestWeights.Values);
        foreach (var (slot, values) in state.Slots)
            AddAll($"optimizer/{slot}", values);
        if (state.StepLosses.Count > 0)
            tensors[StepLosses] = new("F64", [state.StepLosses.Count], MemoryMarshal.AsBytes<double>([.. state.StepLosses]).ToArray());
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ModelFile.EncoderKey] = NetworkJson.Write(layout.Networks[0]).ToJsonString(),
            [ModelFile.DecoderKey] = NetworkJson.Write(layout.Networks[1]).ToJsonString(),
            [ModelFile.InfoKey] = ModelInfoJson.Write(state.Info).ToJsonString(),
        };
        foreach (var (name, text) in Numbers(state).Texts)
            texts[Prefix + name] = text;
        for (int i = 0; i < state.Callbacks.Count; i++)
        {
            var (callback, memory) = state.Callbacks[i];
            texts[$"callback.{i}"] = callback;
            foreach (var (name, text) in memory.Texts)
                texts[$"callback.{i}.{name}"] = text;
            foreach (var (name, values) in memory.Arrays)
                tensors[$"callback/{i}/{name}"] = Tensor.FromFloats(values, values.Length);
        }
        foreach (string name in texts.Keys.Where(name => texts[name].Length > LongestInHeader && IsState(name)).ToArray())
        {
            byte[] bytes = Encoding.UTF8.GetBytes(texts[name]);
            tensors[LongText + name] = Tensor.FromBytes(bytes, bytes.Length);
            texts.Remove(name);
        }
        texts[ChecksumKey] = Checksum(texts, tensors);
        SafeTensors.Write(path, tensors, texts);

        void AddAll(string prefix, ReadOnlySpan<float> values)
        {
            foreach (var p in layout.Parameters)
                tensors[$"{prefix}/{p.Name}"] = Tensor.FromFloats(values.Slice(p.Offset, p.Count), p.Weight.Shape);
        }
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="LatentException">It is missing, damaged, or of another version.</exception>
    public static TrainingState Read(string path)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var tensors = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        string expected = SafeTensors.Read(
            path,
            file =>
            {
                if (!file.Metadata.TryGetValue(ChecksumKey, out string? checksum))
                    throw Damaged("it is no state of a training, or one of a version that could not resume");
                foreach (var (name, text) in file.Metadata)
                    if (name is not (ChecksumKey or SafeTensors.VersionKey))
                        texts[name] = text;
                foreach (string name in file.Tensors.Keys)
                    tensors[name] = file.Read(name);
                return checksum;
            }
        );
        if (Checksum(texts, tensors) != expected)
            throw Damaged("its content does not have the checksum that it says");
        foreach (var (name, tensor) in tensors.Where(t => t.Key.StartsWith(LongText, StringComparison.Ordinal)))
            texts[name[LongText.Length..]] = Encoding.UTF8.GetString(tensor.Data.Span);
        try
        {
            return Read(path, texts, tensors);
        }
        catch (Exception e)
            when (e is FormatException or OverflowException or KeyNotFoundException or JsonException or InvalidOperationException)
        {
            throw Damaged(Shown.Problem(e), e); // the checksum is right: another program wrote it
        }

        LatentException Damaged(string why, Exception? inner = null) =>
            new($"'{path}' cannot be read: {why}.", "the state of a training, as this version writes it", inner: inner);
    }

    private static TrainingState Read(string path, SortedDictionary<string, string> texts, SortedDictionary<string, Tensor> tensors)
    {
        var layout = new ParameterLayout(Network(ModelFile.EncoderKey), Network(ModelFile.DecoderKey));
        var numbers = Part(texts, Prefix);
        var callbacks = new List<(string, CallbackState)>();
        for (int i = 0; texts.TryGetValue($"callback.{i}", out string? name); i++)
        {
            var memory = Part(texts, $"callback.{i}.");
            string arrays = $"callback/{i}/";
            foreach (var (key, tensor) in tensors.Where(t => t.Key.StartsWith(arrays, StringComparison.Ordinal)))
                memory.Set(key[arrays.Length..], tensor.ToFloats());
            callbacks.Add((name, memory));
        }
        return new()
        {
            Options = numbers.Text("options") ?? throw new FormatException("there are no options"),
            Data = numbers.Text("data") is string data ? RunInfoJson.Data(Json(data, "data")) : null,
            Images = JsonElement
                .Parse(numbers.Text("images") ?? "{}")
                .EnumerateObject()
                .ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal),
            Info = ModelInfoJson.Read(Json(texts[ModelFile.InfoKey], ModelFile.InfoKey)),
            History = numbers.Text("history") is string history ? HistoryJson.Read(JsonElement.Parse(history)) : [],
            Step = numbers.Whole("step"),
            OptimizerSteps = numbers.Whole("optimizer_steps"),
            BestEpoch = checked((int)numbers.Whole("best_epoch")),
            BestValLoss = numbers.Number("best_val_loss"),
            WeightsOfEpoch = checked((int)numbers.Whole("weights_of_epoch")),
            StopTraining = numbers.Whole("stop_training") != 0,
            NotANumber = numbers.Whole("not_a_number") != 0,
            LearningRate = numbers.Number("learning_rate") ?? 0,
            BaseLearningRate = (float?)numbers.Number("base_learning_rate"),
            Seconds = numbers.Number("seconds") ?? 0,
            Epoch = numbers.Number("epoch_loss_sum") is double sum
                ? new(
                    checked((int)numbers.Whole("epoch_batches")),
                    sum,
                    numbers.Whole("epoch_images"),
                    numbers.Number("epoch_seconds") ?? 0
                )
                : null,
            Logs = Part(texts, Prefix + "logs.")
                .Texts.ToDictionary(t => t.Key, t => double.Parse(t.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal),
            StepLosses = tensors.TryGetValue(StepLosses, out var losses) ? [.. MemoryMarshal.Cast<byte, double>(losses.Data.Span)] : [],
            Warnings = numbers.Text("warnings") is string warnings
                ? [.. JsonElement.Parse(warnings).EnumerateArray().Select(w => w.GetString()!)]
                : [],
            Weights = All("weights"),
            BestWeights = tensors.Keys.Any(name => name.StartsWith("best/", StringComparison.Ordinal)) ? All("best") : null,
            Slots = (numbers.Text("slots") ?? "")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .ToDictionary(slot => slot, slot => All($"optimizer/{slot}").Values.ToArray(), StringComparer.Ordinal),
            Callbacks = callbacks,
        };

        Network Network(string key) => NetworkJson.Read(JsonElement.Parse(texts[key]));

        JsonReader Json(string text, string name) => new(JsonElement.Parse(text), $"'{name}' in '{path}'");

        WeightStore All(string prefix)
        {
            var store = new WeightStore(layout);
            foreach (var p in layout.Parameters)
            {
                string name = $"{prefix}/{p.Name}";
                if (!tensors.TryGetValue(name, out var tensor) || tensor.DType != "F32" || !tensor.Shape.SequenceEqual(p.Weight.Shape))
                    throw new FormatException($"it needs a tensor {name} ({string.Join(", ", p.Weight.Shape)}) of F32");
                MemoryMarshal.Cast<byte, float>(tensor.Data.Span).CopyTo(store[p]);
            }
            store.Touch();
            return store;
        }
    }

    /// <summary>Whether a text is of the training or a callback, and not one that model files have too.</summary>
    private static bool IsState(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) || name.StartsWith("callback.", StringComparison.Ordinal);

    /// <summary>All numbers and texts of a state.</summary>
    private static CallbackState Numbers(TrainingState state)
    {
        var numbers = new CallbackState();
        numbers.Set("options", state.Options);
        numbers.Set("data", state.Data is { } data ? RunInfoJson.Write(data).ToJsonString() : null);
        numbers.Set("images", new JsonObject(state.Images.Select(i => KeyValuePair.Create(i.Key, (JsonNode?)i.Value))).ToJsonString());
        numbers.Set("history", HistoryJson.Write(state.History).ToJsonString());
        numbers.Set("step", state.Step);
        numbers.Set("optimizer_steps", state.OptimizerSteps);
        numbers.Set("best_epoch", state.BestEpoch);
        numbers.Set("best_val_loss", state.BestValLoss);
        numbers.Set("weights_of_epoch", state.WeightsOfEpoch);
        numbers.Set("stop_training", state.StopTraining ? 1 : 0);
        numbers.Set("not_a_number", state.NotANumber ? 1 : 0);
        numbers.Set("learning_rate", state.LearningRate);
        numbers.Set("base_learning_rate", state.BaseLearningRate);
        numbers.Set("seconds", state.Seconds);
        numbers.Set("slots", string.Join(' ', state.Slots.Keys));
        if (state.Warnings.Count > 0)
            numbers.Set("warnings", new JsonArray([.. state.Warnings.Select(w => (JsonNode)w)]).ToJsonString());
        if (state.Epoch is { } epoch)
        {
            numbers.Set("epoch_batches", epoch.Batches);
            numbers.Set("epoch_loss_sum", epoch.LossSum);
            numbers.Set("epoch_images", epoch.Images);
            numbers.Set("epoch_seconds", epoch.Seconds);
        }
        foreach (var (name, value) in state.Logs)
            numbers.Set($"logs.{name}", value);
        return numbers;
    }

    /// <summary>The texts whose names start with something, without it.</summary>
    private static CallbackState Part(SortedDictionary<string, string> texts, string prefix)
    {
        var part = new CallbackState();
        foreach (var (name, text) in texts.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)))
            part.Set(name[prefix.Length..], text);
        return part;
    }

    /// <summary>SHA-256 over all names, texts, types, shapes and numbers, each with its length before it.</summary>
    private static string Checksum(SortedDictionary<string, string> texts, SortedDictionary<string, Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, text) in texts)
        {
            Add(Encoding.UTF8.GetBytes(name));
            Add(Encoding.UTF8.GetBytes(text));
        }
        foreach (var (name, tensor) in tensors)
        {
            Add(Encoding.UTF8.GetBytes($"{name} {tensor.DType} {string.Join(' ', tensor.Shape)}"));
            Add(tensor.Data.Span);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
