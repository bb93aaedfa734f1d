using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using QueueService.Domain;
using ServiceDefaults.Redis;
using StackExchange.Redis;

namespace QueueService;

/// <summary>The steps of a line as Redis runs them: one round trip each, and atomic.</summary>
public sealed class LineScripts(IOptions<LineOptions> options, RedisGate redis)
{
    private static readonly ActivitySource Source = new("Queue.Service");

    private readonly Script _issue = Load("issue", options.Value);
    private readonly Script _check = Load("check", options.Value);
    private readonly Script _end = Load("end", options.Value);
    private readonly Script _limits = Load("limits", options.Value);
    private readonly Script _step = Load("step", options.Value);
    private readonly Script _renew = Load("renew", options.Value);

    public Task<RedisResult> IssueAsync(RedisKey[] keys, RedisValue[] values, CancellationToken ct) => RunAsync(_issue, keys, values, ct);

    public Task<RedisResult> CheckAsync(RedisKey[] keys, RedisValue[] values, CancellationToken ct) => RunAsync(_check, keys, values, ct);

    public Task<RedisResult> EndAsync(RedisKey[] keys, RedisValue[] values, CancellationToken ct) => RunAsync(_end, keys, values, ct);

    public Task<RedisResult> SetLimitsAsync(RedisKey[] keys, RedisValue[] values, CancellationToken ct) => RunAsync(_limits, keys, values, ct);

    public Task<RedisResult> StepAsync(RedisKey[] keys, RedisValue[] values, CancellationToken ct) => RunAsync(_step, keys, values, ct);

    public Task<RedisResult> RenewAsync(RedisKey[] keys, RedisValue[] values, CancellationToken ct) => RunAsync(_renew, keys, values, ct);

    internal static Activity? StartSpan(string script)
        => Source.StartActivity($"line {script}", ActivityKind.Client)?.SetTag("db.system.name", "redis");

    private async Task<RedisResult> RunAsync(Script script, RedisKey[] keys, RedisValue[] values, CancellationToken ct)
    {
        // The steps that the line takes by itself, each moment, would hide the requests among the traces.
        using var span = Activity.Current is null ? null : StartSpan(script.Name);
        return await redis.RunAsync(db => EvaluateAsync(db, script, keys, values), ct);
    }

    // Both tries are one call of the gate: it lets through only one to see whether Redis is back, and a new server knows no script.
    private static async Task<RedisResult> EvaluateAsync(IDatabase db, Script script, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await db.ScriptEvaluateAsync(script.Hash, keys, values);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // EVAL shows the script, and the server keeps it.
            object[] arguments = [script.Text, keys.Length, .. keys, .. values];
            return await db.ExecuteAsync("EVAL", arguments);
        }
    }

    private static Script Load(string name, LineOptions o)
    {
        var constants = $"""
            local MAX_ACTIVE, PER_SECOND = {o.DefaultMaxActive}, {o.DefaultAdmitPerSecond}
            local LEASE, GRACE, PLACE = {Ms(o.WaitingLease)}, {Ms(o.ClaimGrace)}, {Ms(o.PlaceDuration)}
            local REFORM, STEP_EVERY, SMOOTHING = {Ms(o.ReformFor)}, {Ms(o.StepEvery)}, {Ms(LineView.Smoothing)}
            local IDLE, REMEMBER, MOST_LOOKS = {Ms(o.IdleFor)}, {Ms(o.RememberFor)}, 1000

            """;
        var text = constants + Read("line") + Read(name);
#pragma warning disable CA5350 // Redis names scripts by their SHA-1.
        return new Script(name, text, SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    private static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;

    private static string Read(string name)
    {
        using var resource = typeof(LineScripts).Assembly.GetManifestResourceStream($"{name}.lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not embedded.");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }

    private sealed record Script(string Name, string Text, byte[] Hash);
}
