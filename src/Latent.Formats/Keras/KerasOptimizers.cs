using System.Text.Json;
using System.Text.Json.Nodes;
using Latent.Engine;

namespace Latent.Formats.Keras;

/// <summary>Optimizers in Keras's words, both ways.</summary>
internal static class KerasOptimizers
{
    /// <summary>The optimizer of a config; null, with a note, where there is none here.</summary>
    /// <param name="className">Keras's class, or an optimizer's name of it: "RMSprop", "rmsprop", "rm_sprop_1".</param>
    /// <param name="config">Keras's config; what it leaves out takes Keras's default.</param>
    /// <param name="notes">Receives what does not exist here.</param>
    public static Optimizer? Read(string className, JsonElement config, List<string> notes)
    {
        float? rate = (float?)config.Number("learning_rate");
        if (config.Member("learning_rate") is { ValueKind: JsonValueKind.Object } schedule)
        {
            rate = (float?)schedule.Member("config")?.Number("initial_learning_rate");
            notes.Add(
                $"the schedule {Show.Name(schedule.Text("class_name") ?? "")} of the learning rate is not taken over: the rate is the one that it begins with"
            );
        }
        float beta1 = (float)(config.Number("beta_1") ?? 0.9),
            epsilon = (float)(config.Number("epsilon") ?? 1e-7);
        Optimizer? optimizer = Word(className) switch
        {
            "sgd" => new SGD(rate ?? 0.01f, (float)(config.Number("momentum") ?? 0), config.IsTrue("nesterov")),
            "rmsprop" => new RMSprop(
                rate ?? 1e-3f,
                (float)(config.Number("rho") ?? 0.9),
                (float)(config.Number("momentum") ?? 0),
                epsilon,
                config.IsTrue("centered")
            ),
            "adam" => new Adam(rate ?? 1e-3f, beta1, Beta2(0.999), epsilon, config.IsTrue("amsgrad")),
            "adamw" => new AdamW(
                rate ?? 1e-3f,
                (float)(config.Number("weight_decay") ?? 0.004),
                beta1,
                Beta2(0.999),
                epsilon,
                config.IsTrue("amsgrad")
            ),
            "nadam" => new Nadam(rate ?? 1e-3f, beta1, Beta2(0.999), epsilon),
            "lion" => new Lion(rate ?? 1e-3f, beta1, Beta2(0.99)),
            _ => null,
        };
        if (optimizer is null)
        {
            notes.Add($"the optimizer {Show.Name(className)} does not exist here (SGD, RMSprop, Adam, AdamW, Nadam and Lion do)");
            return null;
        }
        if (config.Member("loss_scale_factor") is not null || config.Member("gradient_accumulation_steps") is not null)
        {
            notes.Add($"the optimizer {Show.Name(className)} scales the loss or accumulates gradients, which there is not here");
            return null;
        }
        optimizer = optimizer with
        {
            WeightDecay = optimizer is AdamW ? optimizer.WeightDecay : (float)(config.Number("weight_decay") ?? 0),
            ClipNorm = (float?)config.Number("clipnorm"),
            GlobalClipNorm = (float?)config.Number("global_clipnorm"),
            ClipValue = (float?)config.Number("clipvalue"),
            UseEma = config.IsTrue("use_ema"),
            EmaMomentum = (float)(config.Number("ema_momentum") ?? 0.99),
            EmaOverwriteFrequency = config.IsTrue("use_ema") ? config.Whole("ema_overwrite_frequency") : null,
        };
        return optimizer;

        float Beta2(double otherwise) => (float)(config.Number("beta_2") ?? otherwise);
    }

    /// <summary>Keras's class and config of an optimizer; null where Keras has none that computes the same.</summary>
    public static (string ClassName, JsonObject Config)? Write(Optimizer optimizer)
    {
        var config = new JsonObject
        {
            ["name"] =
                optimizer is RMSprop ? "rmsprop"
                : optimizer is SGD ? "SGD"
                : optimizer.Name,
            ["learning_rate"] = (double)optimizer.LearningRate, // Keras reads its variable of float32
            ["weight_decay"] = optimizer.WeightDecay == 0 ? (float?)null : optimizer.WeightDecay,
            ["clipnorm"] = optimizer.ClipNorm,
            ["global_clipnorm"] = optimizer.GlobalClipNorm,
            ["clipvalue"] = optimizer.ClipValue,
            ["use_ema"] = optimizer.UseEma,
            ["ema_momentum"] = optimizer.EmaMomentum,
            ["ema_overwrite_frequency"] = optimizer.EmaOverwriteFrequency,
            ["loss_scale_factor"] = null,
            ["gradient_accumulation_steps"] = null,
        };
        switch (optimizer)
        {
            case SGD o:
                (config["momentum"], config["nesterov"]) = (o.Momentum, o.Nesterov);
                return Named("SGD", config);
            case RMSprop o:
                (config["rho"], config["momentum"], config["epsilon"], config["centered"]) = (o.Rho, o.Momentum, o.Epsilon, o.Centered);
                return Named("RMSprop", config);
            case Adam o:
                (config["beta_1"], config["beta_2"], config["epsilon"], config["amsgrad"]) = (o.Beta1, o.Beta2, o.Epsilon, o.AmsGrad);
                return Named("Adam", config);
            case AdamW o:
                (config["beta_1"], config["beta_2"], config["epsilon"], config["amsgrad"]) = (o.Beta1, o.Beta2, o.Epsilon, o.AmsGrad);
                return Named("AdamW", config);
            case Nadam o:
                (config["beta_1"], config["beta_2"], config["epsilon"]) = (o.Beta1, o.Beta2, o.Epsilon);
                return Named("Nadam", config);
            case Lion o:
                (config["beta_1"], config["beta_2"]) = (o.Beta1, o.Beta2);
                return Named("Lion", config);
            default:
                return null;
        }
    }

    private static (string, JsonObject) Named(string className, JsonObject config)
    {
        config["name"] = SnakeCase.Of(className);
        return (className, config);
    }

    /// <summary>Keras's class as a word; of an optimizer's name its counter goes.</summary>
    private static string Word(string className)
    {
        string word = className
            .Replace("_", "", StringComparison.Ordinal)
            .ToUpperInvariant()
            .TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return word.ToLowerInvariant();
    }
}
