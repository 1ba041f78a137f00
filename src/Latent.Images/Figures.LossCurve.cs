using Latent.Training;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>The loss of each epoch on the training and the validation images, the best epoch marked.</summary>
    /// <param name="history">At least one epoch.</param>
    /// <param name="options"><see cref="FigureOptions.LogLoss"/> and the scale count here.</param>
    /// <exception cref="LatentException">There is no epoch, or an option is out of range.</exception>
    public static Figure LossCurve(IReadOnlyList<EpochResult> history, FigureOptions? options = null) => throw new NotSupportedException();
}
