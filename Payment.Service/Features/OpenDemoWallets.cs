using Npgsql;
using PaymentService.Data;

namespace PaymentService.Features;

/// <summary>Configuration section <c>DemoData</c>.</summary>
public sealed class DemoDataOptions
{
    public const string Section = "DemoData";

    /// <summary>Users 1 to this get a wallet in Development; 0 for none. <c>seed_wallets</c> in the database opens more.</summary>
    public long Wallets { get; set; } = 1_000;

    public long Balance { get; set; } = 1_000_000;
}

/// <summary>Gives the demo users something to spend, once.</summary>
public sealed class OpenDemoWallets(NpgsqlDataSource db, TimeProvider time, IHostEnvironment environment, IConfiguration configuration) : IHostedService
{
    private const string Sql = "SELECT seed_wallets(1, $1, $2, $3) WHERE NOT EXISTS (SELECT FROM wallets WHERE user_id = $1)";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var demo = configuration.GetSection(DemoDataOptions.Section).Get<DemoDataOptions>() ?? new DemoDataOptions();
        if (!environment.IsDevelopment() || demo.Wallets < 1)
            return;
        await using var command = db.CreateCommand(Sql).With(demo.Wallets).With(demo.Balance).With(time.GetUtcNow());
        await command.ExecuteScalarAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
