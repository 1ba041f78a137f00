using Latent.Engine;
using Latent.Networks;

namespace Latent.Tests.Networks;

/// <summary>A part that is added is in the networks that the tests train, or these tests fail.</summary>
public sealed class EveryPartTests
{
    [Fact]
    public void A_network_of_the_tests_has_every_layer()
    {
        var model = EveryPart.Layers(1);
        Assert.Equal(
            EveryPart.Classes<Layer>().Select(type => type.Name).Order(StringComparer.Ordinal),
            model.Encoder.Layers.Concat(model.Decoder.Layers).Select(layer => layer.GetType().Name).Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void All_losses_are_in_their_list() =>
        Assert.Equal(
            EveryPart.Classes<Loss>().Select(type => type.Name).Order(StringComparer.Ordinal),
            Loss.All.Select(loss => loss.GetType().Name).Order(StringComparer.Ordinal)
        );
}
