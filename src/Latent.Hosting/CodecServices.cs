using System.Diagnostics;
using Latent.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Latent.Hosting;

/// <summary>A <see cref="Codec"/> among the services of a host (ASP.NET Core, a worker), and its messages in the host's log.</summary>
public static partial class CodecServices
{
    /// <summary>
    /// Registers one codec for the whole program. It is opened when it is first asked for, and disposed with the host; what it has to say goes to
    /// the host's logger of the category Latent.Models.Codec.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="path">A run folder or a model file.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="LatentException">When the codec is asked for: there is no model, or it cannot be used.</exception>
    public static IServiceCollection AddCodec(this IServiceCollection services, string path, CodecOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(path);
        return services.AddSingleton(provider =>
            Codec.Open(path, provider.GetService<ILogger<Codec>>() is { } logger ? (options ?? new()).LogTo(logger) : options)
        );
    }

    /// <summary>Options whose messages go to a logger, and to where they went before.</summary>
    /// <param name="options">The options.</param>
    /// <param name="logger">The host's logger.</param>
    public static CodecOptions LogTo(this CodecOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        return options with { OnMessage = options.OnMessage + Log };

        void Log(CodecMessage message) =>
            Write(logger, message.Level == TraceLevel.Warning ? LogLevel.Warning : LogLevel.Information, message.Text);
    }

    [LoggerMessage(EventId = 1, EventName = "Codec", Message = "{Text}")]
    private static partial void Write(ILogger logger, LogLevel level, string text);
}
