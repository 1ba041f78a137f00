using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>
/// y = (x − mean) / √(variance + ε) · gamma + beta, a channel: in training with the mean and the biased variance of the batch, which the gradient
/// runs through, in use with the moving ones.
/// </summary>
internal sealed class PlainBatchNormalization<T>(Shape shape, BatchNormalization layer, bool training) : PlainStep<T>(shape, shape)
    where T : IFloatingPointIeee754<T>
{
    private readonly int _channels = shape.Channels;

    public override T[] Forward(T[] x, int count, T[][] weights)
    {
        var (mean, variance) = Statistics(x, weights);
        var y = new T[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % _channels;
            y[i] = (x[i] - mean[c]) / Deviation(variance[c]) * Gamma(weights, c) + Beta(weights, c);
        }
        return y;
    }

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        var (mean, variance) = Statistics(x, weights);
        T[] sum = new T[_channels],
            product = new T[_channels];
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % _channels;
            sum[c] += dy[i];
            product[c] += dy[i] * (x[i] - mean[c]) / Deviation(variance[c]);
        }
        for (int c = 0; c < _channels; c++)
        {
            if (layer.Scale)
                gradients[0][c] += product[c];
            if (layer.Center)
                gradients[layer.Scale ? 1 : 0][c] += sum[c];
        }
        var n = T.CreateChecked(x.Length / _channels);
        var dx = new T[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % _channels;
            var normalized = (x[i] - mean[c]) / Deviation(variance[c]);
            var through = training ? dy[i] - sum[c] / n - normalized * product[c] / n : dy[i];
            dx[i] = through * Gamma(weights, c) / Deviation(variance[c]);
        }
        return dx;
    }

    /// <summary>The moving statistics after a batch: old · momentum + batch · (1 − momentum).</summary>
    public (T[] Mean, T[] Variance) Moved(T[] x, T[][] weights)
    {
        var (mean, variance) = Statistics(x, weights);
        T keep = T.CreateChecked(layer.Momentum),
            take = T.One - keep;
        return (
            [.. mean.Select((m, c) => weights[^2][c] * keep + m * take)],
            [.. variance.Select((v, c) => weights[^1][c] * keep + v * take)]
        );
    }

    private (T[] Mean, T[] Variance) Statistics(T[] x, T[][] weights)
    {
        if (!training)
            return (weights[^2], weights[^1]);
        T[] mean = new T[_channels],
            variance = new T[_channels];
        var n = T.CreateChecked(x.Length / _channels);
        for (int i = 0; i < x.Length; i++)
            mean[i % _channels] += x[i] / n;
        for (int i = 0; i < x.Length; i++)
        {
            var distance = x[i] - mean[i % _channels];
            variance[i % _channels] += distance * distance / n;
        }
        return (mean, variance);
    }

    private T Deviation(T variance) => T.Sqrt(variance + T.CreateChecked(layer.Epsilon));

    private T Gamma(T[][] weights, int c) => layer.Scale ? weights[0][c] : T.One;

    private T Beta(T[][] weights, int c) => layer.Center ? weights[layer.Scale ? 1 : 0][c] : T.Zero;
}
