namespace ReservationService.Tests;

/// <summary>What should become of reservations, written as plainly as possible: one customer after the other, no database.</summary>
internal sealed class SaleModel
{
    internal sealed class Entry(Guid id, long[] seats, int ticket)
    {
        public Guid Id => id;
        public long[] Seats => seats;
        public int Ticket => ticket;
        public string Status { get; set; } = "held";
        public bool Overdue { get; set; }
        public Guid? Payment { get; set; }
        public HashSet<Guid> Rejected { get; } = [];
        public bool IsOpen => Status is "held" or "paying";
    }

    public List<Entry> Reservations { get; } = [];

    /// <summary>Every payment that was completed, and what had to be said about it.</summary>
    public Dictionary<Guid, string> Payments { get; } = [];

    public bool CanHold(long[] seats, int ticket) =>
        !Reservations.Any(r => r.Ticket == ticket && (r.Status == "confirmed" || (r.IsOpen && !r.Overdue))) && !Owned(seats, except: null);

    public void Hold(Guid id, long[] seats, int ticket)
    {
        foreach (var over in Reservations.Where(r => r.IsOpen && r.Overdue && (r.Ticket == ticket || r.Seats.Intersect(seats).Any()))) over.Status = "expired";
        Reservations.Add(new Entry(id, seats, ticket));
    }

    public void Sweep()
    {
        foreach (var over in Reservations.Where(r => r.IsOpen && r.Overdue)) over.Status = "expired";
    }

    public void Cancel(Entry entry)
    {
        if (entry.Status == "held") entry.Status = "cancelled";
    }

    public void Pending(Entry entry, Guid payment)
    {
        if (!entry.IsOpen) return;
        (entry.Status, entry.Payment, entry.Overdue) = ("paying", payment, false);
    }

    public void Failed(Entry entry, Guid payment)
    {
        if (entry.Status == "paying" && entry.Payment == payment) entry.Status = "held";
    }

    public void Completed(Entry entry, Guid payment)
    {
        if ((entry.Status == "confirmed" && entry.Payment == payment) || entry.Rejected.Contains(payment)) return;
        var free = !entry.IsOpen && entry.Status != "confirmed"
            && !Reservations.Any(r => r != entry && r.Ticket == entry.Ticket && (r.IsOpen || r.Status == "confirmed"))
            && !Reservations.Any(r => r != entry && (r.IsOpen || r.Status == "confirmed") && r.Seats.Intersect(entry.Seats).Any());
        var sold = entry.IsOpen || free;
        if (sold) (entry.Status, entry.Payment) = ("confirmed", payment);
        else entry.Rejected.Add(payment);
        Payments[payment] = sold ? "ReservationConfirmed" : "ReservationRejected";
    }

    private bool Owned(long[] seats, Entry? except) =>
        Reservations.Any(r => r != except && (r.Status == "confirmed" || (r.IsOpen && !r.Overdue)) && r.Seats.Intersect(seats).Any());
}
