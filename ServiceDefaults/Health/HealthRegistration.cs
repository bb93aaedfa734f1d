using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceDefaults.Overload;

namespace ServiceDefaults.Health;

internal static class HealthRegistration
{
    public static void AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.AddSingleton<Readiness>();
        services.AddSingleton<HealthMetrics>();
        // The checks of the clients come without a bound of their own, and some take their time to notice a cancellation.
        services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations)
            {
                var create = check.Factory;
                check.Factory = s => new BoundedCheck(create(s));
                check.Timeout = Readiness.CheckTimeout;
            }
        });
    }

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var readiness = endpoints.ServiceProvider.GetRequiredService<Readiness>();
        endpoints.MapGet("/health", readiness.WriteAsync).WithoutLoadShedding().ExcludeFromDescription();
        endpoints.MapGet("/alive", () => Results.Text("Healthy")).WithoutLoadShedding().ExcludeFromDescription();
    }

    private sealed class BoundedCheck(IHealthCheck inner) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
            => inner.CheckHealthAsync(context, cancellationToken).WaitAsync(cancellationToken);
    }
}
