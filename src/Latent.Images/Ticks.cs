using ScottPlot.TickGenerators;

namespace Latent.Images;

/// <summary>Places of the labels along an axis: at round numbers, all with as many decimals, with a true minus sign.</summary>
internal static class Ticks
{
    /// <summary>The round distance (1, 2 or 5 times a power of ten) that puts about so many ticks into a length.</summary>
    public static double Step(double length, int count)
    {
        double rough = length / Math.Max(1, count);
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double factor = rough / power;
        return power
            * (
                factor < 1.5 ? 1
                : factor < 3.5 ? 2
                : factor < 7.5 ? 5
                : 10
            );
    }

    /// <summary>Ticks at the multiples of a step.</summary>
    public static NumericManual Every(double step, double low, double high)
    {
        var ticks = new NumericManual();
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        for (double i = Math.Ceiling(low / step - 1e-9); i * step <= high + 1e-9 * step; i++)
            ticks.AddMajor(i * step, Label(i * step, decimals));
        return ticks;
    }

    /// <summary>Whole numbers from 1.</summary>
    public static NumericManual Epochs(int last)
    {
        double step = Math.Max(1, Step(last, 12));
        var ticks = Every(step, step, last);
        if (step > 1)
            ticks.AddMajor(1, "1");
        return ticks;
    }

    /// <summary>Ticks of an axis of logarithms to base 10: 1, 2 and 5 times the powers of ten, and more where the range is narrow, or the powers alone where it is wide.</summary>
    public static NumericManual Logarithmic(double low, double high)
    {
        double wide = high - low;
        int[] factors =
            wide > 5 ? [10]
            : wide > 0.7 ? [10, 20, 50]
            : wide > 0.3 ? [10, 15, 20, 30, 40, 50, 60, 80]
            : [.. Enumerable.Range(10, 90).Where(i => wide > 0.1 ? i < 20 || i % 5 == 0 : true)];
        var ticks = new NumericManual();
        for (int power = (int)Math.Floor(low); power <= high; power++)
        {
            foreach (int factor in factors)
            {
                double position = power - 1 + Math.Log10(factor);
                if (position >= low && position <= high)
                    ticks.AddMajor(position, Scientific(power - 1, factor));
            }
        }
        return ticks;
    }

    /// <summary>factor · 10^power, the factor from 10 to 99: digits where they are few, else "1e−9".</summary>
    private static string Scientific(int power, int factor) =>
        power < -6
            ? $"{factor / 10m:0.#}e−{-power - 1}"
            : $"{(decimal)Math.Round(Math.Pow(10, power) * factor, Math.Clamp(1 - power, 0, 12)):0.############}";

    private static string Label(double value, int decimals)
    {
        string text = value.ToString("F" + decimals);
        return text.TrimStart('-').Trim('0', '.').Length == 0 ? text.TrimStart('-') : text.Replace('-', '−');
    }
}
