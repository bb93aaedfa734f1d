namespace Local.Publishing;

/// <summary>What a PostgreSQL server runs once, while it is empty: the services bring their schemas themselves.</summary>
internal static class DatabaseScript
{
    internal static string For(IEnumerable<string> databases) =>
        string.Concat(databases.Select(name => $"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\";\n"));
}
