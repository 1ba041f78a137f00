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

    /// <summary>x where x &gt; 0, else slope · (eˣ − 1)</summary>
    Elu,

    /// <summary>1.0507 · x where x &gt; 0, else 1.0507 · 1.6733 · (eˣ − 1)</summary>
    Selu,

    /// <summary>eˣ</summary>
    Exponential,

    /// <summary>log(1 + eˣ)</summary>
    Softplus,

    /// <summary>x / (1 + |x|)</summary>
    Softsign,

    /// <summary>x · sigmoid x</summary>
    Silu,

    /// <summary>x · Φ(x), with the normal distribution's Φ by the error function</summary>
    Gelu,

    /// <summary>x · tanh(log(1 + eˣ))</summary>
    Mish,

    /// <summary>x / 6 + ½, held in 0 … 1</summary>
    HardSigmoid,

    /// <summary>The ReLU of Keras's layer: the lesser of x and the maximum where x &gt; threshold, else slope · (x − threshold)</summary>
    BoundedRelu,

    /// <summary>eˣ / Σ eˣ over the channels of a pixel, or over a vector</summary>
    Softmax,
}

/// <summary>An activation function, applied to each number by itself; the softmax to the channels of each pixel.</summary>
/// <param name="Kind">Which function.</param>
/// <param name="Slope">
/// The slope below zero of <see cref="ActivationKind.LeakyRelu"/> and <see cref="ActivationKind.BoundedRelu"/>, α of
/// <see cref="ActivationKind.Elu"/>; 0 for every other kind.
/// </param>
/// <param name="Threshold">Where <see cref="ActivationKind.BoundedRelu"/> begins to be x; 0 for every other kind.</param>
/// <param name="Maximum">The most that <see cref="ActivationKind.BoundedRelu"/> gives; infinite for every other kind.</param>
public sealed record Activation(ActivationKind Kind, float Slope = 0, float Threshold = 0, float Maximum = float.PositiveInfinity)
{
    /// <summary>x</summary>
    public static Activation Linear { get; } = new(ActivationKind.Linear);

    /// <summary>max(x, 0)</summary>
    public static Activation Relu { get; } = new(ActivationKind.Relu);

    /// <summary>max(x, 0), at most 6.</summary>
    public static Activation Relu6 { get; } = new(ActivationKind.BoundedRelu, Maximum: 6);

    /// <summary>1 / (1 + e⁻ˣ): values between 0 and 1, as pixels are.</summary>
    public static Activation Sigmoid { get; } = new(ActivationKind.Sigmoid);

    /// <summary>tanh x</summary>
    public static Activation Tanh { get; } = new(ActivationKind.Tanh);

    /// <summary>1.0507 · x where x &gt; 0, else 1.7581 · (eˣ − 1) (Klambauer et al., 2017).</summary>
    public static Activation Selu { get; } = new(ActivationKind.Selu);

    /// <summary>eˣ</summary>
    public static Activation Exponential { get; } = new(ActivationKind.Exponential);

    /// <summary>log(1 + eˣ)</summary>
    public static Activation Softplus { get; } = new(ActivationKind.Softplus);

    /// <summary>x / (1 + |x|)</summary>
    public static Activation Softsign { get; } = new(ActivationKind.Softsign);

    /// <summary>x · sigmoid x, also called swish.</summary>
    public static Activation Silu { get; } = new(ActivationKind.Silu);

    /// <summary>x · Φ(x), exact and not the approximation by tanh (Hendrycks and Gimpel, 2016).</summary>
    public static Activation Gelu { get; } = new(ActivationKind.Gelu);

    /// <summary>x · tanh(softplus x) (Misra, 2019).</summary>
    public static Activation Mish { get; } = new(ActivationKind.Mish);

    /// <summary>x / 6 + ½, held in 0 … 1, as in Keras 3.</summary>
    public static Activation HardSigmoid { get; } = new(ActivationKind.HardSigmoid);

    /// <summary>eˣ / Σ eˣ over the channels of each pixel, or over a vector: what <c>CategoricalCrossentropy</c> wants.</summary>
    public static Activation Softmax { get; } = new(ActivationKind.Softmax);

    /// <summary>x where x &gt; 0, else slope · x.</summary>
    /// <param name="slope">The slope below zero. Keras's function "leaky_relu" has 0.2, its layer LeakyReLU 0.3.</param>
    public static Activation LeakyRelu(float slope = 0.2f) => new(ActivationKind.LeakyRelu, slope);

    /// <summary>x where x &gt; 0, else alpha · (eˣ − 1).</summary>
    /// <param name="alpha">What it tends to below zero, with the other sign.</param>
    public static Activation Elu(float alpha = 1) => new(ActivationKind.Elu, alpha);

    /// <summary>Keras's name of the function.</summary>
    public string Name =>
        Kind switch
        {
            ActivationKind.Linear => "linear",
            ActivationKind.Relu => "relu",
            ActivationKind.LeakyRelu => "leaky_relu",
            ActivationKind.Sigmoid => "sigmoid",
            ActivationKind.Tanh => "tanh",
            ActivationKind.Elu => "elu",
            ActivationKind.Selu => "selu",
            ActivationKind.Exponential => "exponential",
            ActivationKind.Softplus => "softplus",
            ActivationKind.Softsign => "softsign",
            ActivationKind.Silu => "silu",
            ActivationKind.Gelu => "gelu",
            ActivationKind.Mish => "mish",
            ActivationKind.HardSigmoid => "hard_sigmoid",
            ActivationKind.Softmax => "softmax",
            _ => this == Relu6 ? "relu6" : "relu",
        };

    /// <summary>The function that Keras has under a name, or null.</summary>
    internal static Activation? Named(string name) => s_named.GetValueOrDefault(name);

    internal void Check(OptionChecks checks)
    {
        if (!Enum.IsDefined(Kind))
            checks.Add("Activation", $"must be one of ActivationKind; it is {(int)Kind}.");
        if (float.IsNaN(Slope) || float.IsNaN(Threshold) || float.IsNaN(Maximum))
            checks.Add("Activation", $"must have numbers; it is {this}.");
    }

    /// <summary>Whether <see cref="Named"/> gives this one for its name, so that a file can say it by the name alone.</summary>
    internal bool IsNamed => Named(Name) == this;

    /// <summary>Whether its derivative follows from what it gave, so that what it was given need not be kept.</summary>
    internal bool HasDerivativeOfOutput =>
        Kind
            is not (
                ActivationKind.Silu
                or ActivationKind.Gelu
                or ActivationKind.Mish
                or ActivationKind.BoundedRelu
                or ActivationKind.Softmax
            )
        && !(Kind is ActivationKind.LeakyRelu or ActivationKind.Elu && Slope < 0);

    private static readonly Dictionary<string, Activation> s_named = new(StringComparer.Ordinal) { ["swish"] = Silu };

    static Activation()
    {
        foreach (
            var activation in (Activation[])
                [
                    Linear,
                    Relu,
                    Relu6,
                    Sigmoid,
                    Tanh,
                    Selu,
                    Exponential,
                    Softplus,
                    Softsign,
                    Silu,
                    Gelu,
                    Mish,
                    HardSigmoid,
                    Softmax,
                    LeakyRelu(),
                    Elu(),
                ]
        )
            s_named[activation.Name] = activation;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Kind switch
        {
            ActivationKind.LeakyRelu or ActivationKind.Elu => $"{Name}({Slope})",
            ActivationKind.BoundedRelu when this != Relu6 => $"relu({Slope}, from {Threshold} to {Maximum})",
            _ => Name,
        };
}
