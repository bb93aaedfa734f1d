using Microsoft.AspNetCore.Routing;

namespace Local.Dashboard.Otlp;

internal static class OtlpEndpoints
{
    internal static IEndpointRouteBuilder MapOtlp(this IEndpointRouteBuilder app) => app;
}
