using System.Globalization;

namespace Latent.Images;

/// <summary>Counts as people say them.</summary>
internal static class Words
{
    /// <summary>"1 epoch", "20 epochs".</summary>
    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count:N0} {noun}s";

    /// <summary>"the first 20 of 10,000 test images", "all 2 images", "1 image".</summary>
    public static string First(int shown, int all, string noun) =>
        shown < all ? $"the first {(shown == 1 ? "" : $"{shown:N0} ")}of {Count(all, noun)}" : All(all, noun);

    /// <summary>"all 10,000 test images", "1 test image".</summary>
    public static string All(int count, string noun) => count == 1 ? Count(count, noun) : $"all {Count(count, noun)}";

    /// <summary>"test image", or "image" where the part of the data set is not known.</summary>
    public static string Of(string? part, string noun) => part is null ? noun : $"{part} {noun}";

    /// <summary>What a loss is, from its short or long name; null stands for the mean squared error.</summary>
    public static string Loss(string? name) =>
        name switch
        {
            null or "mse" or "mean_squared_error" => "mean squared error",
            "mae" => "mean absolute error",
            "bce" or "binary_crossentropy" => "binary cross-entropy",
            "huber" => "Huber loss",
            "log_cosh" => "log-cosh loss",
            _ => name,
        };

    /// <summary>A number of at most four digits, with a true minus sign.</summary>
    public static string Short(double value)
    {
        string digits = value.ToString("G4", CultureInfo.InvariantCulture);
        return Numbers.Plain(double.Parse(digits, CultureInfo.InvariantCulture)).Replace('-', '−');
    }
}
