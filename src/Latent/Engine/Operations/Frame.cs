namespace Latent.Engine.Operations;

/// <summary>What an operation works on: a group of images in one thread's memory, and the weights of all.</summary>
internal unsafe struct Frame
{
    /// <summary>The thread's tensors.</summary>
    public float* Arena;

    /// <summary>Room for an operation while it runs.</summary>
    public float* Scratch;

    /// <summary>All weights, by the layout.</summary>
    public float* Weights;

    /// <summary>What the operations made of the weights when they last changed.</summary>
    public float* Packed;

    /// <summary>The chunk's sum of gradients, by the layout, and behind it what the operations keep there.</summary>
    public float* Gradient;

    /// <summary>How many images the group has.</summary>
    public int Images;
}
