using Microsoft.Extensions.Logging;

namespace Latent.Studio;

/// <summary>Hands errors that the web server or a page logs to one function; all else that is logged goes nowhere.</summary>
internal sealed class FaultLog(Action<string> write) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Log(categoryName, write);

    public void Dispose() { }

    private sealed class Log(string category, Action<string> write) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        void ILogger.Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                write($"{category}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
        }
    }
}
