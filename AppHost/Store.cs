namespace AppHost;

internal static class Store
{
    /// <summary>Where files live that outlast a run: where Aspire keeps its own.</summary>
    internal static string StorePath(this IDistributedApplicationBuilder builder, string name) =>
        Path.Combine(builder.Configuration["Aspire:Store:Path"] ?? Path.Combine(builder.AppHostDirectory, "obj", ".aspire"), name);
}
