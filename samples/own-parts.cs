#:project ../src/Latent/Latent.csproj
#:property PublishAot=false
// A layer and a loss that Latent does not have, in a program of one's own: described, trained, saved and opened again.
//   dotnet run -c Release samples/own-parts.cs 200      with so many updates
using System.Text.Json.Nodes;
using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

CustomLayer.Register("Coordinates", config => new Coordinates(config.GetProperty("scale").GetSingle())); // for Autoencoder.Open
var (train, test) = Mnist.Load();
var encoder = new Network("encoder", train.Shape, [new Coordinates(0.5f), .. Article.Encoder(10).Layers]);
var model = new Autoencoder(encoder, Article.Decoder(10), seed: 1);
var options = Recipes.Fast(10) with { Loss = new Charbonnier(0.01f), Steps = long.Parse(args.FirstOrDefault("200")) };
Console.WriteLine($"trained: {model.Fit(train, test, options).BestValLoss:F5}");
model.Save("own-parts.safetensors");
Console.WriteLine($"opened:  {Autoencoder.Open("own-parts.safetensors").Evaluate(test, options.Loss):F5}");

/// <summary>Two more channels, the row and the column of each pixel from −scale to scale (CoordConv; Liu et al., 2018).</summary>
sealed record Coordinates(float Scale) : CustomLayer
{
    public override JsonObject Config => new() { ["scale"] = Scale };

    public override Shape Output(Shape input) => new(input.Height, input.Width, input.Channels + 2);

    public override void Forward(in LayerForward pass)
    {
        var (height, width, channels) = (pass.InputShape.Height, pass.InputShape.Width, pass.InputShape.Channels);
        for (int pixel = 0; pixel < height * width; pixel++)
        {
            var to = pass.Output.Slice(pixel * (channels + 2), channels + 2);
            pass.Input.Slice(pixel * channels, channels).CopyTo(to);
            (to[^2], to[^1]) = (Scale * (2f * (pixel / width) / height - 1), Scale * (2f * (pixel % width) / width - 1));
        }
    }

    public override void Backward(in LayerBackward pass)
    {
        for (int i = 0, channels = pass.InputShape.Channels; i < pass.InputGradient.Length; i++)
            pass.InputGradient[i] = pass.OutputGradient[i / channels * (channels + 2) + i % channels];
    }
}

/// <summary>The mean of √(d² + ε²): the absolute error, smooth at 0 (Charbonnier et al., 1994).</summary>
sealed record Charbonnier(float Epsilon) : CustomLoss
{
    protected override double Compute(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Shape shape, Span<float> gradient)
    {
        double sum = 0;
        for (int i = 0; i < output.Length; i++)
            sum += float.Hypot(output[i] - target[i], Epsilon);
        for (int i = 0; i < gradient.Length; i++) // none where only the loss is wanted
            gradient[i] = (output[i] - target[i]) / float.Hypot(output[i] - target[i], Epsilon) / output.Length;
        return sum / output.Length;
    }
}
