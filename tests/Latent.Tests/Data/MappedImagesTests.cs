using Latent.Data;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Data;

public sealed class MappedImagesTests
{
    private static readonly Shape s_mnist = new(28, 28, 1);

    private static ImageSet Digits => Mnist.Load(Repository.Mnist).Test.Take(200);

    [Fact]
    public void A_model_learns_the_same_bits_from_a_file_as_from_memory()
    {
        using var folder = new TemporaryFolder();
        var images = Digits;
        File.WriteAllBytes(folder["pixels"], images.Pixels);
        var mapped = ImageSet.FromFile(folder["pixels"], 200, s_mnist, images.Labels, images.LabelNames, images.Name);
        Assert.Equal(images.Checksum, mapped.Checksum);
        Assert.Equal(images.Slice(50, 60).Checksum, mapped.Slice(50, 60).Checksum);
        Assert.Equal(images.Rounded().Pixels, mapped.Rounded().Pixels);
        Assert.Equal(Trained(images), Trained(mapped));

        static float[] Trained(ImageSet set)
        {
            var model = new Autoencoder(Article.Encoder(3), Article.Decoder(3), seed: 4);
            model.Fit(
                set.Slice(50, 150),
                set.Take(50),
                new()
                {
                    Epochs = 1,
                    BatchSize = 32,
                    Threads = 2,
                },
                cancellation: TestContext.Current.CancellationToken
            );
            return [.. model.Encode(set), .. model.Losses(set).Select(loss => (float)loss)];
        }
    }

    [Fact]
    public void More_than_a_span_holds()
    {
        using var folder = new TemporaryFolder();
        var shape = new Shape(64, 64, 3);
        const int Count = 250_000; // 3 GB, of which the file system keeps one page
        using (var file = File.Create(folder["pixels"]))
        {
            file.SetLength((long)Count * shape.Size);
            file.Position = (long)(Count - 1) * shape.Size;
            file.Write([1, 2, 3]);
        }
        var images = ImageSet.FromFile(folder["pixels"], Count, shape);
        Assert.Equal([1, 2, 3], images.Image(Count - 1)[..3].ToArray());
        Assert.Equal([1, 2, 3], images.Slice(Count - 2, 2).Image(1)[..3].ToArray());
        Assert.Equal([1, 2, 3], images.Select([7, Count - 1]).Image(1)[..3].ToArray());
        var model = new Autoencoder(
            new Network("encoder", shape, [new AveragePooling2D(64), new Flatten(), new Dense(1)]),
            new Network("decoder", Shape.Vector(1), [new Dense(3), new Reshape(new(1, 1, 3)), new UpSampling2D(64)]),
            seed: 1
        );
        float[] codes = model.Encode(images.Slice(Count - 2, 2));
        Assert.Equal(0, codes[0]);
        Assert.NotEqual(0, codes[1]);
        Assert.Contains(
            "too many for one span",
            Assert.Throws<LatentException>(() => images.Pixels.Length).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_must_hold_all_of_them()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["pixels"], new byte[783]);
        Assert.Contains(
            "too short",
            Assert.Throws<LatentException>(() => ImageSet.FromFile(folder["pixels"], 1, s_mnist)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<LatentException>(() => ImageSet.FromFile(folder["missing"], 1, s_mnist));
        Assert.Throws<LatentException>(() => ImageSet.FromFile(folder["pixels"], 0, s_mnist));
    }

    [Fact]
    public void A_selection_has_its_labels_and_names()
    {
        var digits = Digits;
        var named = ImageSet.FromPixels(
            digits.Pixels,
            200,
            28,
            28,
            1,
            digits.Labels,
            names: [.. Enumerable.Range(0, 200).Select(i => $"{i}.png")]
        );
        var some = named.Select([5, 3, 5]);
        Assert.Equal(["5.png", "3.png", "5.png"], some.Names.ToArray());
        Assert.Equal([digits.Labels[5], digits.Labels[3], digits.Labels[5]], some.Labels.ToArray());
        Assert.Equal(digits.Image(3), some.Image(1));
        Assert.Equal(["7.png"], named.Slice(7, 1).Names.ToArray());
        Assert.Throws<LatentException>(() => named.Select([200]));
        Assert.Throws<LatentException>(() => named.Select([]));
        Assert.Throws<LatentException>(() => ImageSet.FromPixels(new byte[4], 1, 2, 2, names: ["a", "b"]));
    }

    [Fact]
    public void A_part_is_taken_evenly_from_the_whole_set()
    {
        var digits = Digits;
        Assert.Same(digits, digits.Spread(200));
        Assert.Same(digits, digits.Spread(int.MaxValue));
        var some = digits.Spread(60); // every fourth
        Assert.Equal(50, some.Count);
        Assert.Equal(digits.Image(196), some.Image(49));
        Assert.Equal(1, digits.Spread(1).Count);
        Assert.Throws<LatentException>(() => digits.Spread(0));
    }

    [Fact]
    public void All_numbers_are_those_of_each_image()
    {
        float[] numbers = Digits.ToFloats();
        Assert.Equal(200 * 784, numbers.Length);
        var one = new float[784];
        Digits.CopyTo(7, one);
        Assert.Equal(one, numbers.AsSpan(7 * 784, 784));
    }

    [Fact]
    public void A_validation_part_judges_and_is_part_of_the_checksum()
    {
        var digits = Digits;
        var two = new DataSet("digits", digits.Take(100), digits.Slice(150, 50));
        var three = two with { Validation = digits.Slice(100, 50) };
        Assert.Same(two.Test, two.ValidationOrTest);
        Assert.Same(three.Validation, three.ValidationOrTest);
        Assert.NotEqual(two.Checksum, three.Checksum);
        Assert.NotEqual(two, three);
        Assert.Throws<LatentException>(() => two with { Validation = ImageSet.FromPixels(new byte[16], 1, 4, 4) });
    }
}
