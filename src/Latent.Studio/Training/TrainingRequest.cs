using System.Text.RegularExpressions;
using Latent.Data;
using Latent.Training;

namespace Latent.Studio.Training;

/// <summary>What a training is asked to be. What is null is the recipe's.</summary>
public sealed partial record TrainingRequest
{
    /// <summary>A data set's name or a folder of IDX files.</summary>
    public string Data { get; init; } = "mnist";

    /// <summary>How many numbers a code has.</summary>
    public int Latent { get; init; } = 10;

    /// <summary>One of <see cref="Recipes.Names"/>.</summary>
    public string Recipe { get; init; } = Recipes.Default;

    /// <summary>How often all images are seen.</summary>
    public int? Epochs { get; init; }

    /// <summary>The step's size.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Images per update.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The same seed gives the same bits.</summary>
    public long Seed { get; init; }

    /// <summary>Threads to use; 0 is one per core.</summary>
    public int Threads { get; init; }

    /// <summary>The run's name in the folder of runs; null for the data's and the latent size, with a number behind it where that exists.</summary>
    public string? Name { get; init; }

    /// <summary>The options of the training, as `latent train` makes them of the same words.</summary>
    /// <exception cref="LatentException">There is no such recipe.</exception>
    public TrainingOptions ToOptions()
    {
        var recipe = Recipes.ByName(Recipe, Latent);
        return recipe with
        {
            Epochs = Epochs ?? recipe.Epochs,
            BatchSize = BatchSize ?? recipe.BatchSize,
            Optimizer = LearningRate is double rate ? recipe.Optimizer with { LearningRate = (float)rate } : recipe.Optimizer,
            Seed = Seed,
            Threads = Threads,
            Callbacks = [new TerminateOnNaN(), .. recipe.Callbacks], // a loss that is no number never becomes one again
        };
    }

    /// <summary>
    /// What is wrong, by the name of the property, in the words of the library where it has some. What only the images tell is told at the
    /// start.
    /// </summary>
    /// <param name="runs">The folder of runs, which a name must be free in; null leaves that out.</param>
    public IReadOnlyDictionary<string, string> Problems(string? runs = null)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(Data))
            problems[nameof(Data)] = "Data must be a data set's name or a folder.";
        else if (!DataSets.Names.Contains(Data, StringComparer.OrdinalIgnoreCase) && !Directory.Exists(Data))
            problems[nameof(Data)] = $"There is no data set '{Data}' and no such folder.";
        if (Latent is < 1 or > MostLatent)
            problems[nameof(Latent)] = $"Latent must be from 1 to {MostLatent}; it is {Latent}.";
        foreach (string problem in ToOptions().Problems())
            problems.TryAdd(Field(problem), problem);
        if (Name is { Length: > 0 } name)
        {
            if (!NameRule().IsMatch(name))
                problems[nameof(Name)] =
                    "A name has letters, digits, dots, dashes and underscores, at most 64, and begins with a letter or a digit.";
            else if (runs is not null && Path.Exists(Path.Combine(runs, name)))
                problems[nameof(Name)] = $"There is a run '{name}' already.";
        }
        return problems;
    }

    /// <summary>The largest code that the form takes: beyond it an image is larger than its own code.</summary>
    public const int MostLatent = 784;

    /// <summary>The library's sentences begin with the option's name, that of an optimizer's option after its class.</summary>
    private static string Field(string problem)
    {
        string word = problem.Split(' ')[0];
        return word[(word.LastIndexOf('.') + 1)..] switch
        {
            nameof(TrainingOptions.Epochs) => nameof(Epochs),
            nameof(TrainingOptions.BatchSize) => nameof(BatchSize),
            nameof(TrainingOptions.Threads) => nameof(Threads),
            nameof(Engine.Optimizer.LearningRate) => nameof(LearningRate),
            _ => nameof(Recipe),
        };
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", RegexOptions.None, 1000)]
    private static partial Regex NameRule();
}
