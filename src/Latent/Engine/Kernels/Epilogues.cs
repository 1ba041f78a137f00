namespace Latent.Engine.Kernels;

/// <summary>What becomes of a finished sum on its way to memory; c is what stands there now, x the same place in Aux.</summary>
internal interface IEpilogue
{
    static abstract V Finish<T, V>(V sum, in V c, in V x)
        where T : ISimd<V>;
}

/// <summary>C = sum</summary>
internal struct Store : IEpilogue
{
    public static V Finish<T, V>(V sum, in V c, in V x)
        where T : ISimd<V> => sum;
}

/// <summary>C = C + sum</summary>
internal struct AddTo : IEpilogue
{
    public static V Finish<T, V>(V sum, in V c, in V x)
        where T : ISimd<V> => T.Add(c, sum);
}

/// <summary>C = sum + Aux</summary>
internal struct Bias : IEpilogue
{
    public static V Finish<T, V>(V sum, in V c, in V x)
        where T : ISimd<V> => T.Add(sum, x);
}

/// <summary>C = relu(sum + Aux), as x &lt; 0 ? 0 : x so that a NaN stays one and shows</summary>
internal struct BiasRelu : IEpilogue
{
    public static V Finish<T, V>(V sum, in V c, in V x)
        where T : ISimd<V>
    {
        V y = T.Add(sum, x);
        return T.WhereNegative(y, T.Broadcast(0), y);
    }
}

/// <summary>C = Aux &gt; 0 ? sum : 0, the gradient through a ReLU whose output is Aux</summary>
internal struct Gate : IEpilogue
{
    public static V Finish<T, V>(V sum, in V c, in V x)
        where T : ISimd<V> => T.WherePositive(x, sum, T.Broadcast(0));
}
