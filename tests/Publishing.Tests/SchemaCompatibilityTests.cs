using System.Text.RegularExpressions;

namespace Publishing.Tests;

/// <summary>
/// During a rollout the old version works on the schema that the new one has brought. So a schema file only adds: what goes away goes in a later
/// release, when no running version asks for it, and then stands in <see cref="Allowed"/> with the reason.
/// </summary>
public sealed partial class SchemaCompatibilityTests
{
    private static readonly HashSet<(string File, string Statement)> Allowed =
    [
        // An older version writes a claim and its reservation together too, by the function that the same file replaces.
        ("007-hold-seats-by-answer.sql", "ALTER TABLE claims DROP CONSTRAINT claims_reservation_id_fkey"),
        // Only the old form of try_hold_seats called it.
        ("007-hold-seats-by-answer.sql", "DROP FUNCTION hold_seats"),
    ];

    [Fact]
    public void Schema_files_only_add()
    {
        var files = Directory.GetFiles(Repository.Root, "*.sql", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(Path.GetDirectoryName(f)) is "Data" or "Schema").ToList();
        Assert.True(files.Count >= 10);
        foreach (var file in files)
        {
            var found = Forbidden(File.ReadAllText(file)).Where(s => !Allowed.Contains((Path.GetFileName(file), s))).ToList();
            Assert.True(found.Count == 0, $"{Path.GetRelativePath(Repository.Root, file)}: {string.Join("; ", found)}");
        }
    }

    [Theory]
    [InlineData("DROP TABLE seats;")]
    [InlineData("ALTER TABLE seats DROP COLUMN grade;")]
    [InlineData("alter table seats\n  rename column grade to class;")]
    [InlineData("ALTER TABLE seats ADD COLUMN row int NOT NULL;")]
    [InlineData("ALTER TABLE seats ADD row int NOT NULL;")]
    [InlineData("ALTER TABLE seats ALTER COLUMN row TYPE bigint;")]
    [InlineData("ALTER TABLE seats ALTER COLUMN row SET NOT NULL;")]
    [InlineData("TRUNCATE seats;")]
    public void What_an_older_version_would_trip_over_is_found(string sql) => Assert.NotEmpty(Forbidden("CREATE TABLE x (id int PRIMARY KEY);\n" + sql));

    [Theory]
    [InlineData("ALTER TABLE seats ADD COLUMN row int;")]
    [InlineData("ALTER TABLE seats ADD COLUMN row int NOT NULL DEFAULT 0;")]
    [InlineData("CREATE TABLE more (id int NOT NULL PRIMARY KEY);")]
    [InlineData("-- DROP TABLE seats\nCREATE INDEX IF NOT EXISTS seats_row ON seats (row);")]
    [InlineData("/* RENAME */ CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ DELETE FROM holds RETURNING 1 $$;")]
    public void What_only_adds_is_let_through(string sql) => Assert.Empty(Forbidden(sql));

    private static List<string> Forbidden(string sql) =>
        Comment().Replace(sql, " ").Split(';').Select(s => Space().Replace(s, " ").Trim())
            .Where(s => Removes().IsMatch(s) || (AddsColumn().IsMatch(s) && s.Contains("NOT NULL", StringComparison.OrdinalIgnoreCase) && !s.Contains("DEFAULT", StringComparison.OrdinalIgnoreCase)))
            .ToList();

    [GeneratedRegex(@"--[^\n]*|/\*.*?\*/", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();

    [GeneratedRegex(@"\b(DROP|TRUNCATE)\b|^ALTER\b.*\bRENAME\b|^ALTER TABLE\b.*\bALTER (COLUMN )?\S+ (SET DATA )?(TYPE|SET NOT NULL)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Removes();

    [GeneratedRegex(@"^ALTER TABLE\b.*\bADD\b(?! CONSTRAINT)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AddsColumn();
}
