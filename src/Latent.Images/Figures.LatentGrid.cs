using Latent.Analysis;
using Latent.Networks;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>
    /// What a decoder makes of a plane of codes: from −range in steps of 2·range/steps, the first axis to the right, the second downwards; and
    /// beside it the same from the 1st to the 99th percentile of the plane's codes.
    /// </summary>
    /// <param name="plane">The plane; see <see cref="CodePlane.Of"/>.</param>
    /// <param name="decode">n codes (n × latent numbers) to n images (n × image size numbers, 0 to 1).</param>
    /// <param name="image">The shape of an image.</param>
    /// <param name="options">Range, steps and the scales count here.</param>
    /// <exception cref="LatentException">The decoder's numbers do not fit, the images have neither 1 nor 3 channels, or an option is out of range.</exception>
    public static Figure LatentGrid(CodePlane plane, Func<float[], float[]> decode, Shape image, FigureOptions? options = null) =>
        throw new NotSupportedException();
}
