using Latent.Analysis;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Analysis;

public sealed class PowerSpectrumTests
{
    [Theory]
    [InlineData(12, 20, 1)]
    [InlineData(8, 4, 3)]
    [InlineData(1, 6, 1)]
    public void It_keeps_the_energy(int height, int width, int channels)
    {
        var shape = new Shape(height, width, channels);
        float[] images = Noise(3 * shape.Size);
        var spectrum = PowerSpectrum.Of(images, shape);
        double all = Enumerable.Range(0, height).Sum(u => Enumerable.Range(0, width).Sum(v => spectrum[u, v]));
        Assert.Equal(images.Sum(pixel => (double)pixel * pixel) / 3 / channels, all, 1e-12 * all);
        Assert.Equal(spectrum[1, 2], spectrum[-1, -2], 1e-12 * all); // pixels are real
        Assert.Equal(spectrum[1, 2], spectrum[1 - height, 2 + width]);
    }

    [Fact]
    public void A_wave_has_one_frequency()
    {
        var shape = new Shape(12, 20, 1);
        float[] wave = Pixels(shape, (y, x) => Math.Cos(2 * Math.PI * (3 * y / 12.0 + 4 * x / 20.0)));
        var spectrum = PowerSpectrum.Of(wave, shape);
        Assert.Equal(60, spectrum[3, 4], 1e-5); // half of the amplitude, squared, times 240 pixels
        Assert.Equal(60, spectrum[-3, -4], 1e-5);
        Assert.Equal(0, spectrum[3, -4], 1e-9);
        Assert.Equal(0, spectrum[0, 0], 1e-9);
    }

    [Theory] // what repeats every 2 pixels, every 4, both; brightness does not count
    [InlineData(0.3, 0, 0, 1, 0)]
    [InlineData(0, 0.2, 5, 0, 1)]
    [InlineData(0.1, 0.2, 1, 0.2, 0.8)]
    public void Patterns_are_counted_by_their_period(double two, double four, double brightness, double share2, double share4)
    {
        var shape = new Shape(28, 28, 1);
        float[] image = Pixels(shape, (y, x) => brightness + two * ((y + x) % 2 - 0.5) * 2 + four * (x / 2 % 2 - 0.5) * 2);
        var spectrum = PowerSpectrum.Of(image, shape);
        Assert.Equal(share2, spectrum.Share(2), 1e-5);
        Assert.Equal(share4, spectrum.Share(4), 1e-5);
    }

    [Fact]
    public void A_peak_stands_out_and_noise_does_not()
    {
        var shape = new Shape(28, 28, 1);
        float[] noise = Noise(400 * shape.Size);
        var even = PowerSpectrum.Of(noise, shape);
        Assert.InRange(even.Prominence(2), 0.85, 1.2);
        Assert.InRange(even.Prominence(4), 0.85, 1.2);
        Assert.Equal(3 / 783.0, even.Share(2), 0.0005);
        Assert.Equal(12 / 783.0, even.Share(4), 0.001);

        float[] stripes = [.. noise.Select((pixel, i) => pixel + (i % 2 == 0 ? 0.2f : -0.2f))];
        var peaked = PowerSpectrum.Of(stripes, shape);
        double power = 784 * 0.2 * 0.2 + even[0, 14]; // of the stripes and of the noise below them
        Assert.Equal(power, peaked[0, 14], 0.05 * power);
        Assert.InRange(peaked.Prominence(2), 8, 15);
        Assert.InRange(peaked.Prominence(4), 0.85, 1.2);
    }

    [Fact]
    public void Its_picture_has_no_frequency_in_the_middle()
    {
        var shape = new Shape(6, 8, 1);
        float[] image = Pixels(shape, (y, x) => 9 + Math.Cos(2 * Math.PI * x / 8) + 0.1 * (y % 2) + 0.001 * ((y * 5 + x * 3) % 7));
        float[] picture = PowerSpectrum.Of(image, shape).Picture();
        Assert.Equal(48, picture.Length);
        Assert.All(picture, pixel => Assert.InRange(pixel, 0, 1));
        Assert.All([3 * 8 + 3, 3 * 8 + 4, 3 * 8 + 5], wave => Assert.Equal(1, picture[wave], 1e-3));
        Assert.InRange(picture[4], picture.Where((_, i) => i is not (4 or 27 or 28 or 29)).Max(), 0.99); // stripes: as fast as can be, in the first row
        Assert.All(PowerSpectrum.Of(new float[48], shape).Picture(), pixel => Assert.Equal(0, pixel));
    }

    [Fact]
    public void A_transposed_convolution_of_equal_weights_draws_checkerboards_where_its_kernel_does_not_divide_by_the_stride()
    {
        // one constant image, all weights 1: how often each pixel is written to
        Assert.Equal([4, 2, 2, 1], Tile(3));
        Assert.Equal([1, 1, 1, 1], Tile(2));
        Assert.Equal([4, 4, 4, 4], Tile(4));

        static float[] Tile(int kernel)
        {
            var encoder = new Network("encoder", new(10, 10, 1), new Flatten(), new Dense(1));
            var decoder = new Network(
                "decoder",
                Shape.Vector(1),
                new Dense(25, UseBias: false),
                new Reshape(new(5, 5, 1)),
                new Conv2DTranspose(1, kernel, 2, Padding.Same, UseBias: false)
            );
            var model = new Autoencoder(encoder, decoder);
            model.Weights.Values.Fill(1);
            model.Weights.Touch();
            float[] drawn = model.Decode([1]);
            return [drawn[44], drawn[45], drawn[54], drawn[55]]; // rows and columns 4 and 5 of 10
        }
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.Contains("(4, 4, 1)", Error(() => PowerSpectrum.Of(new float[15], new(4, 4, 1))), StringComparison.Ordinal);
        Assert.Contains("(16)", Error(() => PowerSpectrum.Of(new float[16], Shape.Vector(16))), StringComparison.Ordinal);
        var spectrum = PowerSpectrum.Of(new float[36], new(6, 6, 1));
        Assert.Contains("4", Error(() => spectrum.Share(4)), StringComparison.Ordinal);
        Assert.Contains("1", Error(() => spectrum.Prominence(1)), StringComparison.Ordinal);
        Assert.Equal(0, spectrum.Share(2));

        static string Error(Action act) => Assert.Throws<LatentException>(act).Message;
    }

    private static float[] Pixels(Shape shape, Func<int, int, double> pixel) =>
        [.. Enumerable.Range(0, shape.Size).Select(i => (float)pixel(i / shape.Width, i % shape.Width))];

    private static float[] Noise(int count)
    {
        var random = new RandomStream(1, "tests/spectrum");
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }
}
