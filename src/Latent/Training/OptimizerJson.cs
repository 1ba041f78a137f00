using System.Text.Json.Nodes;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Training;

/// <summary>
/// Optimizers as JSON, with Keras's names of their options. What an optimizer does without, such as clipping, is left out, so that runs of
/// versions that did not have it yet stay the same.
/// </summary>
internal static class OptimizerJson
{
    public static JsonObject Write(Optimizer optimizer)
    {
        var json = new JsonObject { ["name"] = optimizer.Name, ["learning_rate"] = optimizer.LearningRate };
        switch (optimizer)
        {
            case SGD o:
                (json["momentum"], json["nesterov"]) = (o.Momentum, o.Nesterov);
                break;
            case RMSprop o:
                (json["rho"], json["momentum"], json["epsilon"], json["centered"]) = (o.Rho, o.Momentum, o.Epsilon, o.Centered);
                break;
            case Adam o:
                Moments(json, o.Beta1, o.Beta2, o.Epsilon, o.AmsGrad);
                break;
            case AdamW o:
                Moments(json, o.Beta1, o.Beta2, o.Epsilon, o.AmsGrad);
                json["weight_decay"] = o.WeightDecay;
                break;
            case Nadam o:
                Moments(json, o.Beta1, o.Beta2, o.Epsilon);
                break;
            case Lion o:
                (json["beta_1"], json["beta_2"]) = (o.Beta1, o.Beta2);
                break;
            case Muon o:
                (json["momentum"], json["adam_rate"]) = (o.Momentum, o.AdamRate);
                Moments(json, o.Beta1, o.Beta2, o.Epsilon);
                break;
            default:
                throw new NotSupportedException($"{optimizer.Name} has no JSON.");
        }
        if (optimizer.WeightDecay != 0)
            json["weight_decay"] = optimizer.WeightDecay;
        Set(json, "clipnorm", optimizer.ClipNorm);
        Set(json, "global_clipnorm", optimizer.GlobalClipNorm);
        Set(json, "clipvalue", optimizer.ClipValue);
        if (optimizer.UseEma)
            (json["use_ema"], json["ema_momentum"]) = (true, optimizer.EmaMomentum);
        if (optimizer.EmaOverwriteFrequency is int steps)
            json["ema_overwrite_frequency"] = steps;
        return json;
    }

    /// <exception cref="LatentException">A value is missing, of the wrong kind, or the optimizer is not known here.</exception>
    public static Optimizer Read(JsonReader json)
    {
        float rate = json.Float("learning_rate");
        Optimizer optimizer = json.Text("name") switch
        {
            "sgd" => new SGD(rate, json.Float("momentum"), json.Bool("nesterov")),
            "rmsprop" => new RMSprop(rate, json.Float("rho"), json.Float("momentum"), json.Float("epsilon"), json.Bool("centered")),
            "adam" => new Adam(rate, json.Float("beta_1"), json.Float("beta_2"), json.Float("epsilon"), AmsGrad(json)),
            "adamw" => new AdamW(
                rate,
                json.Float("weight_decay"),
                json.Float("beta_1"),
                json.Float("beta_2"),
                json.Float("epsilon"),
                AmsGrad(json)
            ),
            "nadam" => new Nadam(rate, json.Float("beta_1"), json.Float("beta_2"), json.Float("epsilon")),
            "lion" => new Lion(rate, json.Float("beta_1"), json.Float("beta_2")),
            "muon" => new Muon(
                rate,
                json.Float("momentum"),
                json.Float("adam_rate"),
                json.Float("beta_1"),
                json.Float("beta_2"),
                json.Float("epsilon")
            ),
            var name => throw OptionsJson.Unknown("optimizer", name),
        };
        return optimizer with
        {
            WeightDecay = Optional(json, "weight_decay") ?? 0,
            ClipNorm = Optional(json, "clipnorm"),
            GlobalClipNorm = Optional(json, "global_clipnorm"),
            ClipValue = Optional(json, "clipvalue"),
            UseEma = json.OptionalBool("use_ema") ?? false,
            EmaMomentum = Optional(json, "ema_momentum") ?? optimizer.EmaMomentum,
            EmaOverwriteFrequency = json.OptionalInt("ema_overwrite_frequency"),
        };
    }

    private static void Moments(JsonObject json, float beta1, float beta2, float epsilon, bool amsGrad = false)
    {
        (json["beta_1"], json["beta_2"], json["epsilon"]) = (beta1, beta2, epsilon);
        if (amsGrad)
            json["amsgrad"] = true;
    }

    private static bool AmsGrad(JsonReader json) => json.OptionalBool("amsgrad") ?? false;

    private static float? Optional(JsonReader json, string name) => json.Has(name) ? json.Float(name) : null;

    private static void Set(JsonObject json, string name, float? value)
    {
        if (value is float number)
            json[name] = number;
    }
}
