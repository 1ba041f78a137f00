using System.Text.Json;
using Latent.Engine;
using Latent.Formats.Hdf5;
using Latent.Networks;

namespace Latent.Formats.Keras;

/// <summary>What a file says of its training: the loss, the optimizer and the optimizer's memory, as far as they exist here.</summary>
internal sealed class KerasTraining
{
    private const long MostSteps = 100_000_000; // Nadam computes its product over all of them again

    private readonly List<string> _notes;

    private KerasTraining(List<string> notes) => _notes = notes;

    public Loss? Loss { get; private set; }

    public Optimizer? Optimizer { get; private set; }

    public OptimizerState? State { get; private set; }

    /// <param name="config">Keras's compile_config or training_config; null where there is none.</param>
    /// <param name="variables">The optimizer's variables in their order, with names where the file has them.</param>
    /// <param name="optimizerName">The optimizer's name where the file has only that.</param>
    /// <param name="isKeras2">Whether a version of Keras before 3 wrote it.</param>
    /// <param name="layout">The weights.</param>
    /// <param name="notes">Receives what is not taken over, and why.</param>
    public static KerasTraining Read(
        JsonElement? config,
        IReadOnlyList<(string Name, Hdf5DataSet Data)> variables,
        string? optimizerName,
        bool isKeras2,
        ParameterLayout layout,
        List<string> notes
    )
    {
        var training = new KerasTraining(notes) { Loss = config?.Member("loss") is { } loss ? LossOf(loss) : null };
        if (config?.Member("loss") is { } unknown && training.Loss is null)
            notes.Add($"the loss {Show.Name(unknown.GetRawText())} does not exist here");
        var optimizer = config?.Member("optimizer") ?? config?.Member("optimizer_config");
        if (optimizer is null && (optimizerName is null || variables.Count == 0))
            return training;
        training.ReadOptimizer(optimizer, optimizerName, isKeras2);
        if (training.Optimizer is not null && variables.Count > 0)
            training.ReadState(variables, layout);
        return training;
    }

    private void ReadOptimizer(JsonElement? json, string? name, bool isKeras2)
    {
        string className;
        JsonElement config;
        if (json is { ValueKind: JsonValueKind.String } alone)
            (className, config) = (alone.Text(), JsonElement.Parse("{}"));
        else if (json is { } known)
            (className, config) = (known.Text("class_name") ?? "", known.Member("config") ?? JsonElement.Parse("{}"));
        else // saved as .keras after a .h5 in one program, Keras leaves only the name and the memory
            (className, config) = (name!, JsonElement.Parse("{}"));
        className = className[(className.LastIndexOf('>') + 1)..];
        if (isKeras2 && !config.IsFalse("is_legacy_optimizer"))
        {
            _notes.Add($"the optimizer {Show.Name(className)} is one of Keras before 2.11, which computed otherwise");
            return;
        }
        Optimizer = KerasOptimizers.Read(className, config, _notes);
    }

    private void ReadState(IReadOnlyList<(string Name, Hdf5DataSet Data)> variables, ParameterLayout layout)
    {
        if (variables[0].Data is not { Type.Kind: DataKind.Integer, Space.Count: 1 } counter)
        {
            _notes.Add("the optimizer's memory has no count of steps, and is not taken over");
            return;
        }
        long steps = counter.Type.ToInteger(counter.ReadBytes()) ?? 0;
        int first = 1;
        // the rate that the training had come to
        if (variables.Count > 1 && variables[1].Data is { Type.Kind: DataKind.Float, Space.Sides: [] } rate)
        {
            float number = rate.ReadFloats()[0];
            if (number > 0 && float.IsFinite(number))
                Optimizer = Optimizer! with { LearningRate = number };
            first = 2;
        }
        OptimizerState state;
        try
        {
            state = new(Optimizer!, layout);
        }
        catch (LatentException e)
        {
            _notes.Add($"the optimizer's numbers cannot be used here: {e.Message}");
            Optimizer = null;
            return;
        }
        var trained = layout.Parameters.Where(parameter => parameter.Weight.Trainable).ToList();
        var slots = state.Slots.ToArray();
        // a scalar behind the first two: Nadam's product, which follows from the count of steps
        var rest = variables.Skip(first).Where(variable => variable.Data.Space.Sides.Length > 0).Select(variable => variable.Data).ToList();
        if (rest.Count == 0 && steps == 0)
        {
            State = state; // before its first step Keras has no arrays yet
            return;
        }
        if (steps is < 0 or > MostSteps || rest.Count != slots.Length * trained.Count || !Assign(rest, slots, trained, state))
        {
            _notes.Add(
                $"the optimizer's memory does not fit ({rest.Count} arrays for {slots.Length} of each of {trained.Count} weights), and is not taken over"
            );
            return;
        }
        state.Steps = steps;
        State = state;
    }

    /// <summary>
    /// Keras lists an optimizer's arrays kind by kind; its first versions of 3, and Keras 2, weight by weight for Adam's two. The shapes tell
    /// which it is, but for where all weights have one shape.
    /// </summary>
    private static bool Assign(List<Hdf5DataSet> rest, string[] slots, List<Parameter> trained, OptimizerState state)
    {
        string[] order = state.Optimizer.UseEma ? [slots[^1], .. slots[..^1]] : slots; // Keras keeps averages first
        foreach (bool pairs in (ReadOnlySpan<bool>)[false, true])
        {
            var places = Places(order, trained, pairs).ToList();
            if (!places.Zip(rest).All(pair => KerasWeights.Fits(pair.Second, pair.First.Parameter)))
                continue;
            foreach (var ((slot, parameter), data) in places.Zip(rest))
            {
                float[] values = data.ReadFloats();
                if (!Array.TrueForAll(values, float.IsFinite))
                    return false;
                values.CopyTo(state.Slot(slot).Slice(parameter.Offset, parameter.Count));
            }
            return true;
        }
        return false;
    }

    private static IEnumerable<(string Slot, Parameter Parameter)> Places(string[] slots, List<Parameter> trained, bool pairs)
    {
        if (!pairs || slots.Length < 2)
            return slots.SelectMany(slot => trained.Select(parameter => (slot, parameter)));
        bool averages = slots[0] == "average";
        string[] own = averages ? slots[1..] : slots;
        return (averages ? trained.Select(parameter => (slots[0], parameter)) : [])
            .Concat(trained.SelectMany(parameter => own.Take(2).Select(slot => (slot, parameter))))
            .Concat(own.Skip(2).SelectMany(slot => trained.Select(parameter => (slot, parameter))));
    }

    private static Loss? LossOf(JsonElement json)
    {
        string? name =
            json.ValueKind == JsonValueKind.String ? json.Text()
            : json.Text("class_name") == "function" ? json.Text("config")
            : json.Text("class_name");
        return name switch
        {
            "mse" or "MSE" or "mean_squared_error" or "MeanSquaredError" => new MeanSquaredError(),
            "mae" or "MAE" or "mean_absolute_error" or "MeanAbsoluteError" => new MeanAbsoluteError(),
            "bce" or "BCE" or "binary_crossentropy" or "BinaryCrossentropy" => new BinaryCrossentropy(),
            "huber" or "Huber" => new Huber((float)(json.Member("config")?.Number("delta") ?? 1)),
            "log_cosh" or "logcosh" or "LogCosh" => new LogCosh(),
            "categorical_crossentropy" or "CategoricalCrossentropy" => new CategoricalCrossentropy(),
            _ => null,
        };
    }
}
