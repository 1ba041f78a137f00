using System.Text.Json.Nodes;
using Latent.Data;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Training;

/// <summary>Training options as JSON, for people and for comparing two runs. Names are Keras's: learning_rate, batch_size.</summary>
internal static class OptionsJson
{
    public static JsonObject Write(TrainingOptions options)
    {
        var json = Fields(options);
        if (options.Loss is Huber huber)
            json["delta"] = huber.Delta;
        if (options.Loss is CategoricalCrossentropy { FromLogits: true })
            json["from_logits"] = true;
        if (options.Metrics.Count > 0) // left out else, as runs before there were any have it
            json["metrics"] = new JsonArray([.. options.Metrics.Select(name => JsonValue.Create(name))]);
        if (options.Noise is { } noise)
            json["noise"] = noise.Spec;
        if (options.Augmentation is { } augmentation)
            json["augmentation"] = new JsonObject
            {
                ["flip"] = augmentation.Flip.ToString().ToLowerInvariant(),
                ["shift"] = augmentation.Shift,
                ["brightness"] = augmentation.Brightness,
                ["noise"] = augmentation.Noise,
            };
        return json;
    }

    private static JsonObject Fields(TrainingOptions options) =>
        new()
        {
            ["recipe"] = options.RecipeName,
            ["optimizer"] = OptimizerJson.Write(options.Optimizer),
            ["loss"] = options.Loss is CustomLoss own ? own.ToString() : options.Loss.Name,
            ["schedule"] = ScheduleJson.Write(options.Schedule),
            ["batch_size"] = options.BatchSize,
            ["epochs"] = options.Epochs,
            ["steps"] = options.Steps,
            ["shuffle"] = options.Shuffle,
            ["drop_remainder"] = options.DropRemainder,
            ["validation_drop_remainder"] = options.ValidationDropRemainder,
            ["seed"] = options.Seed,
            ["threads"] = options.Threads,
            ["keep_best"] = options.KeepBest,
            ["calibrate"] = options.Calibrate,
            ["log_steps"] = options.LogSteps,
            ["targets"] = Images(options.Targets),
            ["validation_targets"] = Images(options.ValidationTargets),
            ["callbacks"] = new JsonArray([.. options.Callbacks.Where(c => !c.OnlyRecords).Select(CallbackJson.Write)]),
        };

    /// <summary>
    /// The options again, as far as they are numbers and words: targets are left out, and a loss, a callback or a schedule of the user's own goes
    /// into <paramref name="missing"/>.
    /// </summary>
    /// <exception cref="LatentException">A value is missing, of the wrong kind, or not known here.</exception>
    public static TrainingOptions Read(JsonReader json, ICollection<string> missing)
    {
        if (json.Has("targets"))
            missing.Add($"the targets ({json.Text("targets")})");
        if (json.Has("validation_targets"))
            missing.Add($"the validation targets ({json.Text("validation_targets")})");
        var callbacks = new List<Callback>();
        foreach (var callback in json.Objects("callbacks"))
            if (CallbackJson.Read(callback) is { } known)
                callbacks.Add(known);
            else
                missing.Add($"the callback {callback.Text("class_name")}");
        var schedule = ScheduleJson.Read(json.Object("schedule"));
        if (schedule is null)
            missing.Add($"the schedule {json.Object("schedule").Text("name")}");
        var loss = Loss(json);
        if (loss is null)
            missing.Add($"the loss {json.Text("loss")}");
        return new()
        {
            RecipeName = json.OptionalText("recipe"),
            Optimizer = OptimizerJson.Read(json.Object("optimizer")),
            Loss = loss ?? new MeanSquaredError(),
            Schedule = schedule ?? new ConstantSchedule(),
            Metrics = json.Has("metrics") ? [.. json.Array("metrics").Select(name => $"{name}")] : [],
            Noise = json.OptionalText("noise") is { } noise ? Noise(noise) : null,
            Augmentation = json.Has("augmentation") ? Augmentation(json.Object("augmentation")) : null,
            BatchSize = json.Int("batch_size"),
            Epochs = json.Int("epochs"),
            Steps = json.OptionalLong("steps"),
            Shuffle = json.Bool("shuffle"),
            DropRemainder = json.Bool("drop_remainder"),
            ValidationDropRemainder = json.Bool("validation_drop_remainder"),
            Seed = json.Long("seed"),
            Threads = json.Int("threads"),
            KeepBest = json.Bool("keep_best"),
            Calibrate = json.Bool("calibrate"),
            LogSteps = json.Bool("log_steps"),
            Callbacks = callbacks,
        };
    }

    /// <summary>
    /// What of two sets of options differs, a line each. The number of threads does not change the result, a recipe's name is only a name,
    /// and how long the training is has rules of its own: these are left out.
    /// </summary>
    public static IEnumerable<string> Differences(JsonObject saved, JsonObject asked)
    {
        Dictionary<string, string> before = Flat(saved),
            now = Flat(asked);
        foreach (string name in before.Keys.Union(now.Keys, StringComparer.Ordinal))
        {
            string was = before.GetValueOrDefault(name, "nothing"),
                wanted = now.GetValueOrDefault(name, "nothing");
            if (was != wanted)
                yield return $"{name}: {was} in the run, {wanted} asked for";
        }
    }

    /// <summary>The first thing that run.json and a state both say and not alike, a line; null for none.</summary>
    public static string? Contradiction(JsonObject run, JsonObject state)
    {
        var says = Flat(state);
        foreach (var (name, value) in Flat(run))
            if (says.TryGetValue(name, out string? other) && other != value)
                return $"{name}: {value} in run.json, {other} in the state";
        return null;
    }

    private static Dictionary<string, string> Flat(JsonObject options)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in options)
            if (name is "callbacks")
                foreach (var (i, callback) in value!.AsArray().Index())
                    Add($"callback {i + 1}, {callback!["class_name"]}", callback["config"] ?? callback["description"]); // their order counts
            else if (name is not ("threads" or "recipe" or "epochs" or "steps"))
                Add(name, value);
        return values;

        void Add(string name, JsonNode? value)
        {
            if (value is JsonObject { Count: > 0 } nested)
                foreach (var (key, item) in nested)
                    Add($"{name}.{key}", item);
            else
                values[name] =
                    value is null ? "none"
                    : value is JsonObject ? "there"
                    : value.ToString();
        }
    }

    /// <summary>The loss; null for one of the user's own.</summary>
    private static Loss? Loss(JsonReader json) =>
        Engine.Loss.Named(json.Text("loss")) switch
        {
            Huber when json.Has("delta") => new Huber(json.Float("delta")),
            CategoricalCrossentropy => new CategoricalCrossentropy(json.OptionalBool("from_logits") ?? false),
            var loss => loss,
        };

    private static InputNoise Noise(string spec)
    {
        try
        {
            return InputNoise.Parse(spec);
        }
        catch (LatentException)
        {
            throw Unknown("noise", spec);
        }
    }

    private static Augmentation Augmentation(JsonReader json) =>
        new()
        {
            Flip = Enum.TryParse<Flip>(json.Text("flip"), ignoreCase: true, out var flip)
                ? flip
                : throw Unknown("augmentation", json.Text("flip")),
            Shift = json.Float("shift"),
            Brightness = json.Float("brightness"),
            Noise = json.Float("noise"),
        };

    private static JsonValue? Images(SampleSet? images) =>
        images is null ? null : JsonValue.Create($"{images.Name}, {images.Count} images");

    /// <summary>A part of the options by a name that this version does not know.</summary>
    public static LatentException Unknown(string what, string name) =>
        new($"The run was trained with the {what} '{name}', which this version of Latent does not have.", fix: "use a newer version");
}
