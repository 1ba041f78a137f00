using Latent.Bench.Cases;
using Latent.Bench.Measuring;
using Latent.Bench.Reporting;
using Latent.Bench.Sides;

namespace Latent.Bench;

/// <summary>What the sections of one run share: options, the report, the cases, and the sides that there are.</summary>
internal sealed class BenchRun : IDisposable
{
    /// <summary>Images that a side loads: enough that they do not all stay in a cache, few enough to say nothing about memory.</summary>
    private const int Images = 4096;

    private readonly string _scratch = Directory.CreateTempSubdirectory("latent-bench-").FullName;
    private readonly Dictionary<BenchNetwork, string> _cases = [];
    private readonly Agreement _agreement;

    public BenchRun(BenchOptions options, Report report)
    {
        (Options, Report) = (options, report);
        _agreement = new(report);
        Peers = options.Peers ? Sides.Peers.Find(report) : [];
        if (options.Prototype is { } folder)
        {
            Prototype = new(folder);
            report.Version(Prototype.Name, $"given by --prototype, {Prototype.Program}");
        }
    }

    public BenchOptions Options { get; }

    public Report Report { get; }

    public IReadOnlyList<SideProgram> Peers { get; }

    public Prototype? Prototype { get; }

    /// <summary>A folder of this run, which goes with it.</summary>
    public string Scratch(string name) => Path.Combine(_scratch, name);

    /// <summary>Measures contestants in turns.</summary>
    public Results Contest(IReadOnlyList<Contestant> contestants) => new Contest(Options, Report).Run(contestants);

    /// <summary>Our side alone, with a case opened.</summary>
    public SideProcess StartOurs(BenchNetwork network, int images = Images) => Start(SideProgram.Ours, network, images);

    /// <summary>
    /// Our side first, and the peers that compute the same: what a peer that cannot run, or computes something else, is left out for stands in
    /// the report.
    /// </summary>
    /// <param name="network">The case.</param>
    /// <param name="training">Whether only those are wanted that can train.</param>
    public SideGroup StartAll(BenchNetwork network, bool training)
    {
        var all = new List<SideProcess>();
        foreach (var program in Peers.Where(peer => peer.Trains || !training))
        {
            try
            {
                // in processes of their own, so that what is measured has done nothing else: memory counts too
                if (_agreement.IsNew(program, network))
                {
                    using SideProcess ours = StartOurs(network),
                        peer = Start(program, network, Images);
                    _agreement.Check(ours, peer, network);
                }
                all.Add(Start(program, network, Images));
            }
            catch (SideFailure e)
            {
                Report.LeftOut(program.Name, e.Message);
            }
        }
        _agreement.Tell(network);
        return new([StartOurs(network), .. all]);
    }

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    private SideProcess Start(SideProgram program, BenchNetwork network, int images)
    {
        if (!_cases.TryGetValue(network, out string? folder))
            _cases[network] = folder = CaseFolder.Write(_scratch, network);
        var side = new SideProcess(program, folder, images);
        Report.Version(program.Name, side.Version);
        return side;
    }
}
