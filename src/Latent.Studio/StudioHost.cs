using System.Net.Sockets;
using Latent.Studio.Catalogue;
using Latent.Studio.Safety;
using Latent.Studio.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Latent.Studio;

/// <summary>Latent Studio: a web application in this process that looks inside runs and trains new ones.</summary>
public static class StudioHost
{
    /// <summary>The port that is tried first where none is asked for.</summary>
    public const int DefaultPort = 5280;

    private const int PortsTried = 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>How long the address waits for the first page to be compiled and the first run to be open; they go on after it.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1.5);

    /// <summary>Runs the studio until it is told to stop. A training in it ends after the step it is in, with its state saved.</summary>
    /// <param name="options">What it shows and where it listens.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="LatentException">A run that was named is not there, or the studio cannot listen where it should.</exception>
    public static async Task RunAsync(StudioOptions options, CancellationToken stop = default)
    {
        var catalogue = new RunCatalogue(options.RunsFolder, options.Runs);
        var app = await StartAsync(options, catalogue).ConfigureAwait(false);
        await using var disposed = app.ConfigureAwait(false);
        try
        {
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await app.Services.GetRequiredService<TrainingService>().DisposeAsync().ConfigureAwait(false); // saves its state
            using var patience = new CancellationTokenSource(s_patience);
            await app.StopAsync(patience.Token).ConfigureAwait(false);
        }
    }

    private static async Task<WebApplication> StartAsync(StudioOptions options, RunCatalogue catalogue)
    {
        if (options.Urls is { } urls)
            return await StartAsync(options, catalogue, ListenAddress.Parse(urls)).ConfigureAwait(false);
        for (int port = DefaultPort; port < DefaultPort + PortsTried; port++)
        {
            if (!IsFree(port))
                continue;
            try
            {
                if (port != DefaultPort)
                    options.Say($"port {DefaultPort} is in use: the studio takes {port}");
                return await StartAsync(options, catalogue, [ListenAddress.Loopback(port)]).ConfigureAwait(false);
            }
            catch (LatentException e) when (e.InnerException is { InnerException: AddressInUseException })
            {
                // somebody took it just now
            }
        }
        throw new LatentException(
            "The studio finds no free port.",
            $"one of {DefaultPort} to {DefaultPort + PortsTried - 1} on 127.0.0.1",
            "all of them in use",
            "name another one: latent studio --urls http://127.0.0.1:8080"
        );
    }

    private static async Task<WebApplication> StartAsync(
        StudioOptions options,
        RunCatalogue catalogue,
        IReadOnlyList<ListenAddress> addresses
    )
    {
        var guard = new Guard(addresses);
        var app = StudioApplication.Build(options, catalogue, guard, addresses);
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw CannotListen(addresses, e);
        }
        var address = guard.Entrance(app.Urls);
        await Task.WhenAny(WarmUp.RunAsync(catalogue, address), Task.Delay(s_warmUp)).ConfigureAwait(false);
        options.Say($"Latent Studio: {address}");
        if (guard.Token is not null)
            options.Say(
                "Other machines can reach it: whoever has this address, with its token, can see and delete runs and start trainings."
            );
        options.Say("Ctrl-C ends it.");
        options.OnReady(address);
        return app;
    }

    private static LatentException CannotListen(IReadOnlyList<ListenAddress> addresses, Exception e)
    {
        bool inUse = e.InnerException is AddressInUseException;
        return new LatentException(
            inUse ? "Another program listens where the studio should." : "The studio cannot listen where it should.",
            "an address of this machine and a free port that you may use",
            $"{string.Join(", ", addresses.Select(address => address.Url))} ({(inUse ? "in use" : e.Message)})",
            "name another port (latent studio --urls http://127.0.0.1:8080), or leave --urls out: then the next free one is taken",
            e
        );
    }

    /// <summary>Whether nothing listens on a port of the loopback address. Somebody may take it in the next moment.</summary>
    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port));
            probe.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
