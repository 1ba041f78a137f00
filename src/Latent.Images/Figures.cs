namespace Latent.Images;

/// <summary>
/// The figures of an autoencoder. Each takes data, not models, and gives a <see cref="Figure"/> to save. Images are drawn pixel by pixel, grey
/// or colour.
/// </summary>
public static partial class Figures;
