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

    /// <summary>The chunk's sum of gradients, by the layout.</summary>
    public float* Gradient;

    /// <summary>Sums that operations keep from group to group of a chunk, before they become gradients of weights.</summary>
    public float* Extra;

    /// <summary>
    /// Whether the images are the first of their chunk, so that what is in <see cref="Extra"/> is of no use, nor the gradients that an operation
    /// starts itself.
    /// </summary>
    public bool FirstGroup;

    /// <summary>The penalty on what an image makes of itself on its way, a number for each of the group, to be added to.</summary>
    public double* Penalties;

    /// <summary>1 / images of the batch: the part that an image's penalty has in the batch's loss.</summary>
    public float PenaltyScale;

    /// <summary>How many images there are to work on.</summary>
    public int Images;

    /// <summary>The place of the first of them in the group.</summary>
    public int Offset;

    /// <summary>The place of the first image in the batch.</summary>
    public int First;

    /// <summary>What is drawn in a step follows from this, <see cref="Step"/> and the image's place.</summary>
    public long NoiseSeed;

    /// <summary>The steps done before this one.</summary>
    public long Step;

    /// <summary>Where image n of those to work on lies.</summary>
    public readonly float* Of(Tensor tensor, int n) => Arena + tensor.Start + (nint)(tensor.IsOfPart ? n : Offset + n) * tensor.ImageStride;

    /// <summary>All of the images, so many at a time.</summary>
    public readonly FrameParts Parts(int images) => new(this, images);

    /// <summary>Some of the images, in memory of the same thread.</summary>
    public readonly Frame Part(int first, int count)
    {
        var part = this;
        (part.Offset, part.First, part.Images) = (Offset + first, First + first, count);
        part.Penalties += first;
        part.FirstGroup &= first == 0;
        return part;
    }
}

/// <summary>A frame's images, some at a time, for foreach; nothing is allocated.</summary>
internal struct FrameParts(in Frame whole, int images)
{
    private readonly Frame _whole = whole;
    private int _done;

    public Frame Current { get; private set; }

    public readonly FrameParts GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_done >= _whole.Images)
            return false;
        Current = _whole.Part(_done, Math.Min(images, _whole.Images - _done));
        _done += images;
        return true;
    }
}
