using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Testing;

/// <summary>
/// One replica of a service, in this process: its own Program, listening on a real port, with the given configuration.
/// <code>await using var queue = new ServiceHost&lt;Program&gt;(new() { ["ConnectionStrings:redis"] = redis.ConnectionString });</code>
/// </summary>
public sealed class ServiceHost<TProgram>(
    Dictionary<string, string?> configuration,
    Action<IServiceCollection>? configureServices = null) : WebApplicationFactory<TProgram> where TProgram : class
{
    private bool _started;

    /// <summary>The services of the running host (starts it).</summary>
    public override IServiceProvider Services
    {
        get
        {
            Start();
            return base.Services;
        }
    }

    public Uri Address
    {
        get
        {
            Start();
            return ClientOptions.BaseAddress;
        }
    }

    /// <summary>A client of the running host (starts it), which follows no redirect and keeps no cookie.</summary>
    public HttpClient NewClient() => new() { BaseAddress = Address };

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseContentRoot(AppContext.BaseDirectory);
        // Not by UseKestrel(0): it sets the address when the host is built, while Program goes on and may have started the server already.
        builder.UseUrls("http://127.0.0.1:0");
        foreach (var (key, value) in configuration)
            builder.UseSetting(key, value);
        // After the service's own registrations, so that a test's clock wins over the system's.
        if (configureServices is not null)
            builder.ConfigureServices(configureServices);
    }

    private void Start()
    {
        if (_started)
            return;
        _started = true;
        UseKestrel();
        StartServer();
    }
}
