namespace Latent.Images;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    /// <summary>A loss: five places, two from 10 on, and four digits below 0.001.</summary>
    public static string Loss(double value) =>
        !double.IsFinite(value) ? "not a number"
        : Math.Abs(value) >= 10 ? $"{value:0.00}"
        : Math.Abs(value) is >= 0.001 or 0 ? $"{value:0.00000}"
        : value.ToString($"F{Places(value, 4)}");

    /// <summary>Small numbers of one column, all with as many places: two digits of the smallest, no more than twelve places.</summary>
    public static Func<double, string> Column(IEnumerable<double> values)
    {
        double[] sizes = [.. values.Select(Math.Abs).Where(size => size > 0 && double.IsFinite(size))];
        int places = sizes.Length == 0 ? 0 : Places(sizes.Min(), 2);
        // 0.02 and 0.0015 need four places and no more: zeros that all would end with are left out
        while (places > 1 && sizes.All(size => Math.Abs(Math.Round(size, places - 1) - size) < 1e-6 * size))
            places--;
        return value => value.ToString($"F{places}");
    }

    /// <summary>A number of any size without an exponent where that is readable: 0.00000001 and not 1E-08.</summary>
    public static string Plain(double value) =>
        value == 0 || Math.Abs(value) is >= 1e-12 and < 1e15 ? $"{(decimal)value:0.####################}" : $"{value}";

    private static int Places(double value, int digits) => Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 12);

    /// <summary>Seconds, minutes or hours.</summary>
    public static string Duration(double seconds) =>
        seconds < 100 ? $"{seconds:0.0} s"
        : seconds < 3600 ? $"{(int)(seconds / 60)} min {seconds % 60:00} s"
        : $"{(int)(seconds / 3600)} h {(int)(seconds / 60) % 60:00} min";

    /// <summary>A share from 0 to 1 in per cent.</summary>
    public static string Percent(double share) => $"{100 * share:0.#} %";
}
