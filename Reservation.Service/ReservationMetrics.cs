using System.Diagnostics.Metrics;

namespace ReservationService;

/// <summary>What happens to reservations, counted.</summary>
internal sealed class ReservationMetrics
{
    private readonly Counter<long> holds;
    private readonly Counter<long> changes;

    public ReservationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Reservation.Service");
        holds = meter.CreateCounter<long>("reservations.holds", "{hold}", "Attempts to hold seats, by outcome.");
        changes = meter.CreateCounter<long>("reservations.changes", "{reservation}", "Reservations by what became of them.");
        // A counter that begins with its first event would hide that event: there is nothing to see it rise from.
        foreach (var status in new[] { Statuses.Held, Statuses.Confirmed, Statuses.Cancelled, Statuses.Expired })
            Became(status, 0);
    }

    public void Attempt(string outcome) => holds.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Became(string status, long count = 1) => changes.Add(count, new KeyValuePair<string, object?>("status", status));
}
