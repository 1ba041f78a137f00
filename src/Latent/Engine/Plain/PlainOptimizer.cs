using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>An optimizer in obvious loops, weight by weight, with a memory of its own.</summary>
internal sealed class PlainOptimizer<T>(Optimizer optimizer, ParameterLayout layout)
    where T : IFloatingPointIeee754<T>
{
    // The memories that the formulas below use; each optimizer needs some of them.
    private readonly T[] _mean = new T[layout.Length],
        _square = new T[layout.Length],
        _largest = new T[layout.Length],
        _momentum = new T[layout.Length];
    private int _steps;

    /// <summary>The averages of the weights where the optimizer keeps them.</summary>
    public T[] Averages { get; } = new T[layout.Length];

    /// <summary>One step.</summary>
    /// <param name="weights">Changed in place.</param>
    /// <param name="gradients">Laid out as the weights are.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    public void Apply(T[] weights, T[] gradients, double factor = 1)
    {
        _steps++;
        var rate = T.CreateChecked(optimizer.LearningRate * factor);
        gradients = Clipped(gradients);
        foreach (var parameter in layout.Parameters.Where(p => p.Weight.Trainable))
        {
            for (int i = parameter.Offset; i < parameter.Offset + parameter.Count; i++)
                weights[i] -= weights[i] * T.CreateChecked(optimizer.WeightDecay) * rate;
            if (optimizer is Muon muon && PlainMuon.Takes(parameter, layout))
                PlainMuon.Step(parameter, weights, gradients, _mean, muon, rate);
            else
                for (int i = parameter.Offset; i < parameter.Offset + parameter.Count; i++)
                    weights[i] = Stepped(weights[i], gradients[i], i, rate, factor);
            if (optimizer.UseEma)
                for (int i = parameter.Offset; i < parameter.Offset + parameter.Count; i++)
                    Average(weights, i);
        }
    }

    /// <summary>1 − β as Keras computes it, from the decimal number that was written: 0.001 for 0.999, not 0.00100005.</summary>
    internal static T OneMinus(float beta) => T.CreateChecked((double)(1 - (decimal)beta));

    private T[] Clipped(T[] gradients)
    {
        var clipped = (T[])gradients.Clone();
        if (optimizer.ClipValue is float value)
            for (int i = 0; i < clipped.Length; i++)
                clipped[i] = T.Clamp(clipped[i], -T.CreateChecked(value), T.CreateChecked(value));
        if (optimizer.ClipNorm is float limit)
            foreach (var parameter in layout.Parameters)
                Shorten(clipped.AsSpan(parameter.Offset, parameter.Count), limit);
        if (optimizer.GlobalClipNorm is float all)
            Shorten(clipped, all);
        return clipped;
    }

    private static void Shorten(Span<T> numbers, float limit)
    {
        var squares = T.Zero;
        foreach (var number in numbers)
            squares += number * number;
        var most = T.CreateChecked(limit);
        if (T.Sqrt(squares) > most)
            foreach (ref var number in numbers)
                number *= most / T.Sqrt(squares);
    }

    private void Average(T[] weights, int i)
    {
        var keep = _steps == 1 ? T.Zero : T.CreateChecked(optimizer.EmaMomentum);
        Averages[i] = keep * Averages[i] + (T.One - keep) * weights[i];
        if (optimizer.EmaOverwriteFrequency is int steps && _steps % steps == 0)
            weights[i] = Averages[i];
    }

    private T Stepped(T w, T g, int i, T rate, double factor) =>
        optimizer switch
        {
            SGD o => Descent(o, w, g, i, rate),
            RMSprop o => RootMeanSquare(o, w, g, i, rate),
            Adam o => Moments(w, g, i, rate, o.Beta1, o.Beta2, o.Epsilon, o.AmsGrad),
            AdamW o => Moments(w, g, i, rate, o.Beta1, o.Beta2, o.Epsilon, o.AmsGrad),
            Nadam o => NesterovMoments(o, w, g, i, rate),
            Lion o => Sign(o, w, g, i, rate),
            Muon o => LookingAhead(o, w, g, i, T.CreateChecked(o.AdamRate * factor)),
            _ => throw new NotSupportedException($"There is no plain reference of {optimizer.Name}."),
        };

    private T Descent(SGD o, T w, T g, int i, T rate)
    {
        if (o.Momentum <= 0)
            return w - rate * g;
        var keep = T.CreateChecked(o.Momentum);
        _momentum[i] = keep * _momentum[i] - rate * g;
        return o.Nesterov ? w + keep * _momentum[i] - rate * g : w + _momentum[i];
    }

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

    private T Moments(T w, T g, int i, T rate, float beta1, float beta2, float epsilon, bool amsGrad)
    {
        _mean[i] += (g - _mean[i]) * OneMinus(beta1);
        _square[i] += (g * g - _square[i]) * OneMinus(beta2);
        _largest[i] = T.Max(_largest[i], _square[i]);
        var step = rate * T.Sqrt(T.One - Power(beta2)) / (T.One - Power(beta1));
        return w - _mean[i] * step / (T.Sqrt(amsGrad ? _largest[i] : _square[i]) + T.CreateChecked(epsilon));
    }

    private T NesterovMoments(Nadam o, T w, T g, int i, T rate)
    {
        // here, and in Lion, Keras takes 1 − β from the single number: the rounding is in the power of β below too, and cancels
        _mean[i] += (g - _mean[i]) * (T.One - T.CreateChecked(o.Beta1));
        _square[i] += (g * g - _square[i]) * (T.One - T.CreateChecked(o.Beta2));
        var product = T.One;
        for (int t = 1; t <= _steps; t++)
            product *= U(t);
        var mean = U(_steps + 1) * _mean[i] / (T.One - product * U(_steps + 1)) + (T.One - U(_steps)) * g / (T.One - product);
        return w - rate * mean / (T.Sqrt(_square[i] / (T.One - Power(o.Beta2))) + T.CreateChecked(o.Epsilon));

        T U(int t) => T.CreateChecked(o.Beta1) * (T.One - T.CreateChecked(0.5) * T.Pow(T.CreateChecked(0.96), T.CreateChecked(t)));
    }

    private T Sign(Lion o, T w, T g, int i, T rate)
    {
        T beta1 = T.CreateChecked(o.Beta1),
            beta2 = T.CreateChecked(o.Beta2);
        var step = beta1 * _momentum[i] + (T.One - beta1) * g;
        _momentum[i] = beta2 * _momentum[i] + (T.One - beta2) * g;
        return w - rate * T.CreateChecked(T.Sign(step));
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
