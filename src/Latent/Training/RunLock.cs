namespace Latent.Training;

/// <summary>Keeps a second training away from a run folder.</summary>
internal static class RunLock
{
    /// <summary>The file's name in the run folder.</summary>
    public const string FileName = ".lock";

    /// <summary>Takes the lock of a folder, which must exist.</summary>
    /// <exception cref="LatentException">Another training holds it, or the folder cannot be written.</exception>
    public static LockFile Take(RunFolder run)
    {
        try
        {
            return LockFile.TryTake(Path.Combine(run.Path, FileName))
                ?? throw new LatentException(
                    $"Another training writes to '{run.Path}'.",
                    "a run folder that no other process trains in",
                    "a folder that is locked",
                    "wait for it to end or stop it, or choose another folder for this training"
                );
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            throw RunFolder.CannotBeWritten(run.Path, e);
        }
    }
}
