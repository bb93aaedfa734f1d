using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Overload;

internal static class OverloadRegistration
{
    public static void AddOverload(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<OverloadOptions>().BindConfiguration(OverloadOptions.Section)
            .Validate(o => o.MaxConcurrentRequests > 0, "Overload:MaxConcurrentRequests must be positive.")
            .Validate(o => o.MaxQueued >= 0, "Overload:MaxQueued must not be negative.")
            .Validate(o => o.UserRequestsPerSecond > 0, "Overload:UserRequestsPerSecond must be positive.")
            .Validate(o => o.UserBurst > 0, "Overload:UserBurst must be positive.")
            .Validate(o => o.MaxRequestBodySize > 0, "Overload:MaxRequestBodySize must be positive.")
            .ValidateOnStart();

        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<OverloadOptions>>((kestrel, overload) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = overload.Value.MaxRequestBodySize;
            kestrel.Limits.MaxRequestLineSize = 4 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        });
    }
}
