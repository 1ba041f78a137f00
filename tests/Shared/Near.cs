namespace Latent.Tests.Shared;

/// <summary>Comparisons of arrays of numbers that say where and by how much they differ.</summary>
internal static class Near
{
    /// <summary>Every number within a part of the largest expected magnitude.</summary>
    public static void Relative(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double part, string what) =>
        Absolute(Doubles(expected), Doubles(actual), part * Largest(Doubles(expected)), what);

    /// <summary>Every number within a part of the largest expected magnitude.</summary>
    public static void Relative(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double part, string what) =>
        Absolute(expected, actual, part * Largest(expected), what);

    /// <summary>Every number within a distance.</summary>
    public static void Absolute(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double distance, string what) =>
        Absolute(Doubles(expected), Doubles(actual), distance, what);

    /// <summary>Every number within a distance.</summary>
    public static void Absolute(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double distance, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} numbers instead of {expected.Length}");
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= distance, // false for a NaN
                $"{what}, number {i} of {expected.Length}: {actual[i]:g9} instead of {expected[i]:g9}, off by {Math.Abs(expected[i] - actual[i]):g3}, allowed {distance:g3}"
            );
    }

    /// <summary>The root of the squared differences' sum within a part of the expected numbers' own.</summary>
    public static void Norm(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double part, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} numbers instead of {expected.Length}");
        double difference = 0,
            norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow((double)expected[i] - actual[i], 2);
            norm += Math.Pow(expected[i], 2);
        }
        double relative = difference == 0 ? 0 : Math.Sqrt(difference / norm);
        Assert.True(relative <= part, $"{what}: relative L2 error {relative:g3}, allowed {part:g3}");
    }

    public static double Largest(ReadOnlySpan<double> numbers)
    {
        double largest = 0;
        foreach (double number in numbers)
            largest = Math.Max(largest, Math.Abs(number));
        return largest;
    }

    /// <summary>The largest difference as a part of the largest expected magnitude; 0 where all are equal.</summary>
    public static double LargestPart(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double difference = LargestDifference(Doubles(expected), Doubles(actual));
        return difference == 0 ? 0 : difference / Largest(Doubles(expected));
    }

    /// <summary>The largest difference between two numbers of the same place.</summary>
    public static double LargestDifference(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        double largest = 0;
        for (int i = 0; i < expected.Length; i++)
            largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
        return largest;
    }

    public static double[] Doubles(ReadOnlySpan<float> numbers)
    {
        var doubles = new double[numbers.Length];
        for (int i = 0; i < doubles.Length; i++)
            doubles[i] = numbers[i];
        return doubles;
    }
}
