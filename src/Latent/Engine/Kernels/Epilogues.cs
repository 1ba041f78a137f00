namespace Latent.Engine.Kernels;

/// <summary>The last thing a product does with a sum before it is written.</summary>
internal interface IEpilogue
{
    /// <summary>What is written.</summary>
    /// <param name="sum">The finished sums of some neighbouring columns.</param>
    /// <param name="old">What C holds in their place so far.</param>
    /// <param name="aux">The numbers of Aux that belong to them.</param>
    static abstract V Finish<T, V>(V sum, in V old, in V aux)
        where T : ISimd<V>;
}

/// <summary>C becomes the sum.</summary>
internal struct Store : IEpilogue
{
    public static V Finish<T, V>(V sum, in V old, in V aux)
        where T : ISimd<V> => sum;
}

/// <summary>The sum is added to C.</summary>
internal struct AddTo : IEpilogue
{
    public static V Finish<T, V>(V sum, in V old, in V aux)
        where T : ISimd<V> => T.Add(old, sum);
}

/// <summary>C becomes the sum and a bias.</summary>
internal struct Bias : IEpilogue
{
    public static V Finish<T, V>(V sum, in V old, in V aux)
        where T : ISimd<V> => T.Add(sum, aux);
}

/// <summary>C becomes the ReLU of the sum and a bias.</summary>
internal struct BiasRelu : IEpilogue
{
    public static V Finish<T, V>(V sum, in V old, in V aux)
        where T : ISimd<V> => T.Relu(T.Add(sum, aux));
}

/// <summary>C becomes the sum where aux is positive, else 0: a gradient through a ReLU whose result aux is.</summary>
internal struct Masked : IEpilogue
{
    public static V Finish<T, V>(V sum, in V old, in V aux)
        where T : ISimd<V> => T.WherePositive(aux, sum, T.Broadcast(0));
}
