using System.Globalization;
using Latent.Data;
using Latent.Training;
using Microsoft.AspNetCore.Components;

namespace Latent.Studio.Training;

/// <summary>Asks what a new training shall be. What is wrong stands at the field that it is about, as the library says it.</summary>
public sealed partial class TrainingForm
{
    private const string OwnFolder = "…";

    private string _choice = "mnist",
        _recipe = Recipes.Default;
    private string? _folder,
        _name;
    private int? _latent = 10,
        _epochs,
        _batch;
    private double? _rate;
    private long _seed;
    private int _threads;
    private bool _connected;
    private IReadOnlyDictionary<string, string>? _problems; // set where the form is drawn

    /// <summary>Whether a training runs, so that none can be started.</summary>
    [Parameter]
    public bool Busy { get; set; }

    /// <summary>The run that is trained.</summary>
    [Parameter]
    public string? BusyWith { get; set; }

    /// <summary>The folder of runs, in which a name must be free.</summary>
    [Parameter]
    public string Runs { get; set; } = "runs";

    /// <summary>Called with a request in which nothing is wrong that can be seen without the images.</summary>
    [Parameter]
    public EventCallback<TrainingRequest> OnStart { get; set; }

    /// <summary>What is typed before the page is connected would be lost.</summary>
    private bool Locked => Busy || !_connected;

    private IReadOnlyList<(string Name, bool Here)> DataChoices { get; set; } = [];

    private TrainingOptions Default => Recipes.ByName(_recipe, _latent is > 0 and { } latent ? latent : 10);

    private string DefaultRate => Default.Optimizer.LearningRate.ToString("R", CultureInfo.InvariantCulture);

    private string DefaultName => $"{(_choice == OwnFolder ? "folder" : _choice)}-z{_latent}";

    private string DataHelp =>
        _choice == OwnFolder
            ? "image files, made 64 × 64 and grey, or four files as MNIST has them"
            : "others come here by: latent datasets get NAME";

    private string LatentHelp => _latent is 2 ? "2: the map is the whole latent space" : "numbers in a code; 2 can be drawn as a plane";

    private string RecipeHelp =>
        _recipe switch
        {
            "fast" => "the article's quality in seconds",
            "best" => "a lower loss, later",
            _ => "the article's own, up to 100 epochs",
        };

    private TrainingRequest Request =>
        new()
        {
            Data = _choice == OwnFolder ? _folder ?? "" : _choice,
            Latent = _latent ?? 0,
            Recipe = _recipe,
            Epochs = _epochs,
            BatchSize = _batch,
            LearningRate = _rate,
            Seed = _seed,
            Threads = _threads,
            Name = string.IsNullOrEmpty(_name) ? null : _name,
        };

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        DataChoices = [.. DataSets.Names.Select(name => (name, IsHere(name))).OrderByDescending(choice => choice.Item2)];
        if (!DataChoices.Any(choice => choice.Here && choice.Name == _choice))
            _choice = DataChoices.FirstOrDefault(choice => choice.Here).Name ?? OwnFolder;
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
            return;
        _connected = true;
        StateHasChanged();
    }

    private void Choose(string choice) => _choice = choice;

    /// <summary>Below a field: what is wrong with it, else what to know. MudBlazor's own errors are those of its own rules, and come and go with them.</summary>
    private string? Help(string field, string? help) => _problems?.GetValueOrDefault(field) ?? help;

    private string Look(string field) => _problems?.ContainsKey(field) == true ? "train-wrong" : "";

    private string? Invalid(string field) => _problems?.ContainsKey(field) == true ? "true" : null;

    private async Task Submit()
    {
        if (!Locked && Request.Problems(Runs).Count == 0)
        {
            await OnStart.InvokeAsync(Request);
            _name = null; // it is taken now
        }
    }

    private static bool IsHere(string name)
    {
        try
        {
            return DataSets.Find(name) is not null;
        }
        catch (LatentException)
        {
            return true; // LATENT_DATA is not as it should be: choosing it tells that
        }
    }
}
