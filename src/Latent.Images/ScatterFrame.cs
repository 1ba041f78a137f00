namespace Latent.Images;

/// <summary>
/// The part of the plane that a scatter shows: the points with a little room, and the square too unless the points would become small for it.
/// A unit is as long one way as the other.
/// </summary>
internal readonly record struct ScatterFrame(double Left, double Right, double Bottom, double Top, float Width, float Height)
{
    private const double Side = 640;
    private const double Least = 380;

    public static ScatterFrame Of(float[] points, byte[] labels, double range, bool flat)
    {
        var (left, right) = Extent(points, 0, range);
        if (flat)
            return new(left, right, -1, labels.Length == 0 ? 1 : labels.Max() + 1, (float)Side, (float)Least);

        var (bottom, top) = Extent(points, 1, range);
        double unit = Side / Math.Max(right - left, top - bottom);
        (left, right) = AtLeast(left, right, Least / unit);
        (bottom, top) = AtLeast(bottom, top, Least / unit);
        return new(left, right, bottom, top, (float)((right - left) * unit), (float)((top - bottom) * unit));
    }

    /// <summary>Whether the square of ±range, or where the plane is flat its two sides, are in the picture.</summary>
    public bool Holds(double range, bool flat) => Left <= -range && Right >= range && (flat || (Bottom <= -range && Top >= range));

    private static (double Low, double High) Extent(float[] points, int side, double range)
    {
        (double low, double high) = (double.MaxValue, double.MinValue);
        for (int i = side; i < points.Length; i += 2)
            (low, high) = (Math.Min(low, points[i]), Math.Max(high, points[i]));
        (double wideLow, double wideHigh) = (Math.Min(low, -range), Math.Max(high, range));
        if (wideHigh - wideLow <= 1.6 * (high - low))
            (low, high) = (wideLow, wideHigh);
        double room = Math.Max(0.03 * (high - low), 1e-3);
        return (low - room, high + room);
    }

    private static (double Low, double High) AtLeast(double low, double high, double length)
    {
        double missing = Math.Max(0, length - (high - low));
        return (low - missing / 2, high + missing / 2);
    }
}
