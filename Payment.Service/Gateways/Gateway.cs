using System.Diagnostics;
using System.Threading.RateLimiting;
using PaymentService.Domain;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace PaymentService.Gateways;

/// <summary>One card gateway over HTTP. It never throws for what a gateway does: every call ends in an answer, if need be "unknown".</summary>
public sealed class Gateway : IDisposable
{
    private readonly GatewayOptions _options;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly PaymentMetrics _metrics;
    private readonly ConcurrencyLimiter _places;
    private readonly ResiliencePipeline<GatewayAnswer> _pipeline;

    public Gateway(GatewayOptions options, HttpClient http, TimeProvider time, PaymentMetrics metrics)
    {
        (_options, _http, _time, _metrics) = (options, http, time, metrics);
        _places = new ConcurrencyLimiter(new() { PermitLimit = options.MaxConcurrency, QueueLimit = 0 });
        var circuit = new CircuitBreakerStateProvider();
        _pipeline = GatewayPipeline.Build(options, time, circuit);
        metrics.ObserveCircuit(options.Name, () => (int)circuit.CircuitState);
    }

    public string Name => _options.Name;

    /// <summary>One key per payment and gateway: the gateway itself keeps a repeated request from charging twice.</summary>
    public string KeyOf(Guid payment) => $"{payment}:{Name}";

    public async Task<GatewayAnswer> ApproveAsync(Guid payment, Guid reservation, long amount, Card card, CancellationToken ct)
    {
        using var place = _places.AttemptAcquire();
        if (!place.IsAcquired)
        {
            _metrics.GatewayCalled(Name, "approve", "no-place", TimeSpan.Zero);
            return GatewayOutcome.NotTaken;
        }

        var approval = new Approval(this, KeyOf(payment), new(amount, Won.Currency, new(card.Number, card.Expiry, card.Holder), reservation.ToString()));
        var answer = await RunAsync(approval, ct);
        // An earlier attempt may have taken the money, however cleanly the last one was refused.
        return answer.Outcome is GatewayOutcome.NotTaken or GatewayOutcome.NotFound && approval.InDoubt ? GatewayOutcome.Unknown
            : answer.Outcome is GatewayOutcome.NotFound ? GatewayOutcome.NotTaken
            : answer;
    }

    /// <summary>What became of a payment that was sent here.</summary>
    public Task<GatewayAnswer> FindAsync(Guid payment, CancellationToken ct)
        => AskAsync("find", () => new HttpRequestMessage(HttpMethod.Get, $"/approvals/{KeyOf(payment)}"), ct);

    /// <summary>Gives the money back, or keeps it from being taken later; anything but <see cref="GatewayOutcome.Unknown"/> is certain.</summary>
    public async Task<GatewayAnswer> CancelAsync(Guid payment, CancellationToken ct)
    {
        var content = new CancellationRequest(KeyOf(payment));
        var answer = await AskAsync("cancel", () => new HttpRequestMessage(HttpMethod.Post, "/cancellations")
        {
            Content = JsonContent.Create(content, PaymentJson.Default.CancellationRequest),
        }, ct);
        return answer.Outcome is GatewayOutcome.Cancelled or GatewayOutcome.Declined ? answer : GatewayOutcome.Unknown;
    }

    public void Dispose() => _places.Dispose();

    private async Task<GatewayAnswer> RunAsync(Approval approval, CancellationToken ct)
    {
        try
        {
            return await _pipeline.ExecuteAsync(static (approval, ct) => new ValueTask<GatewayAnswer>(approval.SendAsync(ct)), approval, ct);
        }
        catch (BrokenCircuitException)
        {
            _metrics.GatewayCalled(Name, "approve", "circuit-open", TimeSpan.Zero);
            return GatewayOutcome.NotTaken;
        }
        catch (Exception e) when (e is TimeoutRejectedException or OperationCanceledException)
        {
            return GatewayOutcome.Unknown;
        }
    }

    private async Task<GatewayAnswer> AskAsync(string operation, Func<HttpRequestMessage> request, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(_options.QueryTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            return await SendAsync(operation, request(), either.Token);
        }
        catch (OperationCanceledException)
        {
            return GatewayOutcome.Unknown;
        }
    }

    private async Task<GatewayAnswer> SendAsync(string operation, HttpRequestMessage request, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        GatewayAnswer answer = GatewayOutcome.Unknown;
        try
        {
            using (request)
            using (var response = await _http.SendAsync(request, ct))
                return answer = await GatewayProtocol.ReadAsync(response, ct);
        }
        catch (HttpRequestException e)
        {
            return answer = GatewayProtocol.Read(e);
        }
        catch (IOException)
        {
            return answer;
        }
        finally
        {
            _metrics.GatewayCalled(Name, operation, PaymentMetrics.TagOf(answer.Outcome), Stopwatch.GetElapsedTime(started));
        }
    }

    /// <summary>The attempts of one approval, and whether one of them is in doubt.</summary>
    private sealed class Approval(Gateway gateway, string key, ApprovalRequest content)
    {
        public bool InDoubt { get; private set; }

        public async Task<GatewayAnswer> SendAsync(CancellationToken ct)
        {
            var wasInDoubt = InDoubt;
            InDoubt = true;
            var request = new HttpRequestMessage(HttpMethod.Post, "/approvals") { Content = JsonContent.Create(content, PaymentJson.Default.ApprovalRequest) };
            request.Headers.Add("Idempotency-Key", key);
            var answer = await gateway.SendAsync("approve", request, ct);
            InDoubt = wasInDoubt || answer.Outcome is GatewayOutcome.Unknown;
            return answer;
        }
    }
}
