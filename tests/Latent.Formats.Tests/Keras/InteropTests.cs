using Latent.Models;
using Latent.Tests.Shared;

namespace Latent.Formats.Tests.Keras;

/// <summary>Files that Keras itself wrote, and what it gave for them; LATENT_INTEROP names a folder with more.</summary>
public sealed class InteropTests : IDisposable
{
    private const double Allowed = 1e-5;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<TheoryDataRow<string>> Models() =>
        KerasFiles.All().Where(file => !KerasFiles.MustBeRefused(file)).Select(file => new TheoryDataRow<string>(file));

    public static IEnumerable<TheoryDataRow<string>> Refused() =>
        KerasFiles.All().Where(KerasFiles.MustBeRefused).Select(file => new TheoryDataRow<string>(file));

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Outputs_are_those_of_Keras(string file)
    {
        var keras = KerasModel.Open(file);
        string io = Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileNameWithoutExtension(file) + "_io.safetensors");
        if (!File.Exists(io))
            return; // that it opens is the case
        var tensors = SafeTensors.Read(io).Tensors;
        float[] expected = tensors["y"].ToFloats(),
            actual = keras.Predict(tensors["x"].ToFloats());
        Near.Absolute(expected, actual, Allowed, file);
        Errors.Note("interop", Path.GetFileName(file), "y", Near.LargestDifference(Near.Doubles(expected), Near.Doubles(actual)));
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void What_is_exported_again_gives_the_same_bits(string file)
    {
        var keras = KerasModel.Open(file);
        foreach (string ending in (string[])[".keras", ".h5"])
        {
            keras.Save(_folder["again" + ending]);
            var again = KerasModel.Open(_folder["again" + ending]);
            Assert.Equal(keras.Network, again.Network);
            Assert.Equal(keras.Weights.Values, again.Weights.Values);
        }
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void An_autoencoder_of_it_gives_the_same_bits(string file)
    {
        var keras = KerasModel.Open(file);
        Autoencoder model;
        try
        {
            model = keras.ToAutoencoder();
        }
        catch (LatentException e)
        {
            Assert.Contains("no encoder and decoder", e.Message, StringComparison.Ordinal);
            Assert.Contains("decoder", Path.GetFileName(file), StringComparison.Ordinal);
            return;
        }
        float[] x = [.. Enumerable.Range(0, model.ImageShape.Size * 3).Select(i => i * 7919 % 256 / 255f)];
        Assert.Equal(keras.Predict(x), model.Reconstruct(x));
        Assert.Equal(model.Decode(model.Encode(x)), model.Reconstruct(x));
        foreach (string ending in (string[])[".keras", ".h5"])
        {
            foreach (var part in Enum.GetValues<ModelPart>())
                KerasModel.Save(_folder[part + ending], model, part);
            Assert.Equal(model.Reconstruct(x), KerasModel.Open(_folder[ModelPart.Autoencoder + ending]).Predict(x));
            float[] code = KerasModel.Open(_folder[ModelPart.Encoder + ending]).Predict(x);
            Assert.Equal(model.Encode(x), code);
            Assert.Equal(model.Decode(code), KerasModel.Open(_folder[ModelPart.Decoder + ending]).Predict(code));
            var again = KerasModel.Open(_folder[ModelPart.Autoencoder + ending]).ToAutoencoder();
            Assert.Equal(model.Encoder, again.Encoder);
            Assert.Equal(model.Decoder, again.Decoder);
        }
    }

    [GoldenTheory]
    [MemberData(nameof(Refused))]
    public void What_has_to_be_refused_is(string file)
    {
        var e = Assert.Throws<LatentException>(() => KerasModel.Open(file));
        Assert.Contains(Path.GetFileName(file), e.Message, StringComparison.Ordinal);
    }

    /// <summary>Split where the article has its code, and named as a network that was described here.</summary>
    [Theory]
    [InlineData("keras2_seed_z10.h5", 10)]
    [InlineData("keras3_seed_z10.h5", 10)]
    [InlineData("keras3_seed_z10.keras", 10)]
    public void The_articles_network_is_the_articles(string name, int latent)
    {
        var model = KerasModel.Open(KerasFiles.Of(name)).ToAutoencoder();
        Assert.Equal(Latent.Networks.Article.Encoder(latent), model.Encoder);
        Assert.Equal(Latent.Networks.Article.Decoder(latent), model.Decoder);
    }

    [Fact]
    public void A_layer_may_be_named_as_the_code()
    {
        var keras = KerasModel.Open(KerasFiles.Of("keras3_dense_sequential.keras"));
        Assert.Equal(16, keras.ToAutoencoder().LatentSize);
        Assert.Equal(128, keras.ToAutoencoder("dense_8").LatentSize);
        var e = Assert.Throws<LatentException>(() => keras.ToAutoencoder("dense_5"));
        Assert.Contains("has no layer 'dense_5'", e.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean", e.Message, StringComparison.Ordinal);
        Assert.Throws<LatentException>(() => keras.ToAutoencoder("reshape_3")); // nothing is behind it
    }
}
