using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Latent.Engine;
using Latent.Models;

namespace Latent.Analysis;

/// <summary>
/// Expectation and maximization (Dempster, Laird and Rubin, 1977) for a mixture of normal distributions, begun by k-means++ (Arthur and
/// Vassilvitskii, 2007). Codes are scaled to variance 1 first. Eight codes go side by side, whatever the registers hold, and each component's sums are
/// made by one thread in the codes' order: the same bits with any number of threads and any register width.
/// </summary>
internal sealed class MixtureFit
{
    private const int Lanes = 8; // of Vector512<double>, which narrower hardware takes in pieces
    private const double Ridge = 1e-6; // added to each variance, which is about 1
    private const double Enough = 1e-3; // a smaller gain of the mean log-likelihood ends it
    private const int MostForStart = 2000;

    private readonly int _count,
        _groups,
        _size;
    private readonly bool _full;
    private readonly MixtureOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly double[] _centre,
        _scale;

    /// <summary>Groups of eight codes: number by number, of each the eight.</summary>
    private readonly double[] _codes;

    public MixtureFit(ReadOnlySpan<float> codes, int latentSize, bool full, MixtureOptions options)
    {
        (_size, _full, _options, _count) = (latentSize, full, options, codes.Length / latentSize);
        _parallel = new() { MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount };
        _groups = (_count + Lanes - 1) / Lanes;
        (_centre, _scale) = (new double[_size], new double[_size]);
        for (int i = 0; i < codes.Length; i++)
            _centre[i % _size] += codes[i];
        for (int j = 0; j < _size; j++)
            _centre[j] /= _count;
        for (int i = 0; i < codes.Length; i++)
            _scale[i % _size] += (codes[i] - _centre[i % _size]) * (codes[i] - _centre[i % _size]);
        for (int j = 0; j < _size; j++)
            _scale[j] = Math.Sqrt(_scale[j] / _count) is > 0 and var s ? s : 1;
        _codes = new double[_groups * _size * Lanes];
        for (int i = 0; i < _count; i++)
        for (int j = 0; j < _size; j++)
            _codes[At(i, j)] = (codes[i * _size + j] - _centre[j]) / _scale[j];
    }

    /// <summary>The mixture of so many components, or of fewer where some came to nothing.</summary>
    public GaussianMixture Run(int components)
    {
        var responsibilities = new double[components * _groups * Lanes];
        Start(responsibilities, components);
        var parts = new Component[components];
        double before = double.NegativeInfinity;
        for (int round = 0; ; round++)
        {
            Parallel.For(0, components, _parallel, k => parts[k] = Maximize(Of(responsibilities, k)));
            if (components == 1 || round == _options.Rounds)
                break;
            double likelihood = Expect(parts, responsibilities);
            if (!(likelihood - before > Enough))
                break;
            before = likelihood;
        }
        return Mixture([.. parts.Where(part => part.Weight > 0)]);
    }

    private int At(int code, int number) => (code / Lanes * _size + number) * Lanes + code % Lanes;

    private Span<double> Of(double[] responsibilities, int component) =>
        responsibilities.AsSpan(component * _groups * Lanes, _groups * Lanes);

    /// <summary>Each code belongs to the nearest of the centres that k-means++ and some rounds of k-means find among a part of the codes.</summary>
    private void Start(double[] responsibilities, int components)
    {
        if (components == 1)
        {
            Array.Fill(responsibilities, 1, 0, _count);
            return;
        }
        var random = new RandomStream(_options.Seed, "mixture/start");
        int some = Math.Min(_count, MostForStart);
        int[] rows = [.. Enumerable.Range(0, some).Select(i => (int)((long)i * _count / some))];
        var centres = new double[components * _size];
        var distances = new double[some];
        Array.Fill(distances, double.PositiveInfinity);
        for (int k = 0; k < components; k++)
        {
            int chosen = k == 0 ? random.Next(some) : Pick(distances, random);
            for (int j = 0; j < _size; j++)
                centres[k * _size + j] = _codes[At(rows[chosen], j)];
            for (int i = 0; i < some; i++)
                distances[i] = Math.Min(distances[i], Distance(rows[i], centres, k));
        }
        var sums = new double[centres.Length];
        var counts = new int[components];
        for (int round = 0; round < 5; round++)
        {
            Array.Clear(sums);
            Array.Clear(counts);
            foreach (int row in rows)
            {
                int k = Nearest(row, centres, components);
                counts[k]++;
                for (int j = 0; j < _size; j++)
                    sums[k * _size + j] += _codes[At(row, j)];
            }
            for (int i = 0; i < sums.Length; i++)
                if (counts[i / _size] > 0)
                    centres[i] = sums[i] / counts[i / _size];
        }
        Parallel.For(0, _count, _parallel, i => responsibilities[Nearest(i, centres, components) * _groups * Lanes + i] = 1);
    }

    private static int Pick(double[] weights, RandomStream random)
    {
        double target = random.NextDouble() * weights.Sum();
        for (int i = 0; i < weights.Length; i++)
        {
            target -= weights[i];
            if (target < 0)
                return i;
        }
        return random.Next(weights.Length); // all codes are the same
    }

    private int Nearest(int code, double[] centres, int components)
    {
        (int nearest, double least) = (0, double.PositiveInfinity);
        for (int k = 0; k < components; k++)
            if (Distance(code, centres, k) is var distance && distance < least)
                (nearest, least) = (k, distance);
        return nearest;
    }

    private double Distance(int code, double[] centres, int k)
    {
        double sum = 0;
        for (int j = 0; j < _size; j++)
        {
            double difference = _codes[At(code, j)] - centres[k * _size + j];
            sum += difference * difference;
        }
        return sum;
    }

    /// <summary>The weight, mean and covariance of the codes by their responsibilities.</summary>
    private Component Maximize(Span<double> responsibilities)
    {
        var weights = MemoryMarshal.Cast<double, Vector512<double>>(responsibilities);
        var codes = MemoryMarshal.Cast<double, Vector512<double>>(_codes.AsSpan());
        var all = Vector512<double>.Zero;
        var sums = new Vector512<double>[_size];
        for (int g = 0; g < _groups; g++)
        {
            var w = weights[g];
            all += w;
            var group = codes.Slice(g * _size, _size);
            for (int j = 0; j < sums.Length; j++)
                sums[j] += w * group[j];
        }
        double total = Sum(all);
        if (!(total > 1e-3)) // it has no code any more
            return new(0, [], [], [], 0);
        double[] mean = [.. sums.Select(sum => Sum(sum) / total)];

        int length = _full ? _size * (_size + 1) / 2 : _size;
        var squares = new Vector512<double>[length];
        var apart = new Vector512<double>[_size];
        for (int g = 0; g < _groups; g++)
        {
            var w = weights[g];
            var group = codes.Slice(g * _size, _size);
            for (int j = 0; j < apart.Length; j++)
                apart[j] = group[j] - Vector512.Create(mean[j]);
            if (!_full)
            {
                for (int j = 0; j < apart.Length; j++)
                    squares[j] += w * apart[j] * apart[j];
                continue;
            }
            for (int i = 0, at = 0; i < apart.Length; i++)
            {
                var weighted = w * apart[i];
                for (int j = 0; j <= i; j++)
                    squares[at++] += weighted * apart[j];
            }
        }
        double[] covariance = [.. squares.Select(square => Sum(square) / total)];
        return _full ? Full(total / _count, mean, covariance) : Diagonal(total / _count, mean, covariance);
    }

    private static Component Diagonal(double weight, double[] mean, double[] variances)
    {
        double[] deviations = [.. variances.Select(variance => Math.Sqrt(variance + Ridge))];
        return new(weight, mean, deviations, [.. deviations.Select(s => 1 / s)], deviations.Sum(Math.Log));
    }

    /// <summary>Cholesky's factor of the covariance, and its inverse.</summary>
    private Component Full(double weight, double[] mean, double[] covariance)
    {
        var factor = new double[covariance.Length];
        double ridge = Ridge;
        while (!Factorize(covariance, factor, ridge))
            ridge *= 10; // what rounding made of a flat cloud
        var inverse = new double[factor.Length];
        double log = 0;
        for (int j = 0; j < _size; j++)
        {
            log += Math.Log(factor[Row(j) + j]);
            for (int i = j; i < _size; i++)
            {
                double sum = i == j ? 1 : 0;
                for (int m = j; m < i; m++)
                    sum -= factor[Row(i) + m] * inverse[Row(m) + j];
                inverse[Row(i) + j] = sum / factor[Row(i) + i];
            }
        }
        return new(weight, mean, factor, inverse, log);
    }

    private bool Factorize(double[] covariance, double[] factor, double ridge)
    {
        for (int i = 0; i < _size; i++)
        for (int j = 0; j <= i; j++)
        {
            double sum = covariance[Row(i) + j] + (i == j ? ridge : 0);
            for (int m = 0; m < j; m++)
                sum -= factor[Row(i) + m] * factor[Row(j) + m];
            if (i == j && !(sum > ridge / 2))
                return false;
            factor[Row(i) + j] = i == j ? Math.Sqrt(sum) : sum / factor[Row(j) + j];
        }
        return true;
    }

    private static int Row(int i) => i * (i + 1) / 2;

    /// <summary>How far each code belongs to each component; returns the mean log-likelihood of the codes.</summary>
    private double Expect(Component[] parts, double[] responsibilities)
    {
        Parallel.For(0, parts.Length, _parallel, k => LogDensities(parts[k], Of(responsibilities, k)));
        var likelihoods = new double[_groups];
        int stride = _groups * Lanes;
        Parallel.For(
            0,
            _groups,
            _parallel,
            g =>
            {
                double all = 0;
                for (int n = g * Lanes; n < (g + 1) * Lanes; n++)
                {
                    double highest = double.NegativeInfinity;
                    for (int k = 0; k < parts.Length; k++)
                        highest = Math.Max(highest, responsibilities[k * stride + n]);
                    double sum = 0;
                    for (int k = 0; k < parts.Length; k++)
                        sum += responsibilities[k * stride + n] = Math.Exp(responsibilities[k * stride + n] - highest);
                    for (int k = 0; k < parts.Length; k++)
                        responsibilities[k * stride + n] = n < _count ? responsibilities[k * stride + n] / sum : 0;
                    if (n < _count)
                        all += highest + Math.Log(sum);
                }
                likelihoods[g] = all;
            }
        );
        return likelihoods.Sum() / _count;
    }

    private void LogDensities(Component part, Span<double> logs)
    {
        if (part.Weight <= 0)
        {
            logs.Fill(double.NegativeInfinity);
            return;
        }
        var result = MemoryMarshal.Cast<double, Vector512<double>>(logs);
        var codes = MemoryMarshal.Cast<double, Vector512<double>>(_codes.AsSpan());
        var constant = Vector512.Create(Math.Log(part.Weight) - part.LogDeterminant);
        var apart = new Vector512<double>[_size];
        for (int g = 0; g < _groups; g++)
        {
            var group = codes.Slice(g * _size, _size);
            for (int j = 0; j < apart.Length; j++)
                apart[j] = group[j] - Vector512.Create(part.Mean[j]);
            var squares = Vector512<double>.Zero;
            for (int i = 0, at = 0; i < apart.Length; i++)
            {
                var sum = Vector512<double>.Zero;
                if (_full)
                    for (int j = 0; j <= i; j++)
                        sum += Vector512.Create(part.Inverse[at++]) * apart[j];
                else
                    sum = Vector512.Create(part.Inverse[i]) * apart[i];
                squares += sum * sum;
            }
            result[g] = constant - Vector512.Create(0.5) * squares;
        }
    }

    private GaussianMixture Mixture(Component[] parts)
    {
        var means = new List<float>();
        var factors = new List<float>();
        foreach (var part in parts)
        {
            for (int j = 0; j < _size; j++)
                means.Add((float)(_centre[j] + _scale[j] * part.Mean[j]));
            if (_full)
                for (int i = 0; i < _size; i++)
                for (int j = 0; j <= i; j++)
                    factors.Add((float)(_scale[i] * part.Factor[Row(i) + j]));
            else
                for (int j = 0; j < _size; j++)
                    factors.Add((float)(_scale[j] * part.Factor[j]));
        }
        return new(_size, [.. parts.Select(part => (float)part.Weight)], [.. means], [.. factors], _full);
    }

    /// <summary>In a fixed order, whatever the hardware.</summary>
    private static double Sum(Vector512<double> vector)
    {
        double sum = 0;
        for (int i = 0; i < Lanes; i++)
            sum += vector[i];
        return sum;
    }

    /// <summary>In the scaled codes' units; triangles row by row.</summary>
    private sealed record Component(double Weight, double[] Mean, double[] Factor, double[] Inverse, double LogDeterminant);
}
