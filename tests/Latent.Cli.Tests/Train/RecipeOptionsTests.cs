using System.CommandLine;
using Latent.Cli.Train;
using Latent.Engine;
using Latent.Training;

namespace Latent.Cli.Tests.Train;

public sealed class RecipeOptionsTests
{
    private static TrainingOptions Parse(string line, int latent = 10, TrainingOptions? saved = null)
    {
        var (options, problems) = Read(line, latent, saved);
        Assert.Empty(problems);
        return options;
    }

    private static List<string> Problems(string line) => Read(line, 10, null).Problems;

    private static (TrainingOptions Options, List<string> Problems) Read(string line, int latent, TrainingOptions? saved)
    {
        var recipe = new RecipeOptions();
        var command = new Command("train");
        foreach (var option in (Option[])[.. recipe.Main, .. recipe.Order, .. recipe.End, .. recipe.Optimizer, .. recipe.Schedule])
            command.Options.Add(option);
        var parsed = command.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(parsed.Errors);
        var problems = new List<string>();
        return (recipe.In(parsed, latent, saved, problems), problems);
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("best")]
    [InlineData("article")]
    public void Without_options_it_is_the_recipe(string name)
    {
        foreach (int latent in (int[])[2, 10])
        {
            var (ours, recipe) = (Parse($"--recipe {name}", latent), Recipes.ByName(name, latent));
            Assert.Equal(recipe with { Callbacks = [] }, ours with { Callbacks = [] });
            var (stopping, expected) = (
                ours.Callbacks.OfType<EarlyStopping>().SingleOrDefault(),
                recipe.Callbacks.OfType<EarlyStopping>().SingleOrDefault()
            );
            Assert.Equal(
                (expected?.Patience, expected?.MinDelta, expected?.RestoreBestWeights),
                (stopping?.Patience, stopping?.MinDelta, stopping?.RestoreBestWeights)
            );
            Assert.Single(ours.Callbacks.OfType<TerminateOnNaN>());
        }
    }

    [Fact]
    public void Fast_is_the_default() => Assert.Equal("fast", Parse("").RecipeName);

    [Fact]
    public void Each_option_by_name()
    {
        var options = Parse(
            "--epochs 7 --batch 32 --loss bce --no-shuffle --drop-remainder --validation-drop-remainder --patience 4 --min-delta 0.001 --no-keep-best --no-calibrate"
        );
        Assert.Equal((7, 32, "bce", false), (options.Epochs, options.BatchSize, options.Loss.Name, options.Shuffle));
        Assert.Equal(
            (true, true, false, false),
            (options.DropRemainder, options.ValidationDropRemainder, options.KeepBest, options.Calibrate)
        );
        var stopping = Assert.Single(options.Callbacks.OfType<EarlyStopping>());
        Assert.Equal((4, 0.001), (stopping.Patience, stopping.MinDelta));
    }

    [Fact]
    public void Steps_are_the_schedules_total() => Assert.Equal(20, Parse("--steps 20").TotalSteps(60000));

    [Fact]
    public void Patience_off_takes_the_recipes_stopping_away() =>
        Assert.Empty(Parse("--recipe article --patience off").Callbacks.OfType<EarlyStopping>());

    [Fact]
    public void Of_a_yes_and_a_no_the_last_counts()
    {
        Assert.False(Parse("--calibrate --no-calibrate").Calibrate);
        Assert.True(Parse("--no-calibrate --calibrate").Calibrate);
    }

    [Fact]
    public void Optimizers()
    {
        Assert.Equal(new RMSprop(3e-4f, Momentum: 0.5f, Centered: true), Parse("--recipe article --momentum 0.5 --centered").Optimizer);
        Assert.Equal(new RMSprop(), Parse("--optimizer rmsprop").Optimizer);
        Assert.Equal(
            new Adam(2e-3f, Beta1: 0.8f, Beta2: 0.9f, Epsilon: 1e-6f),
            Parse("--optimizer adam -l 2e-3 --beta1 .8 --beta2 .9 --epsilon 1e-6").Optimizer
        );
        Assert.Equal(new AdamW(WeightDecay: 0.1f), Parse("--optimizer adamw --weight-decay 0.1").Optimizer);
        Assert.Equal(new Muon(AdamRate: 0.001f), Parse("--adam-rate 0.001").Optimizer);
        Assert.Equal(
            new SGD(0.1f, 0.9f, Nesterov: true) { ClipNorm = 1 },
            Parse("--optimizer sgd -l 0.1 --momentum 0.9 --nesterov --clip-norm 1").Optimizer
        );
        Assert.Equal(
            new Adam(AmsGrad: true) { GlobalClipNorm = 0.5f, WeightDecay = 0.01f },
            Parse("--optimizer adam --amsgrad --global-clip-norm 0.5 --weight-decay 0.01").Optimizer
        );
        Assert.Equal(new Nadam(Beta1: 0.8f) { ClipValue = 0.1f }, Parse("--optimizer nadam --beta1 0.8 --clip-value 0.1").Optimizer);
        Assert.Equal(new Lion(1e-4f, Beta2: 0.98f), Parse("--optimizer lion -l 1e-4 --beta2 0.98").Optimizer);
    }

    [Fact]
    public void Averages_are_validated()
    {
        var options = Parse("--ema 0.95 --ema-overwrite 100 --recipe article");
        Assert.Equal(
            new RMSprop(3e-4f)
            {
                UseEma = true,
                EmaMomentum = 0.95f,
                EmaOverwriteFrequency = 100,
            },
            options.Optimizer
        );
        Assert.IsType<SwapEMAWeights>(options.Callbacks[0]);
        options.Validate();
        Assert.Empty(Parse("--recipe article").Callbacks.OfType<SwapEMAWeights>());
    }

    [Fact]
    public void Metrics_and_reducing_on_a_plateau()
    {
        var plateau = Assert.Single(Parse("--reduce-on-plateau 3 --plateau-factor 0.5").Callbacks.OfType<ReduceLROnPlateau>());
        Assert.Equal((3, 0.5), (plateau.Patience, plateau.Factor));
        Assert.Equal(["psnr", "ssim"], Parse("--metrics psnr,ssim").Metrics);
        Assert.Empty(Parse("--reduce-on-plateau off").Callbacks.OfType<ReduceLROnPlateau>());
    }

    [Theory]
    [InlineData("--clip-norm 1 --clip-value 1", "--clip-norm and --clip-value exclude each other")]
    [InlineData("--ema-overwrite 5", "--ema-overwrite needs --ema")]
    [InlineData("--plateau-factor 0.5", "--plateau-factor needs --reduce-on-plateau")]
    [InlineData("--schedule exponential --decay-rate 0.5", "the schedule exponential needs --decay-steps")]
    [InlineData("--schedule inverse-time --decay-steps 5", "the schedule inverse-time needs --decay-rate")]
    [InlineData("--schedule polynomial --warm-up 5 --decay-steps 9", "--warm-up is not a number of the schedule polynomial")]
    [InlineData("--schedule piecewise-constant --boundaries 5 --rates 1", "needs --boundaries and --rates, which are one more")]
    [InlineData("--optimizer lion --epsilon 1", "--epsilon is not a number of the optimizer lion")]
    public void What_does_not_go_together_is_told(string line, string problem) =>
        Assert.Contains(problem, string.Join('\n', Problems(line)));

    /// <summary>A run that goes on has the numbers that it was started with.</summary>
    [Theory]
    [InlineData("--schedule cosine-decay --decay-steps 50 --warm-up 5 --alpha 0.1 --ema 0.9")]
    [InlineData("--schedule exponential --decay-steps 50 --decay-rate 0.9 --staircase -l 0.2 --optimizer sgd")]
    [InlineData("--schedule piecewise-constant --boundaries 5,9 --rates 1e-3,2e-3,0 --reduce-on-plateau off --clip-norm 2")]
    [InlineData("--reduce-on-plateau 4 --patience 3 --weight-decay 0.1")]
    public void A_run_goes_on_with_its_own_options(string line)
    {
        var saved = Parse(line);
        foreach (string again in (string[])["", line])
        {
            var options = Parse(again, saved: saved);
            Assert.Equal(saved with { Callbacks = [] }, options with { Callbacks = [] });
            Assert.Equal(saved.Callbacks.Select(c => c.GetType()), options.Callbacks.Select(c => c.GetType()));
        }
    }

    [Fact]
    public void Schedules()
    {
        Assert.Equal(new LinearSchedule(60, 0.5) { WarmUpPart = 0.1 }, Parse("--hold 0.5").Schedule);
        Assert.Equal(new CosineSchedule(10, 0.1), Parse("--schedule cosine --warm-up 10 --floor 0.1").Schedule);
        Assert.Equal(new CosineSchedule(60) { WarmUpPart = 0.1 }, Parse("--schedule cosine").Schedule);
        Assert.Equal(
            new OneCycleSchedule(0.2, 0.1, 0),
            Parse("--recipe article --schedule one-cycle --rise 0.2 --start 0.1 --floor 0").Schedule
        );
        Assert.Equal(new ConstantSchedule(), Parse("--schedule constant --warm-up 0").Schedule);
        Assert.Equal(
            new ExponentialDecay(0.02, 50, 0.9, Staircase: true),
            Parse("--schedule exponential --decay-steps 50 --decay-rate 0.9 --staircase").Schedule
        );
        Assert.Equal(
            new InverseTimeDecay(0.001, 50, 0.9),
            Parse("--optimizer adam --schedule inverse-time --decay-steps 50 --decay-rate 0.9").Schedule
        );
        Assert.Equal(
            new PiecewiseConstantDecay([10, 50], [1e-3, 5e-4, 0]),
            Parse("--schedule piecewise-constant --boundaries 10,50 --rates 1e-3,5e-4,0").Schedule
        );
        Assert.Equal(
            new PolynomialDecay(0.1, 50, 0.01, 2, Cycle: true),
            Parse("-l 0.1 --schedule polynomial --decay-steps 50 --end-rate 0.01 --power 2 --cycle").Schedule
        );
        Assert.Equal(new CosineDecay(0.1, 50, 0.2), Parse("-l 0.1 --schedule cosine-decay --decay-steps 50 --alpha 0.2").Schedule);
        Assert.Equal(new CosineDecay(0, 50, 0, 0.1, 7), Parse("-l 0.1 --schedule cosine-decay --decay-steps 50 --warm-up 7").Schedule);
        Assert.Equal(
            new CosineDecayRestarts(0.1, 50, 1.5, 0.9, 0.1),
            Parse("-l 0.1 --schedule cosine-restarts --decay-steps 50 --t-mul 1.5 --m-mul 0.9 --alpha 0.1").Schedule
        );
    }

    /// <summary>The help's defaults are sentences: this holds them to the numbers.</summary>
    [Fact]
    public void The_defaults_in_the_help_are_the_recipes()
    {
        var (fast, best, article) = (Recipes.Fast(10), Recipes.Best(10), Recipes.Article(10));
        Assert.Equal((3, 12, 20, 20), (fast.Epochs, Recipes.Fast(2).Epochs, best.Epochs, Recipes.Best(2).Epochs));
        Assert.Equal((100, 50), (article.Epochs, Recipes.Article(2).Epochs));
        foreach (var recipe in (TrainingOptions[])[fast, best])
        {
            Assert.Equal(
                (64, "mse", true, false, false, true, true),
                (
                    recipe.BatchSize,
                    recipe.Loss.Name,
                    recipe.Shuffle,
                    recipe.DropRemainder,
                    recipe.ValidationDropRemainder,
                    recipe.KeepBest,
                    recipe.Calibrate
                )
            );
            Assert.Equal(new Muon(0.02f, Momentum: 0.95f, AdamRate: 0.006f, Beta1: 0.9f, Beta2: 0.99f, Epsilon: 1e-8f), recipe.Optimizer);
            Assert.Equal((60, 0.1), (((WarmUpSchedule)recipe.Schedule).WarmUp, ((WarmUpSchedule)recipe.Schedule).WarmUpPart));
            Assert.Empty(recipe.Callbacks);
        }
        Assert.Equal((0.3, 0), (((LinearSchedule)fast.Schedule).Hold, ((LinearSchedule)best.Schedule).Hold));
        Assert.Equal(
            (64, "mse", true, true, true, true, false),
            (
                article.BatchSize,
                article.Loss.Name,
                article.Shuffle,
                article.DropRemainder,
                article.ValidationDropRemainder,
                article.KeepBest,
                article.Calibrate
            )
        );
        Assert.Equal(new RMSprop(3e-4f, Rho: 0.9f, Momentum: 0, Epsilon: 1e-7f, Centered: false), article.Optimizer);
        Assert.Equal(1e-3f, Recipes.Article(2).Optimizer.LearningRate);
        Assert.Equal(new ConstantSchedule(0), article.Schedule);
        Assert.Equal((1e-3f, 0.9f, 0.999f, 1e-7f), (new Adam().LearningRate, new Adam().Beta1, new Adam().Beta2, new Adam().Epsilon));
        Assert.Equal(
            (1e-3f, 0.9f, 0.999f, 1e-7f, 4e-3f),
            (new AdamW().LearningRate, new AdamW().Beta1, new AdamW().Beta2, new AdamW().Epsilon, new AdamW().WeightDecay)
        );
        Assert.Equal(
            (1e-2f, 1e-3f, 1e-3f, 0.99f),
            (new SGD().LearningRate, new Nadam().LearningRate, new Lion().LearningRate, new Lion().Beta2)
        );
        var (polynomial, restarts) = (new PolynomialDecay(1, 1), new CosineDecayRestarts(1, 1));
        Assert.Equal((1e-4, 1, 2, 1, 0), (polynomial.EndLearningRate, polynomial.Power, restarts.TMul, restarts.MMul, restarts.Alpha));
        Assert.Equal((0.1, 0), (new ReduceLROnPlateau().Factor, new CosineDecay(1, 1).Alpha));
        Assert.Equal((0.3, 0.04, 4e-6), (new OneCycleSchedule().Rise, new OneCycleSchedule().Start, new OneCycleSchedule().Floor));
    }
}
