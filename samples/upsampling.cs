#:project ../src/Latent/Latent.csproj
#:project ../src/Latent.Images/Latent.Images.csproj
#:property PublishAot=false

// Do decoders draw checkerboards? The article's autoencoder with five ways to enlarge an image: the loss of each, and how much of what it draws
// has the frequencies of its strides. docs/recipes/upsampling.md says what came out. Numbers on the screen, figures in the current folder.
//   dotnet run -c Release samples/upsampling.cs                          all of it, some minutes
//   dotnet run -c Release samples/upsampling.cs 300 1 article            300 updates (0: the recipe's number), 1 seed, another recipe,
//   dotnet run -c Release samples/upsampling.cs 0 3 fast fashion-mnist   another data set of 28 × 28 grey pixels
using System.Diagnostics;
using Latent.Analysis;
using Latent.Data;
using Latent.Engine;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

string Argument(int i, string otherwise) => args.Length > i ? args[i] : otherwise;
var (updates, seeds, data) = (long.Parse(Argument(0, "0")), int.Parse(Argument(1, "3")), DataSets.Open(Argument(3, "mnist")));
var recipe = Recipes.ByName(Argument(2, "fast"), latent: 10) with { Steps = updates > 0 ? updates : null };

// The decoders differ in this alone: how an image becomes twice as high and wide. It happens twice, from 7 × 7 to 28 × 28.
Conv2D Conv(int filters, Activation activation) => new(filters, 3, 1, Padding.Same, activation);
Layer[] Enlarge(string way, int filters, Activation activation) =>
    way switch
    {
        "nearest" => [new UpSampling2D(2), Conv(filters, activation)],
        "bilinear" => [new UpSampling2D(2) { Interpolation = Interpolation.Bilinear }, Conv(filters, activation)],
        "transposed 2 × 2" => [new Conv2DTranspose(filters, 2, 2, Padding.Same, activation)],
        "transposed 3 × 3" => [new Conv2DTranspose(filters, 3, 2, Padding.Same, activation)],
        _ => [new Conv2DTranspose(filters, 4, 2, Padding.Same, activation)],
    };
string[] ways = ["nearest", "bilinear", "transposed 2 × 2", "transposed 3 × 3", "transposed 4 × 4"];
Layer[] start = [new Dense(7 * 7 * 64, Activation.Relu), new Reshape(new(7, 7, 64)), Conv(64, Activation.Relu)];

// Train each from each seed. Before, after some of the steps and at the end, look at what it makes of the same images.
string[] stages = ["0 steps", "10 steps", "30 steps", "100 steps", "300 steps", "1000 steps", "trained", "random codes"];
var probe = data.Test.Take(1000);
var drawn = new Dictionary<(string Way, string Stage), float[]>(); // with the first seed
var spectra = new Dictionary<(string Way, string Stage), List<PowerSpectrum>>(); // with each seed
Add("original", "", [.. probe.Pixels.ToArray().Select(pixel => pixel / 255f)]);
Console.WriteLine($"{"", -16}{"2 pixels: share %", -32}{"prominence", -32}{"4 pixels: share %", -32}prominence\noriginal");
Print("original", "");
foreach (string way in ways)
{
    Layer[] decoder = [.. start, .. Enlarge(way, 32, Activation.Relu), .. Enlarge(way, 1, Activation.Sigmoid)];
    var (losses, times, clock) = (new List<double>(), new List<double>(), new Stopwatch());
    for (int seed = 1; seed <= seeds; seed++)
    {
        var model = new Autoencoder(Article.Encoder(10), new("decoder", Shape.Vector(10), [.. decoder]), seed);
        void Look(string stage)
        {
            if (stages.Contains(stage))
                Add(way, stage, model.Reconstruct(probe));
        }
        Look("0 steps");
        var time = new LambdaCallback { BatchBegin = _ => clock.Restart(), BatchEnd = _ => times.Add(clock.Elapsed.TotalMilliseconds) };
        var look = new LambdaCallback { BatchEnd = at => Look($"{at.Step} steps") };
        var result = model.Fit(data.Train, data.Test, recipe with { Seed = seed, Callbacks = [.. recipe.Callbacks, time, look] });
        losses.Add(result.BestValLoss!.Value);
        Look("trained");
        var (codes, random) = (model.Encode(data.Test), new RandomStream(seed, "codes")); // each number is that of some test image's code
        float[] mixed = [.. Enumerable.Range(0, 10 * probe.Count).Select(i => codes[10 * random.Next(data.Test.Count) + i % 10])];
        Add(way, "random codes", model.Decode(mixed));
    }
    Console.WriteLine($"{way}: val_loss {Range(losses, "F5")}, the median step {times.Order().ElementAt(times.Count / 2):F1} ms");
    foreach (string stage in stages.Where(stage => drawn.ContainsKey((way, stage))))
        Print(way, stage);
}

// The figures: pictures of the first seed, curves of all.
string[] seen = [.. stages.SkipLast(1).Where(stage => drawn.ContainsKey((ways[0], stage)))];
var options = new FigureOptions { Scale = 1 };
ImageRow[] crops = [.. ways.Select(way => new ImageRow(way, [.. seen.SelectMany(stage => Stretched(Middle(drawn[(way, stage)], 1)))]))];
ImageRow[] maps = [.. ways.Select(way => new ImageRow(way, [.. seen.SelectMany(stage => spectra[(way, stage)][0].Picture())]))];
ImageRow[] last =
[
    new("original", Middle(drawn[("original", "")], 10)),
    .. ways.Select(way => new ImageRow(way, Middle(drawn[(way, "trained")], 10))),
];
Rows("learning", "A test image while each decoder learns", "Its middle, each picture stretched from black to white", 16, crops, seen);
Rows("spectra", "Spectra while each decoder learns", "Log power; frequency 0 in the middle, 1/2 at left and top", 28, maps, seen);
Rows("trained", "After the training", "The middle 16 × 16 pixels of the first test images", 16, last, null);
foreach (string stage in seen)
{
    Curve[] curves = [Curve("original", ""), .. ways.Select(way => Curve(way, stage))];
    string title = $"Spectra after {(stage == "trained" ? "the training" : stage)}";
    const string what = "Power at each frequency along rows and columns, the mean over 1,000 test images and all seeds";
    var figure = Figures.Curves(title, what, "cycles per pixel", "power", curves, logarithmic: true, options);
    figure.Save($"upsampling-spectrum-{stage.Split(' ')[0]}.png");
}

void Rows(string name, string title, string subtitle, int side, ImageRow[] rows, string[]? columns) =>
    Figures.ImageRows(title, subtitle, new(side, side, 1), rows, columns, options).Save($"upsampling-{name}.png");
void Add(string way, string stage, float[] images)
{
    drawn.TryAdd((way, stage), images);
    spectra.TryAdd((way, stage), []);
    spectra[(way, stage)].Add(PowerSpectrum.Of(images, probe.Shape));
}
void Print(string way, string stage)
{
    string Of(Func<PowerSpectrum, double> number, string form) => $"{Range(spectra[(way, stage)].Select(number), form), -32}";
    string Both(int period) => Of(s => 100 * s.Share(period), "F4") + Of(s => s.Prominence(period), "F2");
    Console.WriteLine($"  {stage, -14}{Both(2)}{Both(4)}");
}
Curve Curve(string way, string stage)
{
    double Power(int u) => spectra[(way, stage)].Average(s => Enumerable.Range(0, 28).Average(v => (s[u, v] + s[v, u]) / 2));
    return new(way, [.. Enumerable.Range(0, 15).Select(u => u / 28.0)], [.. Enumerable.Range(0, 15).Select(Power)]);
}
static string Range(IEnumerable<double> n, string form) =>
    $"{n.Average().ToString(form)} ({n.Min().ToString(form)} to {n.Max().ToString(form)})";
static float[] Middle(float[] images, int count) =>
    [.. Enumerable.Range(0, 256 * count).Select(i => images[i / 256 * 784 + (6 + i / 16 % 16) * 28 + 6 + i % 16])];
static float[] Stretched(float[] pixels) => [.. pixels.Select(pixel => (pixel - pixels.Min()) / (pixels.Max() - pixels.Min()))];
