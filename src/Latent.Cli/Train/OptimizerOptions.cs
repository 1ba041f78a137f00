using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Engine;
using Range = Latent.Cli.Parsing.Range;

namespace Latent.Cli.Train;

/// <summary>The optimizer and its numbers. A number that the optimizer does not have is refused.</summary>
internal sealed class OptimizerOptions
{
    private static readonly Optimizer[] s_optimizers = [new RMSprop(), new Adam(), new AdamW(), new Muon()];

    private readonly Option<string?> _optimizer = Make.Choice(
        ["--optimizer"],
        "How gradients change weights",
        [.. s_optimizers.Select(o => o.Name)],
        "muon; article: rmsprop"
    );
    private readonly Option<double?> _learningRate = Number(
        "--learning-rate",
        "The step's size; with muon that of the matrices",
        Range.Positive,
        "muon: 0.02; others: 0.001; article: 0.0003, or 0.001 for z up to 2",
        "-l"
    );
    private readonly Option<double?> _adamRate = Number(
        "--adam-rate",
        "muon: the step's size of the other weights",
        Range.Positive,
        "0.006"
    );
    private readonly Option<double?> _rho = Number("--rho", "rmsprop: decay of the mean square", Range.Decay, "0.9");
    private readonly Option<double?> _momentum = Number("--momentum", "rmsprop, muon: momentum", Range.Decay, "rmsprop: 0; muon: 0.95");
    private readonly Option<double?> _beta1 = Number("--beta1", "adam, adamw, muon: decay of the mean gradient", Range.Decay, "0.9");
    private readonly Option<double?> _beta2 = Number(
        "--beta2",
        "adam, adamw, muon: decay of the mean square",
        Range.Decay,
        "muon: 0.99; others: 0.999"
    );
    private readonly Option<double?> _epsilon = Number(
        "--epsilon",
        "Added where a root is divided by",
        new Range(0),
        "muon: 1e-8; others: 1e-7"
    );
    private readonly Option<double?> _weightDecay = Number("--weight-decay", "adamw: decay of the weights", new Range(0), "0.004");
    private readonly Toggle _centered = new("centered", "rmsprop: subtract the square of the mean gradient", "no");

    public IReadOnlyList<Option> All =>
        [_optimizer, _learningRate, _adamRate, _rho, _momentum, _beta1, _beta2, _epsilon, _weightDecay, _centered];

    /// <summary>The optimizer that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="recipe">The recipe's optimizer.</param>
    /// <param name="problems">Receives the numbers that it does not have.</param>
    public Optimizer In(ParseResult parsed, Optimizer recipe, ICollection<string> problems)
    {
        string name = parsed.GetValue(_optimizer) ?? recipe.Name;
        var start = name == recipe.Name ? recipe : s_optimizers.Single(o => o.Name == name);
        var used = new HashSet<Option>();
        var result = Fill(start);
        foreach (var option in All.Skip(1).Where(o => !used.Contains(o) && parsed.GetResult(o) is { Implicit: false }))
            problems.Add($"{option.Name} is not a number of the optimizer {name}");
        return result;

        Optimizer Fill(Optimizer optimizer) =>
            optimizer switch
            {
                RMSprop o => o with
                {
                    LearningRate = Of(_learningRate, o.LearningRate),
                    Rho = Of(_rho, o.Rho),
                    Momentum = Of(_momentum, o.Momentum),
                    Epsilon = Of(_epsilon, o.Epsilon),
                    Centered = (used.Add(_centered), _centered.In(parsed)).Item2 ?? o.Centered,
                },
                Adam o => o with
                {
                    LearningRate = Of(_learningRate, o.LearningRate),
                    Beta1 = Of(_beta1, o.Beta1),
                    Beta2 = Of(_beta2, o.Beta2),
                    Epsilon = Of(_epsilon, o.Epsilon),
                },
                AdamW o => o with
                {
                    LearningRate = Of(_learningRate, o.LearningRate),
                    WeightDecay = Of(_weightDecay, o.WeightDecay),
                    Beta1 = Of(_beta1, o.Beta1),
                    Beta2 = Of(_beta2, o.Beta2),
                    Epsilon = Of(_epsilon, o.Epsilon),
                },
                Muon o => o with
                {
                    LearningRate = Of(_learningRate, o.LearningRate),
                    AdamRate = Of(_adamRate, o.AdamRate),
                    Momentum = Of(_momentum, o.Momentum),
                    Beta1 = Of(_beta1, o.Beta1),
                    Beta2 = Of(_beta2, o.Beta2),
                    Epsilon = Of(_epsilon, o.Epsilon),
                },
                _ => optimizer,
            };

        float Of(Option<double?> option, float fallback)
        {
            used.Add(option);
            return (float?)parsed.GetValue(option) ?? fallback;
        }
    }

    private static Option<double?> Number(string name, string help, Range range, string fallback, params string[] aliases) =>
        Make.Real([name, .. aliases], help, range, fallback);
}
