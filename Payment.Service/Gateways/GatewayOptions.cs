namespace PaymentService.Gateways;

/// <summary>How we deal with one card gateway.</summary>
public sealed class GatewayOptions
{
    /// <summary>Its service name: base address <c>http://name</c>, and what the ledger's account is called after.</summary>
    public string Name { get; set; } = "";

    /// <summary>One attempt at an approval.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>One question about, or cancellation of, an approval.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Attempts after the first. Only quick failures are tried again: who was slow once is slow twice, and the budget is short.</summary>
    public int MaxRetries { get; set; } = 1;

    /// <summary>Before the first retry; doubles, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The circuit opens when this share of the calls within the window fails…</summary>
    public double BreakAtFailureRatio { get; set; } = 0.5;

    public TimeSpan BreakWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>…of at least so many. Cards come by the ten, not by the hundred a second: Polly's 100 would never open.</summary>
    public int BreakMinimumCalls { get; set; } = 3;

    /// <summary>How long an open circuit stays open before one call probes.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Approvals under way at once; more go to the other gateway, so that a slow one holds no crowd of requests.</summary>
    public int MaxConcurrency { get; set; } = 32;

    /// <summary>What is wrong, each with the key to set right.</summary>
    public IEnumerable<string> FindMistakes(string section)
    {
        if (string.IsNullOrWhiteSpace(Name) || Uri.CheckHostName(Name) is UriHostNameType.Unknown)
            yield return $"{section}:Name must be a host name.";
        if (AttemptTimeout < TimeSpan.FromMilliseconds(10) || AttemptTimeout > TimeSpan.FromMinutes(1))
            yield return $"{section}:AttemptTimeout must be between 10 ms and 1 minute.";
        if (QueryTimeout < TimeSpan.FromMilliseconds(10) || QueryTimeout > TimeSpan.FromMinutes(1))
            yield return $"{section}:QueryTimeout must be between 10 ms and 1 minute.";
        if (MaxRetries is < 0 or > 10)
            yield return $"{section}:MaxRetries must be between 0 and 10.";
        if (RetryDelay < TimeSpan.Zero || RetryDelay > TimeSpan.FromSeconds(10))
            yield return $"{section}:RetryDelay must be between 0 and 10 s.";
        if (BreakAtFailureRatio is not (> 0 and <= 1))
            yield return $"{section}:BreakAtFailureRatio must be above 0 and at most 1.";
        if (BreakWindow < TimeSpan.FromMilliseconds(500) || BreakWindow > TimeSpan.FromHours(1))
            yield return $"{section}:BreakWindow must be between 500 ms and 1 hour.";
        if (BreakMinimumCalls < 2)
            yield return $"{section}:BreakMinimumCalls must be at least 2.";
        if (BreakDuration < TimeSpan.FromMilliseconds(500) || BreakDuration > TimeSpan.FromHours(1))
            yield return $"{section}:BreakDuration must be between 500 ms and 1 hour.";
        if (MaxConcurrency < 1)
            yield return $"{section}:MaxConcurrency must be positive.";
    }
}
