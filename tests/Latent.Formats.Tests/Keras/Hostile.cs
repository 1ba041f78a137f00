using System.Diagnostics;

namespace Latent.Formats.Tests.Keras;

/// <summary>How a reader behaves with a file that nobody meant well with.</summary>
internal static class Hostile
{
    private const long MostBytes = 500_000_000;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <summary>Reads a file: it ends well or in the one exception, within 5 seconds and 500 MB.</summary>
    /// <returns>The exception; null where it was read.</returns>
    public static LatentException? Hold(Action read, string what = "")
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var refused = Try(read, what);
        if (watch.Elapsed > s_longest) // once more, for a machine that had something else to do
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            watch.Restart();
            refused = Try(read, what);
        }
        Assert.True(watch.Elapsed < s_longest, $"{what}: took {watch.Elapsed}");
        // all that was ever taken, so an upper bound of what was in use
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(taken < MostBytes, $"{what}: took {taken:N0} bytes");
        if (refused is not null)
            Assert.True(refused.Message.Length < 4_000, $"{what}: a message of {refused.Message.Length} characters: {refused.Message}");
        return refused;
    }

    private static LatentException? Try(Action read, string what)
    {
        try
        {
            read();
        }
        catch (LatentException e)
        {
            return e;
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e}");
        }
        return null;
    }
}
