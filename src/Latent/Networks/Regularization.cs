namespace Latent.Networks;

/// <summary>A penalty on numbers x, added to the loss: L1 · Σ |x| + L2 · Σ x², as Keras's L1L2.</summary>
/// <param name="L1">The weight of the magnitudes, at least 0: it makes small numbers 0, so codes or kernels become sparse.</param>
/// <param name="L2">The weight of the squares, at least 0: it keeps numbers small.</param>
public sealed record Regularizer(float L1 = 0, float L2 = 0)
{
    internal static void Check(OptionChecks checks, string name, Regularizer? regularizer)
    {
        checks.NotNegative($"{name}.L1", regularizer?.L1 ?? 0);
        checks.NotNegative($"{name}.L2", regularizer?.L2 ?? 0);
    }
}

/// <summary>
/// A penalty on the numbers that pass, added to the loss of each image: L1 · Σ |x| + L2 · Σ x². Nothing else happens to them. Behind the last
/// layer of an encoder it makes a sparse autoencoder.
/// </summary>
/// <param name="L1">The weight of the magnitudes, at least 0.</param>
/// <param name="L2">The weight of the squares, at least 0.</param>
public sealed record ActivityRegularization(float L1 = 0, float L2 = 0) : SameShapeLayer
{
    /// <inheritdoc/>
    public override string ClassName => "ActivityRegularization";

    internal override void Check(OptionChecks checks)
    {
        checks.NotNegative("L1", L1);
        checks.NotNegative("L2", L2);
    }
}
