namespace Latent.Networks;

/// <summary>The kinds of activation functions.</summary>
public enum ActivationKind
{
    /// <summary>x</summary>
    Linear,

    /// <summary>max(x, 0)</summary>
    Relu,

    /// <summary>x where x &gt; 0, else slope · x</summary>
    LeakyRelu,

    /// <summary>1 / (1 + e⁻ˣ)</summary>
    Sigmoid,

    /// <summary>tanh x</summary>
    Tanh,
}

/// <summary>An activation function, applied to each number by itself.</summary>
/// <param name="Kind">Which function.</param>
/// <param name="Slope">The slope below zero of <see cref="ActivationKind.LeakyRelu"/>; 0 for every other kind.</param>
public sealed record Activation(ActivationKind Kind, float Slope = 0)
{
    /// <summary>x</summary>
    public static Activation Linear { get; } = new(ActivationKind.Linear);

    /// <summary>max(x, 0)</summary>
    public static Activation Relu { get; } = new(ActivationKind.Relu);

    /// <summary>1 / (1 + e⁻ˣ): values between 0 and 1, as pixels are.</summary>
    public static Activation Sigmoid { get; } = new(ActivationKind.Sigmoid);

    /// <summary>tanh x</summary>
    public static Activation Tanh { get; } = new(ActivationKind.Tanh);

    /// <summary>x where x &gt; 0, else slope · x.</summary>
    /// <param name="slope">The slope below zero. Keras's function "leaky_relu" has 0.2, its layer LeakyReLU 0.3.</param>
    public static Activation LeakyRelu(float slope = 0.2f) => new(ActivationKind.LeakyRelu, slope);

    /// <summary>Keras's name of the function.</summary>
    public string Name =>
        Kind switch
        {
            ActivationKind.Linear => "linear",
            ActivationKind.Relu => "relu",
            ActivationKind.LeakyRelu => "leaky_relu",
            ActivationKind.Sigmoid => "sigmoid",
            _ => "tanh",
        };

    /// <inheritdoc/>
    public override string ToString() => Kind == ActivationKind.LeakyRelu ? $"leaky_relu({Slope})" : Name;
}
