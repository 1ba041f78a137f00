using Latent.Analysis;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Tests.Analysis;

public sealed class CodeTests
{
    [Fact]
    public void PercentilesAreThoseOfNumPy()
    {
        float[] numbers = [.. Enumerable.Range(0, 101).Select(i => (float)i)];
        Assert.Equal(
            (0.0, 1.0, 50.0, 100.0),
            (Quantile.Of(numbers, 0), Quantile.Of(numbers, 0.01), Quantile.Of(numbers, 0.5), Quantile.Of(numbers, 1))
        );
        Assert.Equal(7, Quantile.Of([7], 0.99));
        Assert.Equal(1.7, Quantile.Of([1, 2, 4], 0.35), 1e-12); // numpy.percentile([1, 2, 4], 35)
    }

    [Fact]
    public void ACodeIsInsideWhenEachNumberIs()
    {
        float[] codes = [5, -5, 5.1f, 0, 0, -6, float.NaN, 0];
        Assert.Equal(0.25, CodeStatistics.ShareInside(codes, 2, 5));
        Assert.Equal(5 / 8.0, CodeStatistics.ShareInside(codes, 1, 5));
    }

    [Fact]
    public void RangesAreThoseOfEachNumber()
    {
        float[] codes = [.. Enumerable.Range(0, 101).SelectMany(i => (float[])[100 - i, -2 * i])];
        Assert.Equal([(1.0, 99.0), (-198.0, -2.0)], CodeStatistics.Ranges(codes, 2));
    }

    [Fact]
    public void RatiosAreThoseOfTheArticle()
    {
        var compression = new Compression(new Shape(28, 28, 1), 10);
        Assert.Equal(78.4, compression.NumbersRatio, 1e-12);
        Assert.Equal(19.6, compression.BytesRatio, 1e-12);
    }

    [Fact]
    public void TwoNumbersAreTheirOwnPlane()
    {
        float[] codes = [1, 2, 3, 4, -5, 6];
        var plane = CodePlane.Of(codes, 2);
        Assert.False(plane.IsPrincipal);
        Assert.Equal(codes, plane.Project(codes));
        Assert.Equal(codes, plane.Lift(codes));
        Assert.Equal(1, plane.VarianceShare);
    }

    [Fact]
    public void OneNumberLiesOnALine()
    {
        var plane = CodePlane.Of([1, 2], 1);
        Assert.Equal([1, 0, 2, 0], plane.Project([1, 2]));
        Assert.Equal([7, 9], plane.Lift([7, 0, 9, 0]));
    }

    [Fact]
    public void MoreNumbersLieInThePlaneOfTheirLargestVariance()
    {
        var stream = new RandomStream(1, "codes");
        var codes = new float[4 * 500];
        for (int i = 0; i < 500; i++)
        {
            codes[4 * i] = 3 + 0.01f * (float)stream.NextGaussian();
            codes[4 * i + 1] = 2 * (float)stream.NextGaussian();
            codes[4 * i + 2] = -1 + 5 * (float)stream.NextGaussian();
        }
        var plane = CodePlane.Of(codes, 4);
        Assert.True(plane.IsPrincipal);
        Assert.True(plane.VarianceShare > 0.999);
        float[] lifted = plane.Lift([0, 0, 10, 0, 0, 10]);
        Assert.Equal(3, lifted[0], 0.05); // the mean
        Assert.Equal(9, lifted[4 + 2], 0.8); // the third number varies most
        Assert.Equal(10, lifted[8 + 1], 0.8);
        float[] points = plane.Project(lifted);
        Assert.Equal(10, points[2], 1e-4);
        Assert.Equal(10, points[5], 1e-4);
        Assert.InRange(plane.FirstRange.High, 8, 16);
    }

    [Fact]
    public void WhatIsNoCodeIsNamed()
    {
        Assert.Contains(
            "5 numbers",
            Assert.Throws<LatentException>(() => CodeStatistics.ShareInside(new float[5], 2, 5)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains("finite", Assert.Throws<LatentException>(() => CodePlane.Of([1, float.NaN], 2)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "at least 1",
            Assert.Throws<LatentException>(() => CodeStatistics.ShareInside([1], 0, 5)).Message,
            StringComparison.Ordinal
        );
    }
}
