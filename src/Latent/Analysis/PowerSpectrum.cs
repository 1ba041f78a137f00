using Latent.Networks;

namespace Latent.Analysis;

/// <summary>
/// How much of each frequency is in images: P(u, v) = |Σ pixel(y, x) · e^(−2πi (u·y / height + v·x / width))|² / (height · width), the mean over
/// images and channels, in double precision. What a decoder of a stride draws in the rhythm of that stride (checkerboards, stripes) lies at the
/// multiples of 1/stride cycles per pixel; <see cref="Share"/> and <see cref="Prominence"/> measure it. Immutable and thread-safe.
/// </summary>
public sealed class PowerSpectrum
{
    private readonly double[] _power;

    private PowerSpectrum(int height, int width, double[] power) => (Height, Width, _power) = (height, width, power);

    /// <summary>The spectrum of images.</summary>
    /// <param name="images">n × image size numbers, one image or more.</param>
    /// <param name="image">The shape of an image, of any number of channels.</param>
    /// <exception cref="LatentException">The shape is a vector's, or the numbers are no whole images.</exception>
    public static PowerSpectrum Of(ReadOnlySpan<float> images, Shape image)
    {
        if (image.IsVector || images.IsEmpty || images.Length % image.Size != 0)
            throw new LatentException(
                "There is no spectrum of these numbers.",
                image.IsVector ? "the shape of an image" : $"one image or more of {image}: a multiple of {image.Size} numbers",
                $"{images.Length} numbers, shape {image}"
            );
        var (height, width, channels) = (image.Height, image.Width, image.Channels);
        var (acrossCos, acrossSin) = Roots(width);
        var (downCos, downSin) = Roots(height);
        double[] power = new double[height * width],
            real = new double[height * width],
            imaginary = new double[height * width];
        for (int start = 0; start < images.Length; start += image.Size)
        for (int channel = 0; channel < channels; channel++)
        {
            // each row's frequencies, then those of each of their columns
            var pixels = images.Slice(start + channel, image.Size - channel);
            for (int y = 0; y < height; y++)
            for (int v = 0; v < width; v++)
            {
                (double re, double im) = (0, 0);
                for (int x = 0; x < width; x++)
                {
                    double pixel = pixels[(y * width + x) * channels];
                    int turn = (int)((long)v * x % width);
                    re += pixel * acrossCos[turn];
                    im += pixel * acrossSin[turn];
                }
                (real[y * width + v], imaginary[y * width + v]) = (re, im);
            }
            for (int u = 0; u < height; u++)
            for (int v = 0; v < width; v++)
            {
                (double re, double im) = (0, 0);
                for (int y = 0; y < height; y++)
                {
                    int turn = (int)((long)u * y % height);
                    var (a, b) = (real[y * width + v], imaginary[y * width + v]);
                    re += a * downCos[turn] - b * downSin[turn];
                    im += a * downSin[turn] + b * downCos[turn];
                }
                power[u * width + v] += (re * re + im * im) / images.Length;
            }
        }
        return new(height, width, power);
    }

    /// <summary>How many frequencies there are downwards: the rows of an image.</summary>
    public int Height { get; }

    /// <summary>How many frequencies there are to the right: the columns of an image.</summary>
    public int Width { get; }

    /// <summary>
    /// The power at u/height cycles per pixel downwards and v/width to the right. Frequencies go round: −1 is the same as height − 1, and half of
    /// the height is the highest. (0, 0) is the mean brightness.
    /// </summary>
    /// <param name="u">The frequency downwards, any whole number.</param>
    /// <param name="v">The frequency to the right, any whole number.</param>
    public double this[int u, int v] => _power[Around(u, Height) * Width + Around(v, Width)];

    /// <summary>
    /// The energy of all patterns that repeat every so many pixels and no fewer, over the energy of all frequencies but (0, 0). It does not depend
    /// on brightness or contrast.
    /// </summary>
    /// <param name="period">
    /// Pixels, at least 2, a divisor of height and width: the stride of a decoder's last enlargement; the product of the last two for the one before.
    /// </param>
    /// <returns>0 to 1; 0 for images without any detail.</returns>
    /// <exception cref="LatentException">The period is no divisor of both sides, or below 2.</exception>
    public double Share(int period)
    {
        double energy = Frequencies(period).Sum(f => this[f.U, f.V]);
        return energy > 0 ? energy / _power.Skip(1).Sum() : 0;
    }

    /// <summary>
    /// How far the patterns of a period stand out: their energy over that of their neighbours. A frequency's neighbours are two steps from it,
    /// along each axis on which it is not 0; they count as their geometric mean.
    /// </summary>
    /// <param name="period">As that of <see cref="Share"/>.</param>
    /// <returns>About 1 where the spectrum has no peak there, far more where it has; NaN where nothing is around it either.</returns>
    /// <exception cref="LatentException">The period is no divisor of both sides, or below 2.</exception>
    public double Prominence(int period)
    {
        var frequencies = Frequencies(period);
        return frequencies.Sum(f => this[f.U, f.V]) / frequencies.Sum(f => Math.Exp(Neighbours(f.U, f.V).Average(Math.Log)));
    }

    /// <summary>
    /// The spectrum as a grey image of height × width numbers: the logarithm of the power, from 0 for the lowest to 1 for the highest; frequency
    /// (0, 0) stands at (height / 2, width / 2), with what is to its right in its place, since the mean brightness would outshine the rest.
    /// </summary>
    public float[] Picture()
    {
        double[] logarithms = new double[_power.Length];
        for (int i = 0; i < logarithms.Length; i++)
        {
            var (u, v) = (i / Width - Height / 2, i % Width - Width / 2);
            logarithms[i] = Math.Log(Math.Max(this[u, (u, v) == (0, 0) ? 1 : v], double.Epsilon));
        }
        var (low, high) = (logarithms.Min(), logarithms.Max());
        return [.. logarithms.Select(value => high > low ? (float)((value - low) / (high - low)) : 0)];
    }

    private IEnumerable<double> Neighbours(int u, int v)
    {
        const int away = 2;
        int[] sides = [-away, away];
        var down = u == 0 ? [] : sides.Select(d => this[u + d, v]);
        var across = v == 0 ? [] : sides.Select(d => this[u, v + d]);
        return down.Concat(across);
    }

    /// <summary>The multiples of 1/period cycles per pixel without those that a shorter period has too.</summary>
    private List<(int U, int V)> Frequencies(int period)
    {
        if (period < 2 || Height % period != 0 || Width % period != 0)
            throw new LatentException(
                "The period does not fit the images.",
                $"2 or more, and a divisor of {Height} and {Width}",
                $"{period}"
            );
        return
        [
            .. from i in Enumerable.Range(0, period)
            from j in Enumerable.Range(0, period)
            where Divisor(Divisor(i, j), period) == 1
            select (i * Height / period, j * Width / period),
        ];
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);

    private static int Around(int frequency, int count) => (frequency % count + count) % count;

    private static (double[] Cos, double[] Sin) Roots(int count)
    {
        var angles = Enumerable.Range(0, count).Select(k => -2 * Math.PI * k / count).ToArray();
        return ([.. angles.Select(Math.Cos)], [.. angles.Select(Math.Sin)]);
    }
}
