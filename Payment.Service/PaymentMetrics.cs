using System.Diagnostics.Metrics;
using Contracts;
using PaymentService.Gateways;

namespace PaymentService;

/// <summary>What operators see of money.</summary>
public sealed class PaymentMetrics
{
    public const string MeterName = "Payment.Service";

    private readonly Meter _meter;
    private readonly Counter<long> _completed;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _pending;
    private readonly Counter<long> _refunded;
    private readonly Counter<long> _revenue;
    private readonly Histogram<double> _gatewayCalls;
    private long _pendingCount;
    private double _oldestPending;

    public PaymentMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _completed = _meter.CreateCounter<long>("payments.completed", "{payment}", "Payments whose money is ours.");
        _failed = _meter.CreateCounter<long>("payments.failed", "{payment}", "Payments that moved no money.");
        _pending = _meter.CreateCounter<long>("payments.pending", "{payment}", "Payments answered with 202, because no gateway said yes or no in time.");
        _refunded = _meter.CreateCounter<long>("payments.refunded", "{payment}", "Payments whose money went back.");
        _revenue = _meter.CreateCounter<long>("payments.revenue", "KRW", "Money of completed payments, refunds not taken off.");
        _gatewayCalls = _meter.CreateHistogram<double>("gateway.call.duration", "s", "Calls to card gateways.",
            advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        // A counter that begins with its first event would hide that event: there is nothing to see it rise from.
        _pending.Add(0);
        foreach (var method in Enum.GetValues<PaymentMethod>())
        {
            _completed.Add(0, Tag(method));
            _refunded.Add(0, Tag(method));
            _revenue.Add(0, Tag(method));
        }
        _meter.CreateObservableGauge("payments.unresolved", () => Interlocked.Read(ref _pendingCount), "{payment}", "Payments that wait for a gateway's yes or no.");
        _meter.CreateObservableGauge("payments.pending.age", () => Volatile.Read(ref _oldestPending), "s", "Age of the oldest unresolved payment.");
    }

    public void Completed(PaymentMethod method, long amount)
    {
        _completed.Add(1, Tag(method));
        _revenue.Add(amount, Tag(method));
    }

    public void Failed(PaymentMethod method, string reason) => _failed.Add(1, Tag(method), new("reason", reason));

    public void LeftPending() => _pending.Add(1);

    public void Refunded(PaymentMethod method) => _refunded.Add(1, Tag(method));

    public void Unresolved(long count, TimeSpan oldest)
    {
        Interlocked.Exchange(ref _pendingCount, count);
        Volatile.Write(ref _oldestPending, oldest.TotalSeconds);
    }

    public void GatewayCalled(string gateway, string operation, string outcome, TimeSpan duration)
        => _gatewayCalls.Record(duration.TotalSeconds, new("gateway", gateway), new("operation", operation), new("outcome", outcome));

    /// <summary>0 closed, 1 open, 2 half-open, 3 isolated: Polly's numbers.</summary>
    public void ObserveCircuit(string gateway, Func<int> state)
        => _meter.CreateObservableGauge("gateway.circuit.state", () => new Measurement<int>(state(), new KeyValuePair<string, object?>("gateway", gateway)));

    public static string TagOf(GatewayOutcome outcome) => outcome switch
    {
        GatewayOutcome.Approved => "approved",
        GatewayOutcome.Declined => "declined",
        GatewayOutcome.Cancelled => "cancelled",
        GatewayOutcome.NotFound => "not-found",
        GatewayOutcome.NotTaken => "not-taken",
        _ => "unknown",
    };

    private static KeyValuePair<string, object?> Tag(PaymentMethod method) => new("method", method is PaymentMethod.Points ? "points" : "card");
}
