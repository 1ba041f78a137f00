using System.Text;
using Latent.Networks;

namespace Latent.Engine;

/// <summary>In which directions images are mirrored.</summary>
[Flags]
public enum Flip
{
    /// <summary>In none.</summary>
    None = 0,

    /// <summary>Left and right change places.</summary>
    Horizontal = 1,

    /// <summary>Top and bottom change places.</summary>
    Vertical = 2,

    /// <summary>Either, each for itself.</summary>
    Both = Horizontal | Vertical,
}

/// <summary>
/// Changes of the training images, drawn anew for each image in each step, so that a model sees more than there are: in this order mirrored,
/// shifted, made brighter or darker, noise. The target is changed alike; a target that is not the image itself is mirrored and shifted only.
/// Pixels are numbers from 0 to 1; what leaves that range is cut off. Validation images are never changed.
/// </summary>
public sealed record Augmentation
{
    internal static readonly ulong Layer = NoiseBits.Layer("augmentation"),
        NoiseLayer = NoiseBits.Layer("augmentation noise");

    /// <summary>Mirrored in each of these directions with a probability of one half.</summary>
    public Flip Flip { get; init; }

    /// <summary>
    /// Shifted up or down and left or right by at most so many pixels, a whole number of at least 1, or by at most this part of the height and
    /// the width, below 1. Every shift is as likely; the pixels of the border are repeated. 0 for none.
    /// </summary>
    public float Shift { get; init; }

    /// <summary>A number from minus to plus this is added to all pixels of an image, 0 to 1.</summary>
    public float Brightness { get; init; }

    /// <summary>The standard deviation of normal noise that is added to each number, at least 0.</summary>
    public float Noise { get; init; }

    /// <summary>Whether it changes anything.</summary>
    internal bool IsNothing => this == new Augmentation();

    private bool Moves => Flip != Flip.None || Shift > 0;

    /// <summary>What it does, in words: "flip=horizontal shift=2".</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Flip != Flip.None)
            text.Append($"flip={Flip.ToString().ToLowerInvariant()} ");
        if (Shift > 0)
            text.Append($"shift={Shift} ");
        if (Brightness > 0)
            text.Append($"brightness={Brightness} ");
        if (Noise > 0)
            text.Append($"noise={Noise} ");
        return text.Length == 0 ? "none" : text.ToString().TrimEnd();
    }

    internal void Check(OptionChecks checks)
    {
        if (Flip is < Flip.None or > Flip.Both)
            checks.Add("Flip", $"must be {string.Join(", ", Enum.GetNames<Flip>())}; it is {Flip}.");
        if (!(Shift >= 0 && float.IsFinite(Shift) && (Shift < 1 || Shift == MathF.Floor(Shift))))
            checks.Add("Shift", $"must be a whole number of pixels or a part below 1, at least 0; it is {Shift}.");
        checks.Inside("Brightness", Brightness);
        checks.NotNegative("Noise", Noise);
    }

    /// <summary>Why it cannot be used for images and targets of such shapes; null where it can.</summary>
    internal string? Misfit(Shape image, Shape target) =>
        !Moves ? null
        : image.IsVector ? $"Augmentation with flip or shift needs images; the model takes {image}."
        : (image.Height, image.Width) != (target.Height, target.Width)
            ? $"Augmentation with flip or shift needs targets of the images' height and width; the images are {image}, the targets {target}."
        : Shift >= Math.Min(image.Height, image.Width) ? $"Augmentation.Shift must be smaller than the images, {image}; it is {Shift}."
        : null;

    /// <summary>Changes an image in place.</summary>
    /// <param name="image">Its numbers.</param>
    /// <param name="room">As much room.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="seed">What is drawn follows from it, <paramref name="step"/> and <paramref name="row"/>.</param>
    /// <param name="step">The steps done before this one.</param>
    /// <param name="row">Which image it is.</param>
    /// <param name="onlyMoves">Whether it is mirrored and shifted only.</param>
    internal unsafe void Apply(float* image, float* room, Shape shape, long seed, long step, int row, bool onlyMoves)
    {
        ulong key = NoiseBits.Key(seed, Layer, step, row);
        if (Moves)
            Move(image, room, shape, key);
        if (onlyMoves)
            return;
        if (Brightness > 0)
            Kernels.PixelNoise.Brighten(image, shape.Size, Brightness * (2 * NoiseBits.Uniform(key, 4) - 1));
        if (Noise > 0)
            Kernels.PixelNoise.AddGaussian(image, shape.Size, Noise, NoiseBits.Key(seed, NoiseLayer, step, row));
    }

    private unsafe void Move(float* image, float* room, Shape shape, ulong key)
    {
        bool across = Flip.HasFlag(Flip.Horizontal) && NoiseBits.Below(2, key, 0) == 1,
            down = Flip.HasFlag(Flip.Vertical) && NoiseBits.Below(2, key, 1) == 1;
        int right = Drawn(shape.Width, key, 2),
            lower = Drawn(shape.Height, key, 3);
        if (!across && !down && right == 0 && lower == 0)
            return;
        Kernels.Arrays.Copy(image, room, shape.Size);
        int width = shape.Width,
            channels = shape.Channels;
        for (int y = 0; y < shape.Height; y++)
        {
            int fromRow = Math.Clamp(y - lower, 0, shape.Height - 1);
            float* from = room + (nint)(down ? shape.Height - 1 - fromRow : fromRow) * width * channels,
                to = image + (nint)y * width * channels;
            for (int x = 0; x < width; x++)
            {
                int column = Math.Clamp(x - right, 0, width - 1);
                float* pixel = from + (across ? width - 1 - column : column) * channels;
                for (int c = 0; c < channels; c++)
                    *to++ = pixel[c];
            }
        }
    }

    private int Drawn(int side, ulong key, int index)
    {
        int most = (int)(Shift < 1 ? MathF.Round(Shift * side) : Shift);
        return NoiseBits.Below(2 * most + 1, key, index) - most;
    }
}
