using System.Globalization;
using Latent.Data;
using Latent.Networks;

namespace Latent.Engine;

/// <summary>
/// What is done to the images that a model is given and not to those it shall give back, so that it learns to undo it (denoising autoencoders;
/// Vincent et al., 2008). Pixels are numbers from 0 to 1 and stay so. What is drawn depends on the seed, the step and the image alone.
/// </summary>
public abstract record InputNoise
{
    /// <summary>For messages: what <see cref="Parse"/> reads.</summary>
    internal const string Kinds =
        "gaussian:σ (as gaussian:0.4), salt-pepper:p (as salt-pepper:0.1), mask:n or mask:n:count (as mask:8) or blur:σ (as blur:1.5)";

    internal static readonly ulong InTraining = NoiseBits.Layer("input noise"),
        InValidation = NoiseBits.Layer("validation noise");

    private protected InputNoise() { }

    /// <summary>The noise as one word, which <see cref="Parse"/> reads: "gaussian:0.4".</summary>
    public abstract string Spec { get; }

    /// <summary>Reads a word such as "gaussian:0.4", "salt-pepper:0.1", "mask:8", "mask:5:3" or "blur:1.5".</summary>
    /// <param name="spec">The kind, and its numbers with colons before them.</param>
    /// <exception cref="LatentException">There is no such kind, a number is missing or no number, or it is out of range.</exception>
    public static InputNoise Parse(string spec)
    {
        string[] parts = spec.Split(':');
        InputNoise noise = parts[0] switch
        {
            GaussianInputNoise.Kind => new GaussianInputNoise(Number(0.4)),
            SaltPepperNoise.Kind => new SaltPepperNoise(Number(0.1)),
            MaskNoise.Kind when parts.Length == 3 => new MaskNoise(Whole(1, 8), Whole(2, 3)),
            MaskNoise.Kind => new MaskNoise(Whole(1, 8)),
            BlurNoise.Kind => new BlurNoise(Number(1.5)),
            var kind => throw Wrong(
                $"There is no noise '{kind}'.",
                Kinds,
                Suggestion.Nearest(kind, [GaussianInputNoise.Kind, SaltPepperNoise.Kind, MaskNoise.Kind, BlurNoise.Kind]) is { } near
                    ? $"did you mean {near}?"
                    : null
            ),
        };
        var problems = new List<string>();
        noise.Check(new("", problems));
        return problems.Count == 0 ? noise : throw new LatentException($"The noise '{spec}' is out of range: {problems[0].TrimStart('.')}");

        float Number(double example)
        {
            Require(2, $"{parts[0]}:{example}");
            return float.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out float x)
                ? x
                : throw Wrong($"'{parts[1]}' is no number.", $"a number behind the colon, as in {parts[0]}:{example}");
        }

        int Whole(int part, int example)
        {
            Require(3, $"{parts[0]}:8 or {parts[0]}:8:3");
            return int.TryParse(parts[part], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n)
                ? n
                : throw Wrong(
                    $"'{parts[part]}' is no whole number.",
                    part == 1 ? $"the side of the square in pixels, as in mask:{example}" : $"the count of squares, as in mask:8:{example}"
                );
        }

        void Require(int count, string example)
        {
            if (parts.Length < Math.Min(count, 2) || parts[1].Length == 0)
                throw Wrong($"The noise '{parts[0]}' needs a number.", example);
            if (parts.Length > count)
                throw Wrong($"The noise '{parts[0]}' has too many numbers.", example);
        }

        LatentException Wrong(string happened, string expected, string? fix = null) => new(happened, expected, $"'{spec}'", fix);
    }

    /// <summary>All images with noise that is drawn once: the same for the same seed, and that with which a training of this seed validates.</summary>
    /// <param name="images">The images; they stay as they are.</param>
    /// <param name="seed">What the noise is drawn from.</param>
    /// <param name="first">The number of the first image, where they are part of more.</param>
    /// <returns>The noisy images, as numbers from 0 to 1.</returns>
    /// <exception cref="LatentException">The noise is out of range or does not fit the images' shape.</exception>
    public unsafe FloatSet Apply(SampleSet images, long seed = 0, int first = 0)
    {
        var problems = new List<string>();
        Check(new(GetType().Name, problems));
        if (Misfit(images.Shape) is { } misfit)
            problems.Add(misfit);
        if (problems.Count > 0)
            throw new LatentException($"The noise cannot be added. {problems[0]}");
        int size = images.Shape.Size;
        var numbers = new float[checked(images.Count * size)];
        var room = new float[Room(images.Shape)];
        fixed (float* to = numbers)
        fixed (float* free = room)
            for (int i = 0; i < images.Count; i++)
            {
                images.CopyTo(i, numbers.AsSpan(i * size, size));
                Apply(to + (nint)i * size, free, images.Shape, NoiseBits.Key(seed, InValidation, 0, first + i));
            }
        return FloatSet.Own(images.Name, images.Shape, numbers);
    }

    /// <summary>What is wrong with its numbers.</summary>
    internal abstract void Check(OptionChecks checks);

    /// <summary>Why it cannot be added to images of such a shape; null where it can.</summary>
    internal virtual string? Misfit(Shape shape) => null;

    /// <summary>How many floats of room <see cref="Apply(float*, float*, Shape, ulong)"/> needs.</summary>
    internal virtual int Room(Shape shape) => 1;

    /// <summary>Changes an image in place.</summary>
    /// <param name="image">Its numbers.</param>
    /// <param name="room">Room to work in.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="key">What is drawn follows from it.</param>
    internal abstract unsafe void Apply(float* image, float* room, Shape shape, ulong key);
}

/// <summary>A number from a normal distribution is added to each number; what leaves 0 to 1 is cut off.</summary>
/// <param name="Deviation">The standard deviation, above 0.</param>
public sealed record GaussianInputNoise(float Deviation) : InputNoise
{
    internal const string Kind = "gaussian";

    /// <inheritdoc/>
    public override string Spec => string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Deviation}");

    internal override void Check(OptionChecks checks) => checks.Positive("Deviation", Deviation);

    internal override unsafe void Apply(float* image, float* room, Shape shape, ulong key) =>
        Kernels.PixelNoise.AddGaussian(image, shape.Size, Deviation, key);
}

/// <summary>Each pixel becomes with a probability black or white, as often the one as the other; all its channels together.</summary>
/// <param name="Rate">The probability, above 0 and at most 1.</param>
public sealed record SaltPepperNoise(float Rate) : InputNoise
{
    internal const string Kind = "salt-pepper";

    /// <inheritdoc/>
    public override string Spec => string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Rate}");

    internal override void Check(OptionChecks checks)
    {
        if (!(Rate > 0 && Rate <= 1))
            checks.Add("Rate", $"must be above 0 and at most 1; it is {Rate}.");
    }

    internal override unsafe void Apply(float* image, float* room, Shape shape, ulong key) =>
        Kernels.PixelNoise.SaltAndPepper(image, shape.Height * shape.Width, shape.Channels, Rate, key);
}

/// <summary>
/// Squares of an image become black (0 in all channels). Each lies wholly in the image, every place is as likely, and they may overlap.
/// </summary>
/// <param name="Side">Rows and columns of a square: at least 1, at most those of the image.</param>
/// <param name="Count">How many squares, at least 1.</param>
public sealed record MaskNoise(int Side, int Count = 1) : InputNoise
{
    internal const string Kind = "mask";

    /// <inheritdoc/>
    public override string Spec => Count == 1 ? $"{Kind}:{Side}" : $"{Kind}:{Side}:{Count}";

    internal override void Check(OptionChecks checks)
    {
        checks.AtLeast("Side", Side, 1);
        if (Count is < 1 or > 1000)
            checks.Add("Count", $"must be 1 to 1000; it is {Count}.");
    }

    internal override string? Misfit(Shape shape) =>
        shape.IsVector ? $"The noise '{Spec}' needs images; these are {shape}."
        : Side > Math.Min(shape.Height, shape.Width) ? $"The noise '{Spec}' has squares that are larger than the images, {shape}."
        : null;

    internal override unsafe void Apply(float* image, float* room, Shape shape, ulong key)
    {
        for (int square = 0; square < Count; square++)
        {
            int top = NoiseBits.Below(shape.Height - Side + 1, key, 2 * square),
                left = NoiseBits.Below(shape.Width - Side + 1, key, 2 * square + 1);
            for (int y = top; y < top + Side; y++)
                Kernels.Arrays.Clear(image + ((nint)y * shape.Width + left) * shape.Channels, Side * shape.Channels);
        }
    }
}

/// <summary>
/// Each pixel becomes the mean of its neighbours, weighted by a Gaussian that ends at three standard deviations; beyond the border the pixels
/// of the border are repeated. Nothing is drawn.
/// </summary>
/// <param name="Deviation">The standard deviation in pixels, above 0 and at most 20.</param>
public sealed record BlurNoise(float Deviation) : InputNoise
{
    internal const string Kind = "blur";
    private const float Most = 20;

    /// <inheritdoc/>
    public override string Spec => string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Deviation}");

    private int Radius => (int)MathF.Ceiling(3 * Deviation);

    internal override void Check(OptionChecks checks)
    {
        if (!(Deviation > 0 && Deviation <= Most))
            checks.Add("Deviation", $"must be above 0 and at most {Most}; it is {Deviation}.");
    }

    internal override string? Misfit(Shape shape) => shape.IsVector ? $"The noise '{Spec}' needs images; these are {shape}." : null;

    internal override int Room(Shape shape) => Kernels.GaussianBlur.Room(shape, Radius);

    internal override unsafe void Apply(float* image, float* room, Shape shape, ulong key) =>
        Kernels.GaussianBlur.Apply(image, room, shape, Deviation, Radius);
}
