namespace QueueService.Domain;

/// <summary>A line as it was at one moment.</summary>
/// <param name="Epoch">Names this life of the line; null when there is none yet.</param>
/// <param name="Issued">The last ticket number given out.</param>
/// <param name="Serving">The last turn that was called; it only grows.</param>
/// <param name="Waiting">Users who wait and are still there.</param>
/// <param name="Reformed">Tickets of a lost life that are served before everybody else.</param>
/// <param name="ReformServing">The last turn of these that was called.</param>
/// <param name="Active">Places taken.</param>
/// <param name="Rate">Admissions a second, smoothed, at <paramref name="SteppedAt"/>.</param>
/// <param name="JustAdmitted">How many the call that read this admitted.</param>
public sealed record LineView(
    string? Epoch, long Issued, long Serving, long Waiting, long Reformed, long ReformServing, long Active, double Rate, DateTimeOffset SteppedAt,
    LineLimits Limits, Shuffle Shuffle, long JustAdmitted)
{
    public static readonly TimeSpan Smoothing = TimeSpan.FromSeconds(10);

    /// <summary>The order among the tickets of this life.</summary>
    public long TurnOf(long ticket) => Shuffle.TurnOf(ticket);

    /// <summary>Whether this ticket's turn has not come yet.</summary>
    public bool IsAhead(long ticket) => TurnOf(ticket) > Serving;

    /// <summary>How many turns until this one, 1 being next; those who have left are still in it. Tickets of an earlier life come first.</summary>
    public long PositionOf(long ticket, long order)
        => IsAhead(ticket) ? TurnOf(ticket) - Serving + Reformed : Math.Clamp(order - ReformServing, 1, Math.Max(1, Reformed));

    /// <summary>How many of those at a position or before it are still there.</summary>
    public double LivingUpTo(long position)
    {
        var turns = Issued - Serving + Reformed;
        return Math.Max(1, turns > 0 ? position * Math.Min(1, (double)Waiting / turns) : position);
    }

    /// <summary>Admissions a second as of now: what was measured fades while nobody is admitted.</summary>
    public double AdmittedPerSecond(DateTimeOffset now)
        => Rate * Math.Exp(-Math.Max(0, (now - SteppedAt) / Smoothing));

    public TimeSpan UntilOpening(DateTimeOffset now)
        => Limits.OpensAt is { } opensAt && opensAt > now ? opensAt - now : TimeSpan.Zero;
}

/// <summary>What an operator sets for a line; with <paramref name="OpensAt"/> the sale has not opened yet.</summary>
/// <param name="Seed">The secret of the shuffle at the opening.</param>
/// <param name="Version">Grows with every word of an operator; 0 where none has spoken.</param>
public sealed record LineLimits(long MaxActive, double AdmitPerSecond, bool Paused, DateTimeOffset? OpensAt, string Seed = "", long Version = 0);

/// <summary>How a ticket stands.</summary>
public enum TicketStatus
{
    Waiting,
    Admitted,
    Completed,
    Expired,
}

/// <summary>A ticket, how it stands, and the line around it.</summary>
/// <param name="PlaceEndsAt">When an admitted ticket's place ends.</param>
/// <param name="IsNew">Whether this very call issued it.</param>
public sealed record Standing(long Ticket, TicketStatus Status, DateTimeOffset PlaceEndsAt, DateTimeOffset IssuedAt, bool IsNew, LineView Line);
