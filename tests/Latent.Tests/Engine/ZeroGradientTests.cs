using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Tests.Engine;

/// <summary>Blank images give kernels gradients of zeros: no optimizer may make numbers of them that are none.</summary>
public sealed class ZeroGradientTests
{
    public static TheoryData<Optimizer> Optimizers =>
        [new Muon(), new RMSprop(), new Adam(), new AdamW(), new Nadam(), new Lion(), new SGD()];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Blank_images_are_learned(Optimizer optimizer)
    {
        var blank = ImageSet.FromPixels(new byte[40 * 784], 40, 28, 28);
        var model = new Autoencoder(Article.Encoder(3), Article.Decoder(3), seed: 1);
        var options = new TrainingOptions
        {
            Optimizer = optimizer,
            Epochs = 3,
            BatchSize = 8,
        };
        var result = model.Fit(blank, blank, options, cancellation: TestContext.Current.CancellationToken);
        Assert.True(double.IsFinite(result.BestValLoss!.Value));
        Assert.True(result.BestValLoss < 0.25);
    }
}
