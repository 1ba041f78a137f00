namespace Latent.Networks;

/// <summary>A layer whose output has the shape of its input, whatever that is.</summary>
public abstract record SameShapeLayer : Layer
{
    private protected SameShapeLayer() { }

    /// <inheritdoc/>
    public sealed override Shape Output(Shape input)
    {
        Require();
        return input;
    }
}
