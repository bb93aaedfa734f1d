using QueueService.Domain;

namespace QueueService.Tests;

/// <summary>What a line is, told as plainly as possible: a list of tickets, looked through from the front.</summary>
internal sealed class LineModel(LineOptions options)
{
    private readonly List<Ticket> _tickets = [];
    private readonly Dictionary<long, Ticket> _last = [];

    public DateTimeOffset Now { get; set; }

    public int Places { get; set; }

    public bool Paused { get; set; }

    public int Active => _tickets.Count(t => t.HasPlace(Now));

    public int Waiting => _tickets.Count(t => t is { Called: false, Gone: false } && t.LeaseEnds > Now);

    public Ticket Join(long user)
    {
        Step();
        if (_last.TryGetValue(user, out var mine) && Look(mine) is TicketStatus.Waiting or TicketStatus.Admitted)
            return _last[user];
        // Where somebody is still to be called, the newcomer waits for the next step.
        var nobodyWaits = _tickets.All(t => t.Called);
        var ticket = new Ticket { LeaseEnds = Now + options.WaitingLease };
        _tickets.Add(ticket);
        _last[user] = ticket;
        if (nobodyWaits)
            Step();
        Look(ticket);
        return ticket;
    }

    public TicketStatus Check(Ticket ticket)
    {
        Step();
        return Look(ticket);
    }

    public static void Leave(Ticket ticket) => ticket.Gone = true;

    public static void Complete(Ticket ticket) => ticket.Gone = ticket.Completed = true;

    public void Step()
    {
        foreach (var ticket in _tickets.Where(t => !t.Called))
        {
            if (Paused || Active >= Places)
                return;
            ticket.Called = true;
            if (!ticket.Gone && ticket.LeaseEnds > Now)
                ticket.PlaceEnds = Now + options.ClaimGrace;
        }
    }

    private TicketStatus Look(Ticket ticket)
    {
        if (ticket.Completed)
            return TicketStatus.Completed;
        if (ticket.HasPlace(Now))
        {
            if (!ticket.Claimed)
                (ticket.Claimed, ticket.PlaceEnds) = (true, Now + options.PlaceDuration);
            return TicketStatus.Admitted;
        }
        if (ticket.Called || ticket.Gone)
            return TicketStatus.Expired;
        ticket.LeaseEnds = Now + options.WaitingLease;
        return TicketStatus.Waiting;
    }

    internal sealed class Ticket
    {
        public DateTimeOffset LeaseEnds { get; set; }

        public DateTimeOffset PlaceEnds { get; set; }

        public bool Called { get; set; }

        public bool Claimed { get; set; }

        public bool Gone { get; set; }

        public bool Completed { get; set; }

        public bool HasPlace(DateTimeOffset now) => !Gone && PlaceEnds > now;
    }
}
