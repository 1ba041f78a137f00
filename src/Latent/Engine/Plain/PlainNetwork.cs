using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>A chain of networks run by the plain reference. Its weights are a flat array of the layout, in the reference's own precision.</summary>
internal sealed class PlainNetwork<T>
    where T : IFloatingPointIeee754<T>
{
    private readonly List<(PlainStep<T> Step, Parameter[] Parameters)> _steps = [];

    /// <param name="layout">The networks.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="training">
    /// What layers do in training, with the seed and the step that numbers are drawn from; null for what they do in use.
    /// </param>
    public PlainNetwork(ParameterLayout layout, ReadOnlySpan<float> weights, (long Seed, long Step)? training = null)
    {
        Layout = layout;
        Weights = Convert(weights);
        int index = 0;
        foreach (var network in layout.Networks)
            for (int i = 0; i < network.Layers.Length; i++, index++)
            {
                var parameters = layout.Parameters.Where(p => p.Layer == index).ToArray();
                foreach (var step in PlainSteps.Of<T>(network.Layers[i], layout.LayerNames[index], network.InputOf(i), training))
                {
                    _steps.Add((step, parameters));
                    parameters = []; // the activation behind the layer has none
                }
            }
    }

    public PlainNetwork(WeightStore weights, (long Seed, long Step)? training = null)
        : this(weights.Layout, weights.Values, training) { }

    public ParameterLayout Layout { get; }

    /// <summary>The weights, laid out by <see cref="Layout"/>; may be changed between calls.</summary>
    public T[] Weights { get; }

    /// <summary>Numbers of another precision in this one.</summary>
    public static T[] Convert<TOther>(ReadOnlySpan<TOther> numbers)
        where TOther : INumber<TOther>
    {
        var result = new T[numbers.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = T.CreateChecked(numbers[i]);
        return result;
    }

    /// <summary>The outputs of the chain.</summary>
    /// <param name="x">n inputs of the first network.</param>
    public T[] Forward(T[] x) => Run(x)[^1];

    /// <summary>The gradients of Σ y · dy.</summary>
    /// <param name="x">n inputs of the first network.</param>
    /// <param name="dy">The gradient for the n outputs of the last network.</param>
    /// <returns>The outputs, the gradient for the inputs and that for the weights, laid out as these are.</returns>
    public (T[] Y, T[] Dx, T[] Gradients) Gradient(T[] x, T[] dy)
    {
        var values = Run(x);
        var (dx, gradients) = Backward(values, dy);
        return (values[^1], dx, gradients);
    }

    /// <summary>The mean loss of a batch with all penalties, and its gradient for the weights, laid out as these are.</summary>
    public (T Loss, T[] Gradients) LossAndGradient(T[] x, T[] target, Loss loss)
    {
        var values = Run(x);
        var (value, dy) = PlainLoss.Of(loss, values[^1], target, Layout.Networks[^1].Output);
        var gradients = Backward(values, dy).Gradients;
        for (int i = 0; i < _steps.Count; i++)
            if (_steps[i].Step is PlainPenalty<T> penalty)
                value += penalty.Value(values[i], Count(x));
        foreach (var parameter in Layout.Parameters)
            if (parameter.Weight.Regularizer is { } regularizer)
            {
                var weights = Cut(Weights, [parameter])[0];
                value += PlainPenalty<T>.Value(weights, regularizer);
                var slopes = PlainPenalty<T>.Slopes(weights, regularizer);
                for (int i = 0; i < slopes.Length; i++)
                    gradients[parameter.Offset + i] += slopes[i];
            }
        return (value, gradients);
    }

    /// <summary>How far the batch is from a place where a derivative jumps: the smallest of all steps.</summary>
    public T KinkDistance(T[] x)
    {
        var values = Run(x);
        var distance = T.PositiveInfinity;
        for (int i = 0; i < _steps.Count; i++)
            distance = T.Min(distance, _steps[i].Step.KinkDistance(values[i], Count(x)));
        return distance;
    }

    /// <summary>All weights after a batch in training: the moving statistics have moved, the others stay.</summary>
    public T[] Moved(T[] x)
    {
        var values = Run(x);
        var moved = (T[])Weights.Clone();
        for (int i = 0; i < _steps.Count; i++)
            if (_steps[i].Step is PlainBatchNormalization<T> step)
            {
                var (mean, variance) = step.Moved(values[i], Cut(Weights, _steps[i].Parameters));
                mean.CopyTo(moved, _steps[i].Parameters[^2].Offset);
                variance.CopyTo(moved, _steps[i].Parameters[^1].Offset);
            }
        return moved;
    }

    /// <summary>The input of each step and, last, the output.</summary>
    private List<T[]> Run(T[] x)
    {
        List<T[]> values = [x];
        foreach (var (step, parameters) in _steps)
            values.Add(step.Forward(values[^1], Count(x), Cut(Weights, parameters)));
        return values;
    }

    private (T[] Dx, T[] Gradients) Backward(List<T[]> values, T[] dy)
    {
        var gradients = new T[Layout.Length];
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            var (step, parameters) = _steps[i];
            var parts = Cut(gradients, parameters);
            dy = step.Backward(values[i], dy, Count(values[0]), Cut(Weights, parameters), parts);
            for (int p = 0; p < parts.Length; p++)
                parts[p].CopyTo(gradients, parameters[p].Offset);
        }
        return (dy, gradients);
    }

    private int Count(T[] x) => x.Length / Layout.Networks[0].Input.Size;

    private static T[][] Cut(T[] flat, Parameter[] parameters) => Array.ConvertAll(parameters, p => flat[p.Offset..(p.Offset + p.Count)]);
}
