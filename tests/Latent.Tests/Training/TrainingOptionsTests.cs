using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Tests.Training;

public sealed class TrainingOptionsTests
{
    [Fact]
    public void All_problems_are_told_at_once()
    {
        var stopping = new EarlyStopping(Patience: -1) { Monitor = "psnr" };
        var options = new TrainingOptions
        {
            BatchSize = 0,
            Epochs = 0,
            Threads = -1,
            Optimizer = new Adam(float.NaN, Beta2: 1),
            Schedule = new LinearSchedule(WarmUp: -1, Hold: 1),
            Callbacks = [stopping, stopping, new ModelCheckpoint("model.keras"), new CSVLogger("")],
        };
        string message = Assert.Throws<LatentException>(options.Validate).Message;
        foreach (
            string part in (string[])
                [
                    "BatchSize",
                    "Epochs",
                    "Threads",
                    "Adam.LearningRate",
                    "Adam.Beta2",
                    "LinearSchedule.WarmUp",
                    "LinearSchedule.Hold",
                    "same EarlyStopping twice",
                    "EarlyStopping.Patience",
                    "'psnr'",
                    ".safetensors",
                    "CSVLogger.FilePath",
                ]
        )
            Assert.Contains(part, message);
    }

    [Fact]
    public void All_problems_of_callbacks_are_told()
    {
        var options = new TrainingOptions
        {
            Schedule = new ExponentialDecay(0.1, 10, 0.5),
            Metrics = ["psnr", "fid", "psnr"],
            Callbacks =
            [
                new ReduceLROnPlateau(1, -1)
                {
                    Cooldown = -1,
                    MinDelta = double.NaN,
                    MinLearningRate = -1,
                },
                new LearningRateScheduler((_, rate) => rate),
                new SwapEMAWeights(),
                new ModelCheckpoint("a.safetensors") { SaveFrequency = 0 },
                new TensorBoard(" ")
                {
                    HistogramFrequency = -1,
                    UpdateFrequency = 0,
                    Images = -1,
                },
            ],
        };
        string message = Assert.Throws<LatentException>(options.Validate).Message;
        foreach (
            string part in (string[])
                [
                    "Metrics has no 'fid'",
                    "Metrics names one twice",
                    "ReduceLROnPlateau.Factor",
                    "ReduceLROnPlateau.Patience",
                    "ReduceLROnPlateau.Cooldown",
                    "ReduceLROnPlateau.MinDelta",
                    "ReduceLROnPlateau.MinLearningRate",
                    "ReduceLROnPlateau cannot change the learning rate: the schedule ExponentialDecay gives it",
                    "LearningRateScheduler cannot change the learning rate",
                    "SwapEMAWeights needs averages: set UseEma of the optimizer RMSprop",
                    "ModelCheckpoint.SaveFrequency",
                    "TensorBoard.LogDirectory",
                    "TensorBoard.HistogramFrequency",
                    "TensorBoard.UpdateFrequency",
                    "TensorBoard.Images",
                ]
        )
            Assert.Contains(part, message);
    }

    [Fact]
    public void All_problems_of_an_optimizer_are_told()
    {
        (Optimizer Optimizer, string[] Parts)[] cases =
        [
            (new SGD(-1, 1), ["LearningRate", "Momentum"]),
            (new RMSprop(0, float.NaN, -1, -1), ["LearningRate", "Rho", "Momentum", "Epsilon"]),
            (new Adam(float.NaN, 1, 1, -1) { WeightDecay = -1 }, ["LearningRate", "Beta1", "Beta2", "Epsilon", "WeightDecay"]),
            (new AdamW(1, -1) { ClipNorm = 0 }, ["WeightDecay", "ClipNorm"]),
            (new Nadam(Beta1: 2) { ClipValue = -1, GlobalClipNorm = float.NaN }, ["Beta1", "ClipValue", "GlobalClipNorm"]),
            (new Lion(Beta2: 1) { EmaMomentum = 1.5f, EmaOverwriteFrequency = 0 }, ["Beta2", "EmaMomentum", "EmaOverwriteFrequency"]),
            (new Muon(AdamRate: -1) { ClipNorm = 1, ClipValue = 1 }, ["AdamRate", "ClipNorm"]),
        ];
        foreach (var (optimizer, parts) in cases)
        {
            string message = Assert.Throws<LatentException>(new TrainingOptions { Optimizer = optimizer }.Validate).Message;
            foreach (string part in parts)
                Assert.Contains($"{optimizer.GetType().Name}.{part} must ", message);
        }
    }

    [Fact]
    public void All_problems_of_a_schedule_are_told()
    {
        (Schedule Schedule, string[] Parts)[] cases =
        [
            (new OneCycleSchedule(1, -1, 2, -3), ["Rise", "Start", "Floor", "WarmUp"]),
            (new ExponentialDecay(double.NaN, -1, 0), ["InitialLearningRate", "DecaySteps", "DecayRate"]),
            (new InverseTimeDecay(-1, 0, -1), ["InitialLearningRate", "DecaySteps", "DecayRate"]),
            (new PiecewiseConstantDecay([3, 3], [1, double.NaN, -1]), ["Boundaries", "Values[1]", "Values[2]"]),
            (new PiecewiseConstantDecay([3], [1]), ["Values"]),
            (new PiecewiseConstantDecay(default, default), ["Values"]),
            (new PolynomialDecay(-1, 0, double.PositiveInfinity, 0), ["InitialLearningRate", "DecaySteps", "EndLearningRate", "Power"]),
            (new CosineDecay(-1, 0, -1, -1, -1), ["InitialLearningRate", "DecaySteps", "Alpha", "WarmUpTarget", "WarmUpSteps"]),
            (new CosineDecayRestarts(-1, -5, 0.5, 0, 2), ["InitialLearningRate", "FirstDecaySteps", "TMul", "MMul", "Alpha"]),
        ];
        foreach (var (schedule, parts) in cases)
        {
            string message = Assert.Throws<LatentException>(new TrainingOptions { Schedule = schedule }.Validate).Message;
            foreach (string part in parts)
                Assert.Contains($"{schedule.GetType().Name}.{part} must ", message);
        }
    }

    [Fact]
    public void Images_that_do_not_fit_are_told_with_the_options()
    {
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2));
        var images = ImageSet.FromPixels(new byte[2 * 16], 2, 4, 4);
        string message = Assert
            .Throws<LatentException>(() =>
                model.Fit(
                    images,
                    validation: images,
                    new() { BatchSize = -3, Targets = images.Take(1) },
                    cancellation: TestContext.Current.CancellationToken
                )
            )
            .Message;
        Assert.Contains("BatchSize must be at least 1; it is -3", message);
        Assert.Contains("The training images are (4, 4, 1); the model takes (28, 28, 1)", message);
        Assert.Contains("The validation images", message);
        Assert.Contains("Targets has 1 samples; there are 2 inputs", message);
        Assert.Contains("ValidationTargets are not", message);
    }

    [Fact]
    public void The_default_options_and_all_recipes_are_valid()
    {
        new TrainingOptions().Validate();
        foreach (string name in Recipes.Names)
        foreach (int latent in (int[])[1, 2, 3, 10, 64])
        {
            var recipe = Recipes.ByName(name, latent);
            recipe.Validate();
            Assert.Equal(name, recipe.RecipeName);
        }
    }

    [Theory]
    [InlineData(10, 3e-4f, 100)]
    [InlineData(3, 3e-4f, 100)]
    [InlineData(2, 1e-3f, 50)]
    public void The_articles_recipe_is_the_articles(int latent, float rate, int epochs)
    {
        var recipe = Recipes.Article(latent);
        Assert.Equal(new RMSprop(rate), recipe.Optimizer);
        Assert.Equal((64, epochs, true, true), (recipe.BatchSize, recipe.Epochs, recipe.DropRemainder, recipe.ValidationDropRemainder));
        Assert.Equal((937, 9984), (recipe.StepsPerEpoch(60000), recipe.ValidationCount(10000)));
        var stopping = Assert.IsType<EarlyStopping>(Assert.Single(recipe.Callbacks));
        Assert.Equal((5, "val_loss"), (stopping.Patience, stopping.Monitor));
        Assert.True(recipe.KeepBest);
        Assert.False(recipe.Calibrate);
    }

    [Theory]
    [InlineData("fast", 10, 3, 0.3)]
    [InlineData("fast", 2, 12, 0.3)]
    [InlineData("fast", 1, 12, 0.3)]
    [InlineData("best", 10, 20, 0)]
    [InlineData("best", 2, 20, 0)]
    public void The_fast_recipes_keep_all_images_and_calibrate(string name, int latent, int epochs, double hold)
    {
        var recipe = Recipes.ByName(name, latent);
        Assert.IsType<Muon>(recipe.Optimizer);
        Assert.Equal((64, epochs, true, true), (recipe.BatchSize, recipe.Epochs, recipe.KeepBest, recipe.Calibrate));
        Assert.Equal((938, 10000), (recipe.StepsPerEpoch(60000), recipe.ValidationCount(10000)));
        Assert.Equal(hold, Assert.IsType<LinearSchedule>(recipe.Schedule).Hold);
    }

    [Fact]
    public void The_warm_up_is_60_steps_or_a_tenth_of_all()
    {
        var schedule = (WarmUpSchedule)Recipes.Fast(10).Schedule;
        Assert.Equal(1.0 / 61, schedule.Factor(0, 2814), 12);
        Assert.Equal(60.0 / 61, schedule.Factor(59, 2814), 12);
        Assert.Equal(1, schedule.Factor(60, 2814));
        double late = (2000 - 60) / (2814.0 - 60);
        Assert.Equal(1 - (late - 0.3) / 0.7, schedule.Factor(2000, 2814), 12);

        Assert.Equal(1.0 / 4, schedule.Factor(0, 30), 12); // three steps of warm-up
        Assert.Equal(1, schedule.Factor(3, 30));
        Assert.Equal(1, schedule.Factor(0, 3)); // none
    }

    [Fact]
    public void An_unknown_recipe_is_told_with_the_known_ones()
    {
        string message = Assert.Throws<LatentException>(() => Recipes.ByName("fsat", 10)).Message;
        Assert.Contains("fast, best, article", message);
        Assert.Contains("did you mean 'fast'", message);
    }
}
