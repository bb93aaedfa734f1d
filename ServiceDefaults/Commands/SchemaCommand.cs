using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults.Database;

namespace ServiceDefaults.Commands;

public static class SchemaCommand
{
    private const string Switch = "--apply-schema";

    /// <summary>Runs the service; with <c>--apply-schema</c>, brings its database to this build's schema and ends.</summary>
    public static async Task RunOrApplySchemaAsync(this WebApplication app, string[] args)
    {
        if (!args.Contains(Switch, StringComparer.Ordinal))
        {
            await app.RunAsync();
            return;
        }
        await using (app)
            await app.Services.GetRequiredService<SchemaApplier>().StartingAsync(app.Lifetime.ApplicationStopping);
    }
}
