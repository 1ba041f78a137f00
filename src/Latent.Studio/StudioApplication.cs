using Latent.Studio.Api;
using Latent.Studio.Catalogue;
using Latent.Studio.Components;
using Latent.Studio.Safety;
using Latent.Studio.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MudBlazor;
using MudBlazor.Services;

namespace Latent.Studio;

/// <summary>The web application: its services and the way of a request through it.</summary>
internal static class StudioApplication
{
    /// <summary>Pages that were left (a closed laptop, a lost network) and may come back are kept for a while.</summary>
    private const int PagesKept = 10;

    public static WebApplication Build(StudioOptions options, RunCatalogue catalogue, Guard guard, IReadOnlyList<ListenAddress> addresses)
    {
        // Empty: no settings from files or the environment, which could open another port; no logs; no watchers of the working folder.
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.RequestBytes;
        });
        builder.WebHost.UseUrls([.. addresses.Select(address => address.Url)]);
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration); // where the program was not published
        if (options.OnFault is { } onFault)
            builder.Logging.AddProvider(new FaultLog(onFault));
        AddServices(builder.Services, options, catalogue);
        var app = builder.Build();
        Use(app, guard);
        return app;
    }

    private static void AddServices(IServiceCollection services, StudioOptions options, RunCatalogue catalogue)
    {
        services.AddSingleton<IHostLifetime, NoLifetime>(); // the program takes the signals
        services.AddRouting();
        services.AddDataProtection().UseEphemeralDataProtectionProvider(); // no keys on the disk: pages live as long as the studio
        services
            .AddRazorComponents()
            .AddInteractiveServerComponents(circuits =>
            {
                circuits.DisconnectedCircuitMaxRetained = PagesKept;
                circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
                circuits.PersistedCircuitInMemoryMaxRetained = PagesKept;
            });
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            mud.SnackbarConfiguration.PreventDuplicates = true;
        });
        services.AddSingleton(options);
        services.AddSingleton(catalogue);
        services.AddSingleton(provider => new TrainingService(catalogue.Folder, provider.GetService<ILogger<TrainingService>>()));
    }

    private static void Use(WebApplication app, Guard guard)
    {
        // while it ends it begins nothing: a page that came back now would be lost with it
        app.Use(
            (context, next) =>
            {
                if (!app.Lifetime.ApplicationStopping.IsCancellationRequested)
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            }
        );
        app.Use(guard.InvokeAsync);
        app.UseExceptionHandler(failed =>
            failed.Run(context =>
                PlainPage.WriteAsync(
                    context,
                    StatusCodes.Status500InternalServerError,
                    "Something went wrong in the studio",
                    "It is a fault in Latent. Your runs are as they were. Reload the page; if it happens again, start the studio with LATENT_DEBUG=1 and report what it prints."
                )
            )
        );
        app.UseWhen(
            context => !context.Request.Path.StartsWithSegments("/api") && HttpMethods.IsGet(context.Request.Method),
            pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true)
        );
        app.UseWebSockets();
        app.UseRouting();
        app.UseAntiforgery();
        app.MapStaticAssets();
        ExplorerFiles.Map(app);
        RunsApi.Map(app);
        app.MapSnapshots(name => app.Services.GetRequiredService<RunCatalogue>().Find(name)?.Run);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null); // Guard's header says it
    }

    /// <summary>Waits for nothing and takes no signals.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
