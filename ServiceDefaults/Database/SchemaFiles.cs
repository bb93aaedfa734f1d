using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ServiceDefaults.Database;

/// <summary>One embedded SQL file.</summary>
internal sealed record SchemaFile(string Assembly, string Name, string Sql)
{
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(Sql));
}

/// <summary>The SQL files that make up a service's schema, in the order in which they apply.</summary>
internal sealed partial record SchemaFiles(IReadOnlyList<SchemaFile> InOrder)
{
    public static SchemaFiles Of(IEnumerable<Assembly> assemblies) => new([.. assemblies.Distinct().SelectMany(Of)]);

    private static IEnumerable<SchemaFile> Of(Assembly assembly)
        => assembly.GetManifestResourceNames()
            .Select(resource => (Resource: resource, Match: SqlResource().Match(resource)))
            .Where(r => r.Match.Success)
            .Select(r => new SchemaFile(assembly.GetName().Name!, r.Match.Groups["file"].Value, Read(assembly, r.Resource)))
            .OrderBy(f => f.Name, StringComparer.Ordinal);

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        // A checkout with other line endings is still the same file.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\.(Data|Schema)\.(?<file>.+\.sql)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex SqlResource();
}
