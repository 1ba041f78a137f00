using System.Runtime.InteropServices;

namespace Latent.Cli;

/// <summary>
/// Turns Ctrl-C, SIGTERM and SIGHUP into a request to stop. The second signal ends the process at once, as does the first to a command that
/// does not look.
/// </summary>
internal sealed class Signals : IDisposable
{
    /// <summary>
    /// Comes with a write beyond a limit of the file size (ulimit -f), and ends the process where nobody takes it. The write itself fails as one
    /// to a full disk does, and that is told. Taken for as long as the process lives: it may be handled only after its message was written.
    /// </summary>
    private const PosixSignal SIGXFSZ = (PosixSignal)25; // on Linux and macOS

    private static PosixSignalRegistration? s_fileSize;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Signals()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
        if (!OperatingSystem.IsWindows())
            s_fileSize ??= PosixSignalRegistration.Create(SIGXFSZ, context => context.Cancel = true);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Whether the terminal is gone, so that writing to it may fail.</summary>
    public bool HungUp { get; private set; }

    /// <summary>Whether the running command looks at <see cref="Stop"/>; until it says so, a signal ends the process.</summary>
    public bool Handled { get; set; }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        HungUp |= context.Signal == PosixSignal.SIGHUP;
        context.Cancel = Handled && !_stop.IsCancellationRequested;
        if (context.Cancel)
            _stop.Cancel();
    }
}
