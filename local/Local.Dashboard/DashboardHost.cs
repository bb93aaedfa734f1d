using Local.Dashboard.Alerts;
using Local.Dashboard.Console;
using Local.Dashboard.Layout;
using Local.Dashboard.Live;
using Local.Dashboard.Login;
using Local.Dashboard.Messaging;
using Local.Dashboard.Otlp;
using Local.Dashboard.Resources;
using Local.Dashboard.Sale;
using Local.Dashboard.Services;
using Local.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Local.Dashboard;

/// <summary>The dashboard's web server, inside the process that runs the application.</summary>
public sealed class DashboardHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DashboardHost(WebApplication app) => _app = app;

    public static async Task<DashboardHost> StartAsync(DashboardOptions options, IResourceView resources, CancellationToken cancellationToken)
    {
        var app = Build(options, resources);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        return new DashboardHost(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero); // Open pages follow changes for ever; none is worth waiting for.
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static WebApplication Build(DashboardOptions options, IResourceView resources)
    {
        // Empty: the host process's own configuration, addresses and console are not ours.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(DashboardHost).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenLocalhost(options.Port);
            kestrel.ListenLocalhost(options.OtlpPort);
            kestrel.ListenLocalhost(options.OtlpGrpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRouting();
        builder.Services.AddLogging();
        builder.Services.AddRazorComponents();
        // Keys on disk would outlive the run for nothing.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(resources);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<LiveChanges>();
        builder.Services.AddSingleton<ProcessUsage>();
        builder.Services.AddSingleton<ServiceClient>();
        builder.Services.AddSingleton<MessagingReader>();
        builder.Services.AddSingleton<SaleReader>();
        builder.Services.AddSingleton<AlertHistory>();
        builder.Services.AddTelemetry();

        var app = builder.Build();
        var changes = app.Services.GetRequiredService<LiveChanges>();
        ResourceColour.Give(resources.Current);
        resources.Changed += () => changes.Raise(ProcessUsage.Topic);
        app.UseMiddleware<TokenGate>();
        app.UseErrorAnswer();
        app.UseRouting();
        app.UseAntiforgery();
        app.MapAssets();
        app.MapLive();
        app.MapResources();
        app.MapConsole();
        app.MapMessaging();
        app.MapOtlp();
        app.MapOtlpGrpc();
        app.MapTelemetry();
        app.MapRazorComponents<App>();
        return app;
    }
}
