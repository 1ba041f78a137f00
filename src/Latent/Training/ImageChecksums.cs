using Latent.Data;

namespace Latent.Training;

/// <summary>The checksums of all images of a training, by the part that they have in it.</summary>
internal static class ImageChecksums
{
    public static IReadOnlyDictionary<string, string> Of(SampleSet train, SampleSet? validation, TrainingOptions options)
    {
        var checksums = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("train", train);
        Add("validation", validation);
        Add("targets", options.Targets);
        Add("validation_targets", options.ValidationTargets);
        return checksums;

        void Add(string part, SampleSet? images)
        {
            if (images is not null)
                checksums[part] = images.Checksum;
        }
    }

    /// <summary>What differs, a line each.</summary>
    public static IEnumerable<string> Differences(IReadOnlyDictionary<string, string> saved, IReadOnlyDictionary<string, string> now)
    {
        foreach (string part in saved.Keys.Union(now.Keys, StringComparer.Ordinal))
            if (saved.GetValueOrDefault(part) != now.GetValueOrDefault(part))
                yield return $"the images ({part}): checksum {Short(saved.GetValueOrDefault(part))} in the run, {Short(now.GetValueOrDefault(part))} given";
    }

    private static string Short(string? checksum) => checksum is null ? "none" : checksum[..Math.Min(12, checksum.Length)];
}
