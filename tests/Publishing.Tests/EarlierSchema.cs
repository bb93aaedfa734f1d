using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Publishing.Tests;

/// <summary>A database as the release before left it: everything but the service's newest SQL file.</summary>
internal static class EarlierSchema
{
    internal static async Task BringAsync(string connectionString, string project, CancellationToken cancel)
    {
        var files = Shared(project).SelectMany(Files).Concat(Files(project).SkipLast(1)).ToList();
        Assert.Contains(files, f => f.Assembly == project);
        await using var db = NpgsqlDataSource.Create(connectionString);
        await ExecuteAsync("CREATE TABLE schema_versions (assembly text, file text, sha256 bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (assembly, file))");
        foreach (var (assembly, name, sql) in files)
        {
            await ExecuteAsync(sql);
            await ExecuteAsync("INSERT INTO schema_versions (assembly, file, sha256) VALUES ($1, $2, $3)", assembly, name, SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
        }

        async Task ExecuteAsync(string sql, params object[] values)
        {
            await using var command = db.CreateCommand(sql);
            foreach (var value in values)
                command.Parameters.AddWithValue(value);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    /// <summary>Projects whose tables the service has beside its own, in the order in which it applies them.</summary>
    private static IEnumerable<string> Shared(string project)
    {
        var program = File.ReadAllText(Path.Combine(Repository.Root, project, "Program.cs"));
        return program.Contains("typeof(IdempotencyStore).Assembly", StringComparison.Ordinal) ? ["ServiceDefaults", "Messaging"] : ["Messaging"];
    }

    private static IEnumerable<(string Assembly, string Name, string Sql)> Files(string project) =>
        Directory.GetFiles(Path.Combine(Repository.Root, project, "Data"), "*.sql").Order(StringComparer.Ordinal)
            .Select(f => (project, Path.GetFileName(f), File.ReadAllText(f).ReplaceLineEndings("\n")));
}
