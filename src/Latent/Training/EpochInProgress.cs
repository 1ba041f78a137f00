namespace Latent.Training;

/// <summary>What an epoch that has begun and not yet ended is up to.</summary>
internal sealed class EpochInProgress
{
    /// <summary>Steps done.</summary>
    public int Batches { get; set; }

    /// <summary>The sum of the losses of the images seen.</summary>
    public double LossSum { get; set; }

    /// <summary>Images seen.</summary>
    public long Images { get; set; }

    /// <summary>Seconds it took in processes before this one.</summary>
    public double SecondsBefore { get; init; }

    /// <summary>The clock's timestamp when it began, or went on in this process.</summary>
    public required long Started { get; init; }

    /// <summary>The mean loss of the images seen.</summary>
    public double Loss => LossSum / Images;

    /// <summary>Seconds from its begin, without those in which no process trained.</summary>
    public double Seconds(TimeProvider clock) => SecondsBefore + clock.GetElapsedTime(Started).TotalSeconds;
}
