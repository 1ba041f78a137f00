namespace Latent.Studio.Catalogue;

/// <summary>How it stands with a run.</summary>
public enum RunStatus
{
    /// <summary>A model file without a training.</summary>
    Model,

    /// <summary>A training is writing to it.</summary>
    Running,

    /// <summary>The training came to its end.</summary>
    Finished,

    /// <summary>A callback ended the training.</summary>
    Early,

    /// <summary>A person stopped the training; it can go on.</summary>
    Stopped,

    /// <summary>The process that trained is gone without a word; the training can go on.</summary>
    Interrupted,

    /// <summary>The loss became something that is no number.</summary>
    Diverged,

    /// <summary>A file of it cannot be read.</summary>
    Damaged,
}
