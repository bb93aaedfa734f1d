using Npgsql;

namespace LoadTests.Seeding;

/// <summary>Shows how far a COPY is, as PostgreSQL itself reports it.</summary>
internal static class ProgressBar
{
    private const int Width = 40;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private const string Sql = "SELECT max(tuples_processed) FROM pg_stat_progress_copy WHERE relid = to_regclass('seats')";

    public static async Task ShowAsync(string connection, long total, CancellationToken finished)
    {
        await using var db = NpgsqlDataSource.Create(connection);
        var shown = false;
        try
        {
            while (true)
            {
                await Task.Delay(Every, TimeProvider.System, finished);
                await using var command = db.CreateCommand(Sql);
                if (await command.ExecuteScalarAsync(finished) is not long done) continue;
                var filled = (int)Math.Min(Width, Width * done / Math.Max(1, total));
                Console.Write($"\rseats [{new string('#', filled)}{new string('.', Width - filled)}] {done:N0} of {total:N0}");
                shown = true;
            }
        }
        catch (OperationCanceledException) when (finished.IsCancellationRequested)
        {
            if (shown) Console.WriteLine();
        }
    }
}
