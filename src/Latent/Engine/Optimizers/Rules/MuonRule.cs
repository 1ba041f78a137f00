using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Optimizers;

/// <summary>Muon for the matrices, Adam for the rest; see <see cref="Muon"/>.</summary>
internal sealed unsafe class MuonRule : UpdateRule
{
    private const int Iterations = 5;
    private readonly Muon _options;
    private readonly Matrix?[] _matrices; // by the weight's index; null where Adam takes it
    private readonly int _scratchLength;
    private FloatBuffer?[] _scratch = [];
    private float _adamRate,
        _rootCorrection;

    public MuonRule(Muon options, ParameterLayout layout)
        : this(options, layout, MatricesOf(layout)) { }

    private MuonRule(Muon options, ParameterLayout layout, Matrix?[] matrices)
        : base(options, layout, Pieces(layout, matrices), ["momentum", "velocity"])
    {
        (_options, _matrices) = (options, matrices);
        foreach (var m in matrices.OfType<Matrix>())
            _scratchLength = Math.Max(_scratchLength, 2 * (m.Rows * m.Columns + 32) + 5 * (m.Short * m.Short + 32));
    }

    protected override void Prepare(long step, double factor)
    {
        double t = step + 1;
        _adamRate = (float)(_options.AdamRate * factor / (1 - Math.Pow(_options.Beta1, t)));
        _rootCorrection = (float)(1 / (1 - Math.Pow(_options.Beta2, t)));
    }

    protected override void Update(in Gradients gradients, Piece piece, int thread)
    {
        if (_matrices[piece.Parameter] is { } matrix)
            Turn(gradients, matrix, Scratch(thread));
        else
            Map.Run(
                new AdamMap
                {
                    Gradient = gradients,
                    Weights = Weights,
                    Momentum = Slots[0].Pointer,
                    Velocity = Slots[1].Pointer,
                    Start = piece.Start,
                    Decay = Decay,
                    Rate = _adamRate,
                    RootCorrection = _rootCorrection,
                    Beta1 = _options.Beta1,
                    Beta2 = _options.Beta2,
                    Epsilon = _options.Epsilon,
                },
                piece.Count
            );
    }

    private static Matrix?[] MatricesOf(ParameterLayout layout)
    {
        int last = layout.Parameters.IsEmpty ? -1 : layout.Parameters[^1].Layer;
        return
        [
            .. layout
                .Parameters.Select(p => p.Layer != last && p.Weight.Shape.Length > 1 ? new Matrix(p) : null)
                .Select(m => m is { Rows: > 1, Columns: > 1 } ? m : null),
        ];
    }

    // The most work first: the threads take the tasks in this order, and what is small fills the gaps at the end.
    private static IEnumerable<Piece> Pieces(ParameterLayout layout, Matrix?[] matrices) =>
        matrices
            .Index()
            .Where(m => m.Item is not null)
            .OrderByDescending(m => (long)m.Item!.Rows * m.Item.Columns * m.Item.Short)
            .Select(m => Piece.Whole(layout, m.Index))
            .Concat(
                matrices
                    .Index()
                    .Where(m => m.Item is null && layout.Parameters[m.Index].Weight.Trainable)
                    .SelectMany(m => Piece.Of(layout, m.Index))
            );

    private float* Scratch(int thread)
    {
        lock (_matrices)
        {
            if (_scratch.Length <= thread)
                Array.Resize(ref _scratch, thread + 1);
            return (_scratch[thread] ??= new(_scratchLength, thread * 7 % 23)).Pointer;
        }
    }

    // One matrix: its momentum u, made orthogonal. With G the Gram matrix of u's short side, all five Newton–Schulz steps are products of such
    // small squares: A = c² G and Q = c I, then B = a I + b A + c A², Q ← B Q, A ← B A B; the result is u Q or Q u.
    private void Turn(in Gradients gradients, Matrix m, float* scratch)
    {
        int size = m.Short,
            square = (size * size + 31) / 16 * 16,
            all = (m.Rows * m.Columns + 31) / 16 * 16;
        float* u = scratch,
            turned = u + all,
            a = turned + all,
            b = a + square,
            q = b + square,
            t = q + square;
        Map.Run(
            new MomentumMap
            {
                Gradient = gradients,
                Momentum = Slots[0].Pointer,
                To = u,
                Start = m.Offset,
                Keep = _options.Momentum,
            },
            m.Rows * m.Columns
        );
        if (m.IsTall)
            Product.Multiply<Store>(size, size, m.Rows, u, 1, m.Columns, u, m.Columns, a, size);
        else
        {
            Arrays.Transpose(u, m.Columns, turned, m.Rows, m.Rows, m.Columns);
            Product.Multiply<Store>(size, size, m.Columns, u, m.Columns, 1, turned, m.Rows, a, size);
        }
        float trace = 0;
        for (int i = 0; i < size; i++)
            trace += a[i * size + i];
        float scale = 1 / (MathF.Sqrt(trace) + 1e-18f); // whose square is finite, so that a gradient of zeros stays one
        Map.Run(
            new ScaleMap
            {
                A = a,
                To = a,
                FactorA = scale * scale,
            },
            size * size
        );
        Arrays.Clear(q, size * size);
        for (int i = 0; i < size; i++)
            q[i * size + i] = scale;
        for (int i = 0; i < Iterations; i++)
        {
            Product.Multiply<Store>(size, size, size, a, size, 1, a, size, b, size);
            Map.Run(
                new ScaleMap
                {
                    A = a,
                    B = b,
                    To = b,
                    FactorA = -4.7750f,
                    FactorB = 2.0315f,
                },
                size * size
            );
            for (int j = 0; j < size; j++)
                b[j * size + j] += 3.4445f;
            Product.Multiply<Store>(size, size, size, b, size, 1, q, size, t, size);
            float* last = q;
            q = t;
            t = last;
            if (i == Iterations - 1)
                break;
            Product.Multiply<Store>(size, size, size, b, size, 1, a, size, t, size);
            Product.Multiply<Store>(size, size, size, t, size, 1, b, size, a, size);
        }
        Map.Run(
            new ScaleMap
            {
                A = q,
                To = q,
                FactorA = -Rate * m.Scale,
            },
            size * size
        );
        if (Decay.Part != 0)
            Map.Run(new DecayMap { Weights = Weights + m.Offset, Decay = Decay }, m.Rows * m.Columns);
        if (m.IsTall)
            Product.Multiply<AddTo>(m.Rows, m.Columns, size, u, m.Columns, 1, q, size, Weights + m.Offset, m.Columns);
        else
            Product.Multiply<AddTo>(m.Rows, m.Columns, size, q, size, 1, u, m.Columns, Weights + m.Offset, m.Columns);
    }

    private sealed class Matrix
    {
        public Matrix(Parameter parameter)
        {
            Offset = parameter.Offset;
            Columns = parameter.Weight.Shape[^1];
            Rows = parameter.Count / Columns;
            Scale = MathF.Sqrt(2f / (parameter.Weight.FanIn + parameter.Weight.FanOut) * Math.Max(Rows, Columns));
        }

        public int Offset { get; }

        public int Rows { get; }

        public int Columns { get; }

        public float Scale { get; }

        public bool IsTall => Rows >= Columns;

        public int Short => Math.Min(Rows, Columns);
    }

    private struct MomentumMap : IMap
    {
        public Gradients Gradient;
        public float* Momentum,
            To;
        public int Start;
        public float Keep;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V keep = T.Broadcast(Keep),
                part = T.Multiply(T.Broadcast(1 - Keep), Gradient.Load<T, V>(Start + index));
            var momentum = (V*)(Momentum + Start + index);
            V m = T.MultiplyAdd(keep, *momentum, part);
            *momentum = m;
            *(V*)(To + index) = T.MultiplyAdd(keep, m, part);
        }
    }

    // to = a · factorA (+ b · factorB)
    private struct ScaleMap : IMap
    {
        public float* A,
            B,
            To;
        public float FactorA,
            FactorB;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V x = T.Multiply(*(V*)(A + index), T.Broadcast(FactorA));
            if (B != null)
                x = T.MultiplyAdd(*(V*)(B + index), T.Broadcast(FactorB), x);
            *(V*)(To + index) = x;
        }
    }

    private struct DecayMap : IMap
    {
        public float* Weights;
        public Decay Decay;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged => *(V*)(Weights + index) = Decay.Of<T, V>(*(V*)(Weights + index));
    }

    private struct AdamMap : IMap
    {
        public Gradients Gradient;
        public float* Weights,
            Momentum,
            Velocity;
        public int Start;
        public Decay Decay;
        public float Rate,
            RootCorrection,
            Beta1,
            Beta2,
            Epsilon;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            index += Start;
            V beta1 = T.Broadcast(Beta1),
                g = Gradient.Load<T, V>(index),
                part = T.Multiply(T.Broadcast(1 - Beta1), g);
            V m = T.MultiplyAdd(beta1, *(V*)(Momentum + index), part);
            V v = T.MultiplyAdd(T.Broadcast(Beta2), *(V*)(Velocity + index), T.Multiply(T.Broadcast(1 - Beta2), T.Multiply(g, g)));
            *(V*)(Momentum + index) = m;
            *(V*)(Velocity + index) = v;
            V ahead = T.MultiplyAdd(beta1, m, part);
            V root = T.SquareRoot(T.Multiply(v, T.Broadcast(RootCorrection)));
            V step = T.Divide(T.Multiply(T.Broadcast(Rate), ahead), T.Add(root, T.Broadcast(Epsilon)));
            *(V*)(Weights + index) = T.Subtract(Decay.Of<T, V>(*(V*)(Weights + index)), step);
        }
    }
}
