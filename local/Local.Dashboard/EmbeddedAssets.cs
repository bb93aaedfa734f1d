using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Local.Dashboard;

/// <summary>Styles and scripts, out of the assembly: whatever hosts the dashboard needs no files beside it.</summary>
internal static class EmbeddedAssets
{
    private const string Prefix = "wwwroot/";
    private static readonly FrozenDictionary<string, Asset> All = Load();

    /// <summary>The address changes with the content, so a browser may keep what it has.</summary>
    internal static string Url(string name) => $"/assets/{name}?v={All[name].Hash}";

    internal static void MapAssets(this IEndpointRouteBuilder app) => app.MapGet("/assets/{name}", Serve);

    private static IResult Serve(HttpContext context, string name)
    {
        if (!All.TryGetValue(name, out var asset))
            return Results.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(asset.Content, asset.Type, entityTag: new EntityTagHeaderValue($"\"{asset.Hash}\""));
    }

    private static FrozenDictionary<string, Asset> Load()
    {
        var assembly = typeof(EmbeddedAssets).Assembly;
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(n => n[Prefix.Length..], n =>
        {
            using var stream = assembly.GetManifestResourceStream(n)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return new Asset(content, TypeOf(n), Convert.ToHexStringLower(SHA256.HashData(content))[..12]);
        }, StringComparer.Ordinal);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };

    private sealed record Asset(byte[] Content, string Type, string Hash);
}
