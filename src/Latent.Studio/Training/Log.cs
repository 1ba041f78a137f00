using Microsoft.Extensions.Logging;

namespace Latent.Studio.Training;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The training ended with a fault of Latent.")]
    public static partial void Fault(ILogger log, Exception fault);
}
