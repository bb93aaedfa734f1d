using Npgsql;

namespace LoadTests.Drills;

/// <summary>
/// Makes the message that would confirm one user's reservation fail, every time, as a bug would that only this one's data brings out.
/// Lifting it is the bug's fix.
/// </summary>
internal sealed class Poison : IAsyncDisposable
{
    public const string Cause = "poisoned by a fault drill";

    private const string Lift = "DROP TRIGGER IF EXISTS drill_poison ON reservations; DROP FUNCTION IF EXISTS drill_poison";

    private readonly NpgsqlDataSource db;

    private Poison(NpgsqlDataSource db) => this.db = db;

    public static async Task<Poison> SpreadAsync(string reservationDb, long userId, CancellationToken cancel)
    {
        var poison = new Poison(NpgsqlDataSource.Create(reservationDb));
        await poison.ExecuteAsync($"""
            {Lift};
            CREATE FUNCTION drill_poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{Cause}'; END $$;
            CREATE TRIGGER drill_poison BEFORE UPDATE ON reservations FOR EACH ROW
                WHEN (NEW.status = 'confirmed' AND NEW.user_id = {userId}) EXECUTE FUNCTION drill_poison()
            """, cancel);
        return poison;
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync(Lift, CancellationToken.None);
        await db.DisposeAsync();
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
