using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Training;

/// <summary>Schedules as JSON; Keras's own with Keras's names of their options.</summary>
internal static class ScheduleJson
{
    public static JsonObject Write(Schedule schedule)
    {
        var json = new JsonObject { ["name"] = schedule.Name };
        if (schedule is WarmUpSchedule shaped)
            (json["warm_up"], json["warm_up_part"]) = (shaped.WarmUp, shaped.WarmUpPart);
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
            case ExponentialDecay s:
                (json["initial_learning_rate"], json["decay_steps"]) = (s.InitialLearningRate, s.DecaySteps);
                (json["decay_rate"], json["staircase"]) = (s.DecayRate, s.Staircase);
                break;
            case InverseTimeDecay s:
                (json["initial_learning_rate"], json["decay_steps"]) = (s.InitialLearningRate, s.DecaySteps);
                (json["decay_rate"], json["staircase"]) = (s.DecayRate, s.Staircase);
                break;
            case PiecewiseConstantDecay s:
                json["boundaries"] = new JsonArray([.. s.Boundaries.Select(step => JsonValue.Create(step))]);
                json["values"] = new JsonArray([.. s.Values.Select(rate => JsonValue.Create(rate))]);
                break;
            case PolynomialDecay s:
                (json["initial_learning_rate"], json["decay_steps"]) = (s.InitialLearningRate, s.DecaySteps);
                (json["end_learning_rate"], json["power"], json["cycle"]) = (s.EndLearningRate, s.Power, s.Cycle);
                break;
            case CosineDecay s:
                (json["initial_learning_rate"], json["decay_steps"], json["alpha"]) = (s.InitialLearningRate, s.DecaySteps, s.Alpha);
                (json["warmup_target"], json["warmup_steps"]) = (s.WarmUpTarget, s.WarmUpSteps);
                break;
            case CosineDecayRestarts s:
                (json["initial_learning_rate"], json["first_decay_steps"]) = (s.InitialLearningRate, s.FirstDecaySteps);
                (json["t_mul"], json["m_mul"], json["alpha"]) = (s.TMul, s.MMul, s.Alpha);
                break;
            default:
                json["options"] = schedule.ToString(); // one of the user's own: a record says all its numbers
                break;
        }
        return json;
    }

    /// <summary>The schedule, or null where it is one of the user's own.</summary>
    /// <exception cref="LatentException">A value is missing, of the wrong kind, or the schedule is not known here.</exception>
    public static Schedule? Read(JsonReader json)
    {
        string name = json.Text("name");
        return name switch
        {
            "constant" => Shaped(json, new ConstantSchedule()),
            "cosine" => Shaped(json, new CosineSchedule(Floor: json.Number("floor"))),
            "linear" => Shaped(json, new LinearSchedule(Hold: json.Number("hold"))),
            "one-cycle" => Shaped(json, new OneCycleSchedule(json.Number("rise"), json.Number("start"), json.Number("floor"))),
            "exponential" => new ExponentialDecay(
                Initial(json),
                json.Int("decay_steps"),
                json.Number("decay_rate"),
                json.Bool("staircase")
            ),
            "inverse-time" => new InverseTimeDecay(
                Initial(json),
                json.Int("decay_steps"),
                json.Number("decay_rate"),
                json.Bool("staircase")
            ),
            "piecewise-constant" => new PiecewiseConstantDecay(
                [.. Numbers(json, "boundaries").Select(step => (long)step)],
                [.. Numbers(json, "values")]
            ),
            "polynomial" => new PolynomialDecay(
                Initial(json),
                json.Int("decay_steps"),
                json.Number("end_learning_rate"),
                json.Number("power"),
                json.Bool("cycle")
            ),
            "cosine-decay" => new CosineDecay(
                Initial(json),
                json.Int("decay_steps"),
                json.Number("alpha"),
                json.OptionalNumber("warmup_target"),
                json.Int("warmup_steps")
            ),
            "cosine-restarts" => new CosineDecayRestarts(
                Initial(json),
                json.Int("first_decay_steps"),
                json.Number("t_mul"),
                json.Number("m_mul"),
                json.Number("alpha")
            ),
            _ => json.Has("options") ? null : throw OptionsJson.Unknown("schedule", name),
        };
    }

    private static WarmUpSchedule Shaped(JsonReader json, WarmUpSchedule schedule) =>
        schedule with
        {
            WarmUp = json.Int("warm_up"),
            WarmUpPart = json.Number("warm_up_part"),
        };

    private static double Initial(JsonReader json) => json.Number("initial_learning_rate");

    private static ImmutableArray<double> Numbers(JsonReader json, string name) =>
        [
            .. json.Array(name)
                .Select(value =>
                    value.ValueKind == JsonValueKind.Number
                        ? value.GetDouble()
                        : throw new LatentException($"The schedule's '{name}' cannot be read.", "a list of numbers", value.GetRawText())
                ),
        ];
}
