using System.Text;

namespace Latent.Cli.Output;

/// <summary>
/// A writer that falls silent when its terminal is gone: a training that is told to stop by a hang-up still has its model to write. Every
/// other failure, a full disk behind a redirection for example, is the user's to mend and told as such.
/// </summary>
internal sealed class PatientWriter(TextWriter inner, Func<bool> hungUp) : TextWriter(inner.FormatProvider)
{
    private const int InputOutputError = 5; // EIO: what a write to a closed terminal gives

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e)
            when (e
                    is IOException // so .NET tells most; then a closed stream (>&-), and a file of the largest size that is allowed
                        or UnauthorizedAccessException
                        or ArgumentOutOfRangeException { ParamName: "value" }
            )
        {
            if (hungUp() || e.HResult == InputOutputError)
                return;
            throw new LatentException("The output cannot be written.", "a terminal, or a file or pipe with room", e.Message, inner: e);
        }
    }
}
