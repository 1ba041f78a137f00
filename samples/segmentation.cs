#:project ../src/Latent/Latent.csproj
#:project ../src/Latent.Images/Latent.Images.csproj
#:property PublishAot=false

// Which pixels belong to the digit? The article's encoder and decoder, trained to give masks for digits on a noisy background.
//   dotnet run -c Release samples/segmentation.cs          two epochs, a minute; writes segmentation.png
//   dotnet run -c Release samples/segmentation.cs 100      the same with 100 updates, to see it run
using Latent.Data;
using Latent.Engine;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

var (train, test) = Mnist.Load();
var (inputs, masks) = Scene(train, seed: 1);
var (testInputs, testMasks) = Scene(test, seed: 2);

// The article's convolutions without its dense layers: the code is 8 maps of 7 × 7, so that it keeps where things are. The last layer gives
// two probabilities for each pixel: background and digit.
var encoder = new Network("encoder", train.Shape, Article.Encoder(10).Layers[..4]);
var classes = new Conv2D(2, 3, 1, Padding.Same, Activation.Softmax);
var decoder = new Network("decoder", encoder.Output, [.. Article.Decoder(10).Layers[2..^1], classes]);
var model = new Autoencoder(encoder, decoder, seed: 1);

var options = Recipes.Fast(10) with { Loss = new CategoricalCrossentropy(), Epochs = 2, Steps = args is [var n] ? long.Parse(n) : null };
var result = model.Fit(inputs, masks, testInputs, testMasks, options);

// How much of predicted and true digit is common to both: intersection over union, over all test images.
float[] predicted = model.Reconstruct(testInputs);
long both = 0,
    any = 0;
for (int i = 1; i < predicted.Length; i += 2)
{
    bool digit = predicted[i] > 0.5f,
        truth = testMasks.Numbers[i] == 1;
    (both, any) = (both + (digit && truth ? 1 : 0), any + (digit || truth ? 1 : 0));
}
Console.WriteLine($"val_loss {result.BestValLoss:F4}, intersection over union {(double)both / any:P1}, {result.Seconds:F0} s");

// Ten inputs, the probability of the digit, and the truth.
float[] Digit(ReadOnlySpan<float> classes) => [.. classes[..(10 * 784 * 2)].ToArray().Where((_, i) => i % 2 == 1)];
ImageRow[] rows =
[
    new("input", [.. testInputs.Take(10).Pixels.ToArray().Select(pixel => pixel / 255f)]),
    new("probability", Digit(predicted)),
    new("truth", Digit(testMasks.Numbers)),
];
Figures.ImageRows("Digits on a noisy background", "The first ten test images", test.Shape, rows).Save("segmentation.png");

// Digits at two thirds of their brightness under noise from 0 to 200, and which pixels they cover, one number for each class.
static (ImageSet Inputs, FloatSet Masks) Scene(ImageSet digits, long seed)
{
    var random = new RandomStream(seed, "noise");
    var noisy = digits.Pixels.ToArray().Select(p => (byte)Math.Max(p * 2 / 3, random.Next(200))).ToArray();
    var masks = digits.Pixels.ToArray().SelectMany(p => p < 128 ? new float[] { 1, 0 } : [0, 1]).ToArray();
    return (ImageSet.FromPixels(noisy, digits.Count, 28, 28), FloatSet.From(masks, new Shape(28, 28, 2)));
}
