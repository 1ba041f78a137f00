using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// Batch normalization in training. The chunks of a batch meet before it, forward and back, so that its statistics are the whole batch's: each
/// chunk leaves its sums, they are combined in the chunks' order, and each chunk goes on. It belongs to one training program.
/// </summary>
internal sealed unsafe class WholeBatchOperation : Operation
{
    private readonly BatchNormalization _layer;
    private readonly NormalizationWeights _at;
    private readonly int _channels,
        _padded;

    // Two numbers for each channel and chunk, and what becomes of them: mean, 1 / deviation, factor, shift, and for the way back the means of
    // g and of g · (x − mean) / variance.
    private readonly double[] _first,
        _second,
        _mean,
        _variance;
    private readonly FloatBuffer _numbers;

    public WholeBatchOperation(Shape shape, BatchNormalization layer, NormalizationWeights at)
        : base(shape, shape)
    {
        (_layer, _at, _channels, _padded) = (layer, at, shape.Channels, (shape.Channels + 15) / 16 * 16);
        _first = new double[Chunks.Most * _channels];
        _second = new double[Chunks.Most * _channels];
        _mean = new double[_channels];
        _variance = new double[_channels];
        _numbers = new(6 * _padded);
    }

    private float* Mean => _numbers.Pointer;

    private float* Factor => _numbers.Pointer + _padded;

    private float* Shift => _numbers.Pointer + 2 * _padded;

    private float* GradientMean => _numbers.Pointer + 3 * _padded;

    private float* ProductMean => _numbers.Pointer + 4 * _padded;

    public override string Describe() => "normalization by the whole batch: its chunks meet here";

    public override int ScratchLength(int images) => 3 * _padded;

    /// <summary>A chunk's mean and sum of squared distances from it; all of its images lie in the frame.</summary>
    public void LeaveStatistics(in Frame f, int chunk)
    {
        Span<double> mean = Of(_first, chunk),
            squares = Of(_second, chunk);
        mean.Clear();
        squares.Clear();
        float* centre = f.Scratch,
            sums = centre + _padded,
            unused = sums + _padded;
        new Span<float>(centre, _channels).Clear();
        for (int n = 0; n < f.Images; n++)
        {
            Channels.Sums(f, Input, Input, n, InputShape, centre, sums, unused);
            for (int c = 0; c < _channels; c++)
                mean[c] += sums[c];
        }
        double count = Count(f.Images);
        for (int c = 0; c < _channels; c++)
            centre[c] = (float)(mean[c] /= count);
        for (int n = 0; n < f.Images; n++)
        {
            Channels.Squares(f, Input, n, InputShape, centre, sums);
            for (int c = 0; c < _channels; c++)
                squares[c] += sums[c];
        }
        // the centre was rounded: Σ (x − m)² = Σ (x − m′)² − n (m − m′)²
        for (int c = 0; c < _channels; c++)
            squares[c] -= count * (mean[c] - centre[c]) * (mean[c] - centre[c]);
    }

    /// <summary>Combines what the chunks left, in their order (Chan, Golub and LeVeque, 1979).</summary>
    /// <param name="images">How many images each chunk has.</param>
    /// <param name="weights">Read for gamma and beta.</param>
    public void CombineStatistics(ReadOnlySpan<int> images, float* weights)
    {
        for (int c = 0; c < _channels; c++)
        {
            double mean = 0,
                squares = 0,
                count = 0;
            for (int chunk = 0; chunk < images.Length; chunk++)
            {
                double more = Count(images[chunk]),
                    distance = Of(_first, chunk)[c] - mean;
                count += more;
                mean += distance * more / count;
                squares += Of(_second, chunk)[c] + distance * distance * (count - more) * more / count;
            }
            (_mean[c], _variance[c]) = (mean, Math.Max(0, squares) / count);
            double factor = _at.GammaOf(weights, c) / Math.Sqrt(_variance[c] + _layer.Epsilon);
            (Mean[c], Factor[c], Shift[c]) = ((float)mean, (float)factor, (float)(_at.BetaOf(weights, c) - mean * factor));
        }
    }

    /// <summary>Keeps the moving statistics as they are before the optimizer's step, moved towards the batch's.</summary>
    public void Keep(float* weights, float* to)
    {
        for (int c = 0; c < _channels; c++)
        {
            to[_at.Mean + c] = (float)(weights[_at.Mean + c] * (double)_layer.Momentum + _mean[c] * (1 - (double)_layer.Momentum));
            to[_at.Variance + c] = (float)(
                weights[_at.Variance + c] * (double)_layer.Momentum + _variance[c] * (1 - (double)_layer.Momentum)
            );
        }
    }

    /// <summary>Puts them into the weights after it: no optimizer changes them.</summary>
    public void Move(float* from, float* weights)
    {
        for (int c = 0; c < _channels; c++)
            (weights[_at.Mean + c], weights[_at.Variance + c]) = (from[_at.Mean + c], from[_at.Variance + c]);
    }

    public override void Forward(in Frame f) => Channels.Affine(f, Input, Output, Factor, Shift, InputShape);

    /// <summary>A chunk's sums of g and of g · (x − mean), from which its gradients of beta and gamma follow too.</summary>
    public void LeaveGradients(in Frame f, int chunk)
    {
        Span<double> gradients = Of(_first, chunk),
            products = Of(_second, chunk);
        gradients.Clear();
        products.Clear();
        float* sums = f.Scratch,
            more = sums + _padded;
        for (int n = 0; n < f.Images; n++)
        {
            Channels.Sums(f, OutputGradient!, Input, n, InputShape, Mean, sums, more);
            for (int c = 0; c < _channels; c++)
                (gradients[c], products[c]) = (gradients[c] + sums[c], products[c] + more[c]);
        }
        for (int c = 0; c < _channels; c++)
        {
            if (_at.Beta >= 0)
                f.Gradient[_at.Beta + c] += (float)gradients[c];
            if (_at.Gamma >= 0)
                f.Gradient[_at.Gamma + c] += (float)(products[c] / Math.Sqrt(_variance[c] + _layer.Epsilon));
        }
    }

    /// <summary>Combines them, in the chunks' order.</summary>
    public void CombineGradients(ReadOnlySpan<int> images)
    {
        double count = 0;
        foreach (int some in images)
            count += Count(some);
        for (int c = 0; c < _channels; c++)
        {
            double gradient = 0,
                product = 0;
            for (int chunk = 0; chunk < images.Length; chunk++)
                (gradient, product) = (gradient + Of(_first, chunk)[c], product + Of(_second, chunk)[c]);
            GradientMean[c] = (float)(gradient / count);
            ProductMean[c] = (float)(product / count / (_variance[c] + _layer.Epsilon));
        }
    }

    /// <summary>The mean and the squared distances depend on the input too: factor · (g − mean g − (x − mean) · mean (g (x − mean)) / variance).</summary>
    public override void Backward(in Frame f)
    {
        if (InputGradient is { } to)
            Channels.Centred(f, OutputGradient!, Input, to, Factor, GradientMean, Mean, ProductMean, InputShape);
    }

    private Span<double> Of(double[] all, int chunk) => all.AsSpan(chunk * _channels, _channels);

    private double Count(int images) => (double)images * InputShape.Height * InputShape.Width;
}
