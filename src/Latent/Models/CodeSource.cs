namespace Latent.Models;

/// <summary>Where sampled codes come from.</summary>
public enum CodeSource
{
    /// <summary>Evenly from the box between the 1st and the 99th percentile of each number of the training codes.</summary>
    Uniform,

    /// <summary>A normal distribution with the mean and the covariance of the training codes.</summary>
    Gaussian,

    /// <summary>A mixture of normal distributions, fitted to the training codes.</summary>
    Mixture,
}
