using System.CommandLine;
using Latent.Cli.Train;
using Latent.Engine;
using Latent.Training;

namespace Latent.Cli.Tests.Train;

public sealed class RecipeOptionsTests
{
    private static TrainingOptions Parse(string line, int latent = 10)
    {
        var recipe = new RecipeOptions();
        var command = new Command("train");
        foreach (var option in (Option[])[.. recipe.Main, .. recipe.Order, .. recipe.End, .. recipe.Optimizer, .. recipe.Schedule])
            command.Options.Add(option);
        var parsed = command.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(parsed.Errors);
        var problems = new List<string>();
        var options = recipe.In(parsed, latent, null, problems);
        Assert.Empty(problems);
        return options;
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
        Assert.Equal((0.3, 0.04, 4e-6), (new OneCycleSchedule().Rise, new OneCycleSchedule().Start, new OneCycleSchedule().Floor));
    }
}
