#:project ../src/Latent/Latent.csproj
#:project ../src/Latent.Images/Latent.Images.csproj
#:property PublishAot=false

// The article's notebook, line by line: two autoencoders of MNIST's digits, and what they learned as pictures in the current folder.
//   dotnet run -c Release samples/article.cs          the article's training, some minutes
//   dotnet run -c Release samples/article.cs 100      the same with 100 updates each, to see it run
using Latent.Analysis;
using Latent.Data;
using Latent.Engine;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

long? steps = args.Length > 0 ? long.Parse(args[0]) : null;

// The data. Pixels stay bytes in memory and are divided by 255 where they are used; the input is also the target.
var (train, test) = Mnist.Load();
Console.WriteLine($"{train.Count} training images, {test.Count} test images, each {train.Shape}");
Figures.Examples(train).Save("examples.png");

// The networks: an encoder from an image to a code of some numbers, and a decoder back.
Conv2D Conv(int filters, int strides = 1) => new(filters, 3, strides, Padding.Same, Activation.Relu);
Network Encoder(int latent) =>
    new("encoder", new(28, 28, 1), Conv(8, strides: 2), Conv(8), Conv(8, strides: 2), Conv(8), new Flatten(), new Dense(latent));
Network Decoder(int latent) =>
    new(
        "decoder",
        Shape.Vector(latent),
        new Dense(7 * 7 * 64, Activation.Relu),
        new Reshape(new(7, 7, 64)),
        Conv(64),
        new UpSampling2D(2),
        Conv(32),
        new UpSampling2D(2),
        Conv(1) with
        {
            Activation = Activation.Sigmoid,
        }
    );

// Compile and fit: what Keras takes in two calls is one record here. The best weights are saved, and loaded at the end.
Autoencoder Train(int latent, float rate, int epochs)
{
    var model = new Autoencoder(Encoder(latent), Decoder(latent), seed: 1);
    Console.WriteLine(Summary.Of(model.Encoder, model.Decoder));
    var best = new ModelCheckpoint($"z{latent}.safetensors") { SaveBestOnly = true };
    var stop = new EarlyStopping(Patience: 5);
    var show = new LambdaCallback { EpochEnd = c => Console.WriteLine($"epoch {c.Epoch + 1}: val_loss {c.Logs["val_loss"]:F5}") };
    var options = new TrainingOptions
    {
        Optimizer = new RMSprop(rate),
        Loss = new MeanSquaredError(),
        BatchSize = 64,
        DropRemainder = true,
        ValidationDropRemainder = true,
        Epochs = epochs,
        Steps = steps,
        Callbacks = [best, stop, show],
    };
    model.Fit(train, test, options);
    return Autoencoder.Open(best.FilePath);
}

// Ten numbers per image: the first test images over their reconstructions.
var ten = Train(latent: 10, rate: 3e-4f, epochs: 100);
Figures.Reconstructions(test, ten.Reconstruct(test.Take(10))).Save("reconstructions.png");

// Two numbers per image can be drawn: where the digits lie in the plane, encoded from rounded images as the article does it;
var two = Train(latent: 2, rate: 1e-3f, epochs: 50);
var some = test.Take(1000).Rounded();
var codes = two.Encode(some);
var plane = CodePlane.Of(codes, latentSize: 2);
Figures.LatentScatter(plane, codes, some.Labels).Save("scatter.png");

// and what the decoder makes of the points of a grid.
Figures.LatentGrid(plane, points => two.Decode(points), two.ImageShape).Save("grid.png");
