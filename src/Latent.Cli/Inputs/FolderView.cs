using Latent.Images;

namespace Latent.Cli.Inputs;

/// <summary>Says on standard error how far the reading of a folder is, where it takes long, and which files are left out.</summary>
internal sealed class FolderView(Terminal terminal) : IProgress<(int Done, int All)>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly long _started = TimeProvider.System.GetTimestamp();
    private int _said; // seconds

    public ImageFolderOptions Options =>
        new()
        {
            Progress = this,
            OnSkipped = file => terminal.Error.Writer.WriteLine($"skipped {file}"),
            OnWarning = message => terminal.Error.Writer.WriteLine($"warning: {message}"),
        };

    public void Report((int Done, int All) value)
    {
        var elapsed = TimeProvider.System.GetElapsedTime(_started);
        if (elapsed < s_patience || (value.Done < value.All && elapsed.TotalSeconds < _said + 5))
            return;
        _said = (int)elapsed.TotalSeconds;
        terminal.Error.Writer.WriteLine($"read {value.Done:N0} of {value.All:N0} images, {value.Done / elapsed.TotalSeconds:N0} a second");
    }
}
