namespace Latent.Cli.Tests.Faults;

/// <summary>Where a process was when it was killed, as far as its files and its output say.</summary>
internal enum KilledIn
{
    /// <summary>No state yet: the run did not exist.</summary>
    Start,

    /// <summary>The run existed; this process had not gone on with it.</summary>
    Resuming,

    /// <summary>Training, between two files.</summary>
    Training,

    /// <summary>A file was half written.</summary>
    Writing,

    /// <summary>All steps were done: the last files, pictures, the report.</summary>
    End,
}

/// <summary>Counts kills, for all trainings together.</summary>
internal sealed class KillTally(int wanted)
{
    private readonly int[] _kills = new int[Enum.GetValues<KilledIn>().Length];
    private int _survived,
        _all;

    /// <summary>Whether there are kills left to make.</summary>
    public bool GoesOn => Volatile.Read(ref _all) < wanted;

    public void Killed(KilledIn moment)
    {
        Interlocked.Increment(ref _kills[(int)moment]);
        Interlocked.Increment(ref _all);
    }

    public void Survived() => Interlocked.Increment(ref _survived);

    public override string ToString() =>
        $"{_all} kills of {_survived} trainings: {_kills[0]} before the run existed, {_kills[1]} while it was opened again, "
        + $"{_kills[2]} within an epoch, {_kills[3]} while a file was written, {_kills[4]} at the end";
}
