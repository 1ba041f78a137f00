namespace Latent.Engine.Kernels;

/// <summary>The categorical cross-entropy of pixels. Scalar: channels are few, and most targets are zero.</summary>
internal static unsafe class CategoricalCrossentropies
{
    /// <summary>As <see cref="Losses.Sum(Loss, float*, float*, float*, float, Networks.Shape)"/>.</summary>
    public static double Sum(float* output, float* target, float* gradient, float scale, int pixels, int channels, bool logits)
    {
        double sum = 0;
        for (int pixel = 0; pixel < pixels; pixel++, output += channels, target += channels)
        {
            sum += logits
                ? OfLogits(output, target, gradient, scale, channels)
                : OfProbabilities(output, target, gradient, scale, channels);
            if (gradient != null)
                gradient += channels;
        }
        return sum;
    }

    // log softmax x = x − most − log Σ e^(x − most); the derivative is softmax · Σ t − t
    private static double OfLogits(float* x, float* target, float* gradient, float scale, int channels)
    {
        float most = x[0],
            powers = 0,
            targets = 0;
        for (int c = 1; c < channels; c++)
            most = MathF.Max(most, x[c]);
        for (int c = 0; c < channels; c++)
        {
            powers += Functions.Exp<Scalar, float>(x[c] - most);
            targets += target[c];
        }
        float log = Functions.Log<Scalar, float>(powers);
        double loss = 0;
        for (int c = 0; c < channels; c++)
        {
            loss -= (double)target[c] * (x[c] - most - log);
            if (gradient != null)
                gradient[c] = (Functions.Exp<Scalar, float>(x[c] - most) / powers * targets - target[c]) * scale;
        }
        return loss;
    }

    // With s = Σ y and p = y / s: dL/dp = −t / p within the clip, dL/dy = (dL/dp − Σ p · dL/dp) / s
    private static double OfProbabilities(float* y, float* target, float* gradient, float scale, int channels)
    {
        float sum = 0,
            mean = 0;
        for (int c = 0; c < channels; c++)
            sum += y[c];
        double loss = 0;
        for (int c = 0; c < channels; c++)
        {
            float p = y[c] / sum,
                t = target[c];
            if (t != 0)
                loss -= (double)t * Functions.Log<Scalar, float>(float.IsNaN(p) ? p : Math.Clamp(p, Crossentropy.Low, Crossentropy.High));
            float slope = p < Crossentropy.Low || p > Crossentropy.High ? 0 : -t / p;
            if (gradient != null)
                gradient[c] = slope;
            mean += p * slope;
        }
        for (int c = 0; c < channels && gradient != null; c++)
            gradient[c] = (gradient[c] - mean) / sum * scale;
        return loss;
    }
}
