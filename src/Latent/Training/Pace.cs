namespace Latent.Training;

/// <summary>
/// The pace of a training, from the times that its images took. It follows a machine that becomes busy within a few seconds, and a pause
/// (the machine slept, the process was stopped) does not count for more than a second.
/// </summary>
internal sealed class Pace
{
    /// <summary>Of the first steps only so many of the last count: those before pay for what happens once, such as compiling.</summary>
    private const int Recent = 7;

    private const double Memory = 3; // seconds after which an interval counts for 1/e
    private const double LongestPause = 1; // seconds
    private const double Unusual = 20; // times the seconds of an image so far

    private readonly Queue<double> _recent = new();
    private double _seconds,
        _images;

    /// <summary>0 while unknown.</summary>
    public double SecondsPerImage => _images > 0 ? _seconds / _images : 0;

    /// <summary>0 while unknown.</summary>
    public double ImagesPerSecond => _seconds > 0 ? _images / _seconds : 0;

    /// <summary>One of the first steps: the pace is the median of the last few, which one slow step does not move.</summary>
    public void AddFirst(double seconds, int images)
    {
        _recent.Enqueue(seconds / images);
        if (_recent.Count > Recent)
            _recent.Dequeue();
        double[] sorted = [.. _recent.Order()];
        (_seconds, _images) = (sorted[sorted.Length / 2] * images, images); // of the weight of one step, so that it is soon forgotten
    }

    /// <summary>
    /// Later steps. Images and seconds are summed apart and forget alike: a mean of the seconds per image, weighted by time, would let one
    /// interval with few images and many seconds stand for half a minute.
    /// </summary>
    public void Add(double seconds, long images)
    {
        if (SecondsPerImage > 0 && seconds / images > Unusual * SecondsPerImage)
            seconds = Math.Min(seconds, LongestPause);
        double keep = Math.Exp(-seconds / Memory);
        _seconds = _seconds * keep + seconds;
        _images = _images * keep + images;
    }
}
