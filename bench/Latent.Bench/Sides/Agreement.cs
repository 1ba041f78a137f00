using Latent.Bench.Cases;
using Latent.Bench.Reporting;
using Latent.Bench.Shared;

namespace Latent.Bench.Sides;

/// <summary>
/// Holds a peer's outputs and the losses of its first steps against ours before it is measured: one that computes something else is no peer.
/// </summary>
internal sealed class Agreement(Report report)
{
    private const int Images = 16,
        Steps = 5,
        Batch = 64;
    private const double OfOutputs = 1e-4,
        OfLosses = 2e-5;

    private readonly HashSet<(string, string)> _checked = [];
    private readonly List<(string Name, double Outputs, double? Losses)> _news = [];

    /// <summary>Whether a side is not known to agree.</summary>
    public bool IsNew(SideProgram peer, BenchNetwork network) => !_checked.Contains((peer.Name, network.Name));

    /// <summary>Compares a side with ours.</summary>
    /// <exception cref="SideFailure">They differ.</exception>
    public void Check(SideProcess ours, SideProcess peer, BenchNetwork network)
    {
        double outputs = Enum.GetValues<Part>().Max(part => Outputs(part, ours.Outputs(part, Images), peer.Outputs(part, Images)));
        double? losses = null;
        if (peer.Program.Trains)
        {
            // ε inside or outside of the root: where it is small, that is the same
            string training = $"batch={Batch} rate={network.Rate} epsilon=1e-12 threads=0 optimizer=rmsprop";
            losses = Losses(ours.Losses(training, Steps), peer.Losses(training, Steps));
        }
        _checked.Add((peer.Program.Name, network.Name));
        _news.Add((peer.Program.Name, outputs, losses));
    }

    /// <summary>Says how well the new ones agreed.</summary>
    public void Tell(BenchNetwork network)
    {
        if (_news.Count == 0)
            return;
        report.Line(
            $"Largest differences from Latent's codes and images, and from the losses of the first {Steps} steps (relative), on {network.Title}: "
                + string.Join(
                    "; ",
                    _news.Select(news => $"{news.Name} {news.Outputs:0.0e0}" + (news.Losses is { } losses ? $", {losses:0.0e0}" : ""))
                )
                + $". More than {OfOutputs:0e0} and {OfLosses:0e0} would be another network."
        );
        _news.Clear();
    }

    /// <summary>The largest difference of outputs; those above 1 are held to their size.</summary>
    /// <exception cref="SideFailure">It is too large, or the counts differ.</exception>
    public static double Outputs(Part part, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        if (ours.Length != theirs.Length)
            throw new SideFailure($"it computes something else: {part} gives {theirs.Length} numbers, not {ours.Length}");
        double largest = 0,
            size = 1;
        for (int i = 0; i < ours.Length; i++)
        {
            size = Math.Max(size, Math.Abs(ours[i]));
            largest = Math.Max(largest, Difference(ours[i], theirs[i]));
        }
        return largest / size <= OfOutputs
            ? largest / size
            : throw new SideFailure($"it computes something else: {part} differs by {largest:0.0e0}");
    }

    /// <summary>The largest relative difference of losses.</summary>
    /// <exception cref="SideFailure">It is too large, or the counts differ.</exception>
    public static double Losses(ReadOnlySpan<double> ours, ReadOnlySpan<double> theirs)
    {
        if (ours.Length != theirs.Length)
            throw new SideFailure($"it computes something else: {theirs.Length} losses, not {ours.Length}");
        double largest = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            double relative = Difference(ours[i], theirs[i]) / ours[i];
            if (!(relative <= OfLosses))
                throw new SideFailure($"it computes something else: the loss of step {i + 1} is {theirs[i]:G6}, not {ours[i]:G6}");
            largest = Math.Max(largest, relative);
        }
        return largest;
    }

    // Not a number differs from everything.
    private static double Difference(double ours, double theirs) =>
        Math.Abs(ours - theirs) is var difference && double.IsNaN(difference) ? double.PositiveInfinity : difference;
}
