namespace Latent.Analysis;

/// <summary>
/// The plane in which codes are drawn: the codes themselves where they have one or two numbers, else the first two principal components of
/// some codes, through their mean. Immutable and thread-safe.
/// </summary>
public sealed class CodePlane
{
    private readonly Pca? _components;

    private CodePlane(int latentSize, Pca? components, ReadOnlySpan<float> codes)
    {
        (LatentSize, _components) = (latentSize, components);
        var ranges = CodeStatistics.Ranges(Project(codes), 2);
        (FirstRange, SecondRange) = (ranges[0], ranges[1]);
    }

    /// <summary>The plane of some codes.</summary>
    /// <param name="codes">n × latent numbers, all finite.</param>
    /// <param name="latentSize">How many numbers a code has.</param>
    /// <exception cref="LatentException">There is no code, a number is not finite, or the numbers are no whole number of codes.</exception>
    public static CodePlane Of(ReadOnlySpan<float> codes, int latentSize)
    {
        int count = CodeRows.Count(codes, latentSize);
        for (int i = 0; i < codes.Length; i++)
        {
            if (!float.IsFinite(codes[i]))
                throw new LatentException(
                    "The codes cannot be drawn.",
                    "finite numbers",
                    $"{codes[i]} in code {i / latentSize} of {count}",
                    "train with a lower learning rate: the weights have diverged"
                );
        }
        return new(latentSize, latentSize > 2 ? Pca.Fit(codes, latentSize, 2) : null, codes);
    }

    /// <summary>How many numbers a code has.</summary>
    public int LatentSize { get; }

    /// <summary>Whether the axes are principal components and not the numbers of the code themselves.</summary>
    public bool IsPrincipal => _components is not null;

    /// <summary>The share of the codes' variance that lies in the plane, 0 to 1.</summary>
    public double VarianceShare =>
        _components is null ? 1
        : _components.TotalVariance > 0 ? (_components.Variances[0] + _components.Variances[1]) / _components.TotalVariance
        : 0;

    /// <summary>What the first axis is called.</summary>
    public string FirstName => IsPrincipal ? "principal component 1" : "z₁";

    /// <summary>What the second axis is called.</summary>
    public string SecondName => IsPrincipal ? "principal component 2" : "z₂";

    /// <summary>The 1st and the 99th percentile of the codes along the first axis.</summary>
    public (double Low, double High) FirstRange { get; }

    /// <summary>The 1st and the 99th percentile of the codes along the second axis; both 0 where codes have one number.</summary>
    public (double Low, double High) SecondRange { get; }

    /// <summary>Where codes lie in the plane: n × 2 numbers. A code of one number lies at 0 of the second axis.</summary>
    /// <param name="codes">n × latent numbers.</param>
    /// <exception cref="LatentException">There is no code, or the numbers are no whole number of codes.</exception>
    public float[] Project(ReadOnlySpan<float> codes)
    {
        int count = CodeRows.Count(codes, LatentSize);
        if (_components is not null)
            return _components.Encode(codes);
        if (LatentSize == 2)
            return codes.ToArray();
        var points = new float[2 * count];
        for (int i = 0; i < count; i++)
            points[2 * i] = codes[i];
        return points;
    }

    /// <summary>The codes at points of the plane: n × latent numbers.</summary>
    /// <param name="points">n × 2 numbers.</param>
    /// <exception cref="LatentException">There is no point, or the numbers are no whole number of points.</exception>
    public float[] Lift(ReadOnlySpan<float> points)
    {
        int count = CodeRows.Count(points, 2);
        if (_components is not null)
            return _components.Decode(points);
        if (LatentSize == 2)
            return points.ToArray();
        var codes = new float[count];
        for (int i = 0; i < count; i++)
            codes[i] = points[2 * i];
        return codes;
    }
}
