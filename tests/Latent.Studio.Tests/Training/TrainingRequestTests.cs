using Latent.Engine;
using Latent.Studio.Training;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Studio.Tests.Training;

public sealed class TrainingRequestTests : IDisposable
{
    private static readonly TrainingRequest s_right = new() { Data = Repository.Mnist };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_recipe_alone_is_right() => Assert.Empty(s_right.Problems(_folder.Path));

    [Fact]
    public void What_is_given_takes_the_place_of_the_recipes()
    {
        var options = (
            s_right with
            {
                Recipe = "article",
                Latent = 2,
                LearningRate = 0.002,
                Epochs = 4,
                BatchSize = 100,
                Seed = 7,
                Threads = 1,
            }
        ).ToOptions();
        var recipe = Recipes.Article(2);
        Assert.Equal(
            (4, 100, 7L, 1, 0.002f),
            (options.Epochs, options.BatchSize, options.Seed, options.Threads, options.Optimizer.LearningRate)
        );
        Assert.Equal((recipe.Schedule, recipe.KeepBest, recipe.DropRemainder), (options.Schedule, options.KeepBest, options.DropRemainder));
        Assert.Equal([typeof(TerminateOnNaN), typeof(EarlyStopping)], options.Callbacks.Select(c => c.GetType()));
        Assert.IsType<RMSprop>(options.Optimizer);
    }

    public static TheoryData<string, string, string> Wrong =>
        new()
        {
            { "epochs", nameof(TrainingRequest.Epochs), "Epochs must be at least 1; it is 0." },
            { "batch", nameof(TrainingRequest.BatchSize), "BatchSize must be at least 1; it is -3." },
            { "rate", nameof(TrainingRequest.LearningRate), "Muon.LearningRate must be a number above 0; it is -1." },
            { "threads", nameof(TrainingRequest.Threads), "Threads must be at least 0; it is -1." },
            { "latent", nameof(TrainingRequest.Latent), "Latent must be from 1 to 784; it is 0." },
            { "data", nameof(TrainingRequest.Data), "There is no data set 'nowhere' and no such folder." },
            { "name", nameof(TrainingRequest.Name), "A name has letters" },
            { "taken", nameof(TrainingRequest.Name), "There is a run 'taken' already." },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_told_at_its_field(string what, string field, string message)
    {
        Directory.CreateDirectory(_folder["taken"]);
        var request = what switch
        {
            "epochs" => s_right with { Epochs = 0 },
            "batch" => s_right with { BatchSize = -3 },
            "rate" => s_right with { LearningRate = -1 },
            "threads" => s_right with { Threads = -1 },
            "latent" => s_right with { Latent = 0 },
            "data" => s_right with { Data = "nowhere" },
            "name" => s_right with { Name = "../out" },
            _ => s_right with { Name = "taken" },
        };
        var problem = Assert.Single(request.Problems(_folder.Path));
        Assert.Equal(field, problem.Key);
        Assert.StartsWith(message, problem.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/tmp/x")]
    [InlineData(".hidden")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    public void A_name_is_no_path(string name) =>
        Assert.Contains(nameof(TrainingRequest.Name), (s_right with { Name = name }).Problems().Keys);
}
