using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.Development;

/// <summary>A leak at will, for the fault drills: in Development only, and not in the API's description.</summary>
internal sealed class LeakMemory(TimeProvider time) : BackgroundService
{
    private const int MostPerSecond = 1_000;
    private const int Megabyte = 1 << 20;

    private readonly List<byte[]> leaked = [];
    private volatile int megabytesPerSecond;

    internal sealed record Request(int MegabytesPerSecond);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/dev/leak", (Request request, LeakMemory leak) => leak.Set(request.MegabytesPerSecond)).ExcludeFromDescription();

    private IResult Set(int wanted)
    {
        if (wanted is < 0 or > MostPerSecond)
            return Problems.Problem.Invalid("megabytesPerSecond", $"Must be 0 to {MostPerSecond}.");
        megabytesPerSecond = wanted;
        return Results.NoContent();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (megabytesPerSecond == 0)
                leaked.Clear();
            for (var i = 0; i < megabytesPerSecond; i++)
            {
                var block = new byte[Megabyte];
                // Memory that nobody has written to is not there yet.
                block.AsSpan().Fill(1);
                leaked.Add(block);
            }
        }
    }
}
