using Latent.Networks;

namespace Latent.Images.Tests;

public sealed class ErrorOverlayTests
{
    private static readonly Shape s_grey = new(1, 3, 1);

    [Fact]
    public void What_is_right_stays_grey_and_what_is_wrong_is_red()
    {
        byte[] overlay = ErrorOverlay.Of([0, 255, 128], [0, 1, 0], s_grey, 1);
        Assert.Equal(9, overlay.Length);
        Assert.True(overlay[0] == overlay[1] && overlay[1] == overlay[2] && overlay[0] > 0);
        Assert.True(overlay[6] == overlay[7] && overlay[6] > overlay[0]); // a brighter pixel stays brighter
        Assert.Equal([0x80, 0, 0x26], overlay[3..6]);
        Assert.Equal(overlay[3..6], ErrorOverlay.Of([0, 255, 128], [0, 5, 0], s_grey, 1)[3..6]); // beyond the scale, or not a number
        Assert.Equal(overlay[3..6], ErrorOverlay.Of([0, 255, 128], [0, float.NaN, 0], s_grey, 1)[3..6]);
        Assert.Equal(3, ErrorOverlay.Of([9, 9, 9], [0], new(1, 1, 3), 1).Length);
    }

    [Fact]
    public void A_single_pixel_does_not_make_the_scale()
    {
        float[] errors = [.. Enumerable.Repeat(0.1f, 4000), 1];
        Assert.Equal(0.1f, ErrorOverlay.ScaleOf(errors));
        Assert.Equal(0.01, ErrorOverlay.ScaleOf([0, 0])); // nothing to see, and nothing made of it
        Told(() => ErrorOverlay.ScaleOf([]), "no error to draw");
        Told(() => ErrorOverlay.Of([0], [0, 0], new(1, 1, 1), 1), "do not fit");
        Told(() => ErrorOverlay.Of([0], [0], new(1, 1, 1), 0), "scale");
        Told(() => Figures.Errors("t", null, Samples.Grey(), [], [], []), "do not fit the images");

        static void Told(Func<object> act, string part) =>
            Assert.Contains(part, Assert.Throws<LatentException>(act).Message, StringComparison.Ordinal);
    }
}
