using System.Text.Json.Nodes;
using Latent.Data;
using Latent.Engine;

namespace Latent.Training;

/// <summary>Training options as JSON, for people and for comparing two runs. Names are Keras's: learning_rate, batch_size.</summary>
internal static class OptionsJson
{
    public static JsonObject Write(TrainingOptions options) =>
        new()
        {
            ["recipe"] = options.RecipeName,
            ["optimizer"] = Write(options.Optimizer),
            ["loss"] = options.Loss.Name,
            ["schedule"] = Write(options.Schedule),
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
            ["targets"] = Images(options.Targets),
            ["validation_targets"] = Images(options.ValidationTargets),
            ["callbacks"] = new JsonArray([
                .. options.Callbacks.Where(c => c is not RunRecorder).Select(c => JsonValue.Create(c.Description)),
            ]),
        };

    private static JsonObject Write(Optimizer optimizer)
    {
        var json = new JsonObject { ["name"] = optimizer.Name, ["learning_rate"] = optimizer.LearningRate };
        switch (optimizer)
        {
            case RMSprop o:
                (json["rho"], json["momentum"], json["epsilon"], json["centered"]) = (o.Rho, o.Momentum, o.Epsilon, o.Centered);
                break;
            case Adam o:
                (json["beta_1"], json["beta_2"], json["epsilon"]) = (o.Beta1, o.Beta2, o.Epsilon);
                break;
            case AdamW o:
                (json["beta_1"], json["beta_2"], json["epsilon"]) = (o.Beta1, o.Beta2, o.Epsilon);
                json["weight_decay"] = o.WeightDecay;
                break;
            case Muon o:
                (json["momentum"], json["adam_rate"]) = (o.Momentum, o.AdamRate);
                (json["beta_1"], json["beta_2"], json["epsilon"]) = (o.Beta1, o.Beta2, o.Epsilon);
                break;
            default:
                json["options"] = optimizer.ToString(); // a record says all its numbers
                break;
        }
        return json;
    }

    private static JsonObject Write(Schedule schedule)
    {
        var json = new JsonObject
        {
            ["name"] = schedule.Name,
            ["warm_up"] = schedule.WarmUp,
            ["warm_up_part"] = schedule.WarmUpPart,
        };
        switch (schedule)
        {
            case ConstantSchedule:
                break;
            case CosineSchedule s:
                json["floor"] = s.Floor;
                break;
            case LinearSchedule s:
                json["hold"] = s.Hold;
                break;
            case OneCycleSchedule s:
                (json["rise"], json["start"], json["floor"]) = (s.Rise, s.Start, s.Floor);
                break;
            default:
                json["options"] = schedule.ToString();
                break;
        }
        return json;
    }

    private static JsonValue? Images(ImageSet? images) => images is null ? null : JsonValue.Create($"{images.Name}, {images.Count} images");
}
