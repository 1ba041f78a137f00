using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>An optimizer in obvious loops, weight by weight, with a memory of its own.</summary>
internal sealed class PlainOptimizer<T>(Optimizer optimizer, ParameterLayout layout)
    where T : IFloatingPointIeee754<T>
{
    // The four memories that the formulas below use; each optimizer needs two or three of them.
    private readonly T[] _mean = new T[layout.Length],
        _square = new T[layout.Length],
        _momentum = new T[layout.Length];
    private int _steps;

    /// <summary>One step.</summary>
    /// <param name="weights">Changed in place.</param>
    /// <param name="gradients">Laid out as the weights are.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    public void Apply(T[] weights, T[] gradients, double factor = 1)
    {
        _steps++;
        var rate = T.CreateChecked(optimizer.LearningRate * factor);
        foreach (var parameter in layout.Parameters)
        {
            if (optimizer is Muon muon && PlainMuon.Takes(parameter, layout))
            {
                PlainMuon.Step(parameter, weights, gradients, _mean, muon, rate);
                continue;
            }
            for (int i = parameter.Offset; i < parameter.Offset + parameter.Count; i++)
                weights[i] = optimizer switch
                {
                    RMSprop o => RootMeanSquare(o, weights[i], gradients[i], i, rate),
                    Adam o => Moments(weights[i], gradients[i], i, rate, o.Beta1, o.Beta2, o.Epsilon),
                    AdamW o => Moments(
                        weights[i] - weights[i] * T.CreateChecked(o.WeightDecay) * rate,
                        gradients[i],
                        i,
                        rate,
                        o.Beta1,
                        o.Beta2,
                        o.Epsilon
                    ),
                    Muon o => LookingAhead(o, weights[i], gradients[i], i, T.CreateChecked(o.AdamRate * factor)),
                    _ => throw new NotSupportedException($"There is no plain reference of {optimizer.Name}."),
                };
        }
    }

    /// <summary>1 − β as Keras computes it, from the decimal number that was written: 0.001 for 0.999, not 0.00100005.</summary>
    internal static T OneMinus(float beta) => T.CreateChecked((double)(1 - (decimal)beta));

    private T RootMeanSquare(RMSprop o, T w, T g, int i, T rate)
    {
        T rho = T.CreateChecked(o.Rho),
            rest = OneMinus(o.Rho);
        _square[i] = rho * _square[i] + rest * g * g;
        var variance = _square[i];
        if (o.Centered)
        {
            _mean[i] = rho * _mean[i] + rest * g;
            variance -= _mean[i] * _mean[i];
        }
        var increment = rate * g / T.Sqrt(variance + T.CreateChecked(o.Epsilon));
        if (o.Momentum <= 0)
            return w - increment;
        _momentum[i] = T.CreateChecked(o.Momentum) * _momentum[i] + increment;
        return w - _momentum[i];
    }

    private T Moments(T w, T g, int i, T rate, float beta1, float beta2, float epsilon)
    {
        _mean[i] += (g - _mean[i]) * OneMinus(beta1);
        _square[i] += (g * g - _square[i]) * OneMinus(beta2);
        var step = rate * T.Sqrt(T.One - Power(beta2)) / (T.One - Power(beta1));
        return w - _mean[i] * step / (T.Sqrt(_square[i]) + T.CreateChecked(epsilon));
    }

    /// <summary>The Adam inside Muon: it looks ahead by one step, and ε stands on the corrected root.</summary>
    private T LookingAhead(Muon o, T w, T g, int i, T rate)
    {
        T beta1 = T.CreateChecked(o.Beta1),
            rest = OneMinus(o.Beta1);
        _mean[i] = beta1 * _mean[i] + rest * g;
        _square[i] = T.CreateChecked(o.Beta2) * _square[i] + OneMinus(o.Beta2) * g * g;
        var ahead = (beta1 * _mean[i] + rest * g) / (T.One - Power(o.Beta1));
        return w - rate * ahead / (T.Sqrt(_square[i] / (T.One - Power(o.Beta2))) + T.CreateChecked(o.Epsilon));
    }

    private T Power(float beta) => T.Pow(T.CreateChecked(beta), T.CreateChecked(_steps));
}
