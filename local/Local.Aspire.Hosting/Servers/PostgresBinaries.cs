using System.Globalization;
using Local.Processes;

namespace Local.Servers;

/// <summary>Debian keeps PostgreSQL's server programs off the PATH, one folder per major version; Fedora and others put them on it.</summary>
internal static class PostgresBinaries
{
    private const string DebianRoot = "/usr/lib/postgresql";

    internal static bool Exist => Candidates("postgres").Any();

    /// <summary>The version that wrote the data, where there is data; else the newest.</summary>
    internal static string Find(string program, string dataDirectory)
    {
        var version = Path.Combine(dataDirectory, "PG_VERSION");
        var wanted = File.Exists(version) ? File.ReadAllText(version).Trim() : null;
        var candidates = Candidates(program).ToList();
        return candidates.FirstOrDefault(c => wanted is not null && c.Contains($"/{wanted}/", StringComparison.Ordinal))
            ?? candidates.FirstOrDefault()
            ?? throw new FileNotFoundException($"PostgreSQL's program {program} is not installed.");
    }

    private static IEnumerable<string> Candidates(string program)
    {
        var debian = Directory.Exists(DebianRoot) ? Directory.GetDirectories(DebianRoot) : [];
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return debian
            .OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var major) ? major : 0)
            .Select(d => Path.Combine(d, "bin"))
            .Concat(path)
            .Select(d => Path.Combine(d, program))
            .Where(Programs.IsThere);
    }
}
