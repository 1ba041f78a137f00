using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Engine;
using Range = Latent.Cli.Parsing.Range;

namespace Latent.Cli.Train;

/// <summary>The optimizer and its numbers. A number that the optimizer does not have is refused.</summary>
internal sealed class OptimizerOptions
{
    private static readonly Optimizer[] s_optimizers =
    [
        new SGD(),
        new RMSprop(),
        new Adam(),
        new AdamW(),
        new Nadam(),
        new Lion(),
        new Muon(),
    ];

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
        "muon: 0.02; sgd: 0.01; others: 0.001; article: 0.0003, or 0.001 for z up to 2",
        "-l"
    );
    private readonly Option<double?> _adamRate = Number(
        "--adam-rate",
        "muon: the step's size of the other weights",
        Range.Positive,
        "0.006"
    );
    private readonly Option<double?> _rho = Number("--rho", "rmsprop: decay of the mean square", Range.Decay, "0.9");
    private readonly Option<double?> _momentum = Number("--momentum", "sgd, rmsprop, muon: momentum", Range.Decay, "muon: 0.95; others: 0");
    private readonly Option<double?> _beta1 = Number(
        "--beta1",
        "adam, adamw, nadam, lion, muon: decay of the mean gradient",
        Range.Decay,
        "0.9"
    );
    private readonly Option<double?> _beta2 = Number(
        "--beta2",
        "adam, adamw, nadam, muon: decay of the mean square; lion: of the momentum",
        Range.Decay,
        "lion, muon: 0.99; others: 0.999"
    );
    private readonly Option<double?> _epsilon = Number(
        "--epsilon",
        "rmsprop, adam, adamw, nadam, muon: added where a root is divided by",
        new Range(0),
        "muon: 1e-8; others: 1e-7"
    );
    private readonly Option<double?> _weightDecay = Number(
        "--weight-decay",
        "Decay of the weights, as a part of the rate",
        new Range(0),
        "adamw: 0.004; others: 0"
    );
    private readonly Toggle _centered = new("centered", "rmsprop: subtract the square of the mean gradient", "no");
    private readonly Toggle _nesterov = new("nesterov", "sgd: the momentum looks ahead", "no");
    private readonly Toggle _amsGrad = new("amsgrad", "adam, adamw: divide by the largest mean square so far", "no");
    private readonly Option<double?> _clipNorm = Number("--clip-norm", "The longest gradient of one weight", Range.Positive, "none");
    private readonly Option<double?> _globalClipNorm = Number(
        "--global-clip-norm",
        "The longest gradient of all weights together",
        Range.Positive,
        "none"
    );
    private readonly Option<double?> _clipValue = Number("--clip-value", "The largest number of a gradient", Range.Positive, "none");
    private readonly Option<double?> _ema = Number(
        "--ema",
        "Average the weights over the steps with this momentum; the average is validated and kept",
        Range.Part,
        "none"
    );
    private readonly Option<int?> _emaOverwrite = Make.Whole(
        ["--ema-overwrite"],
        "Go on from the average after each so many steps",
        1,
        "never"
    );

    public IReadOnlyList<Option> All =>
        [
            _optimizer,
            _learningRate,
            _adamRate,
            _rho,
            _momentum,
            _nesterov,
            _beta1,
            _beta2,
            _epsilon,
            _centered,
            _amsGrad,
            _weightDecay,
            _clipNorm,
            _globalClipNorm,
            _clipValue,
            _ema,
            _emaOverwrite,
        ];

    /// <summary>Whether the learning rate was given.</summary>
    public bool GivesRate(ParseResult parsed) => parsed.GetResult(_learningRate) is { Implicit: false };

    /// <summary>Whether averages were asked for.</summary>
    public bool GivesAverages(ParseResult parsed) => parsed.GetResult(_ema) is { Implicit: false };

    /// <summary>The optimizer that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="recipe">The recipe's optimizer.</param>
    /// <param name="problems">Receives the numbers that it does not have.</param>
    public Optimizer In(ParseResult parsed, Optimizer recipe, ICollection<string> problems)
    {
        string name = parsed.GetValue(_optimizer) ?? recipe.Name;
        var start = name == recipe.Name ? recipe : s_optimizers.Single(o => o.Name == name);
        var used = new HashSet<Option>();
        var result = Fill(start) with
        {
            LearningRate = Of(_learningRate, start.LearningRate),
            WeightDecay = Of(_weightDecay, start.WeightDecay),
            ClipNorm = Clip(_clipNorm, start.ClipNorm),
            GlobalClipNorm = Clip(_globalClipNorm, start.GlobalClipNorm),
            ClipValue = Clip(_clipValue, start.ClipValue),
            UseEma = start.UseEma || GivesAverages(parsed),
            EmaMomentum = Of(_ema, start.EmaMomentum),
            EmaOverwriteFrequency = parsed.GetValue(_emaOverwrite) ?? start.EmaOverwriteFrequency,
        };
        string[] clips =
        [
            .. ((Option<double?>[])[_clipNorm, _globalClipNorm, _clipValue]).Where(o => parsed.GetValue(o) is not null).Select(o => o.Name),
        ];
        if (clips.Length > 1)
            problems.Add($"{string.Join(" and ", clips)} exclude each other");
        used.Add(_emaOverwrite);
        if (result is { EmaOverwriteFrequency: not null, UseEma: false })
            problems.Add("--ema-overwrite needs --ema: there are no averages");
        foreach (var option in All.Skip(1).Where(o => !used.Contains(o) && parsed.GetResult(o) is { Implicit: false }))
            problems.Add($"{option.Name} is not a number of the optimizer {name}");
        return result;

        Optimizer Fill(Optimizer optimizer) =>
            optimizer switch
            {
                SGD o => o with { Momentum = Of(_momentum, o.Momentum), Nesterov = Flag(_nesterov, o.Nesterov) },
                RMSprop o => o with
                {
                    Rho = Of(_rho, o.Rho),
                    Momentum = Of(_momentum, o.Momentum),
                    Epsilon = Of(_epsilon, o.Epsilon),
                    Centered = Flag(_centered, o.Centered),
                },
                Adam o => o with
                {
                    Beta1 = Of(_beta1, o.Beta1),
                    Beta2 = Of(_beta2, o.Beta2),
                    Epsilon = Of(_epsilon, o.Epsilon),
                    AmsGrad = Flag(_amsGrad, o.AmsGrad),
                },
                AdamW o => o with
                {
                    Beta1 = Of(_beta1, o.Beta1),
                    Beta2 = Of(_beta2, o.Beta2),
                    Epsilon = Of(_epsilon, o.Epsilon),
                    AmsGrad = Flag(_amsGrad, o.AmsGrad),
                },
                Nadam o => o with { Beta1 = Of(_beta1, o.Beta1), Beta2 = Of(_beta2, o.Beta2), Epsilon = Of(_epsilon, o.Epsilon) },
                Lion o => o with { Beta1 = Of(_beta1, o.Beta1), Beta2 = Of(_beta2, o.Beta2) },
                Muon o => o with
                {
                    AdamRate = Of(_adamRate, o.AdamRate),
                    Momentum = Of(_momentum, o.Momentum),
                    Beta1 = Of(_beta1, o.Beta1),
                    Beta2 = Of(_beta2, o.Beta2),
                    Epsilon = Of(_epsilon, o.Epsilon),
                },
                _ => optimizer,
            };

        // one way of clipping takes the place of another
        float? Clip(Option<double?> option, float? fallback)
        {
            used.Add(option);
            bool given = ((Option<double?>[])[_clipNorm, _globalClipNorm, _clipValue]).Any(o => parsed.GetValue(o) is not null);
            return given ? (float?)parsed.GetValue(option) : fallback;
        }

        bool Flag(Toggle option, bool fallback)
        {
            used.Add(option);
            return option.In(parsed) ?? fallback;
        }

        float Of(Option<double?> option, float fallback)
        {
            used.Add(option);
            return (float?)parsed.GetValue(option) ?? fallback;
        }
    }

    private static Option<double?> Number(string name, string help, Range range, string fallback, params string[] aliases) =>
        Make.Real([name, .. aliases], help, range, fallback);
}
