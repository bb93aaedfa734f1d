using Contracts;
using MassTransit;

namespace QueueService.Features;

/// <summary>The seats are sold: the ticket has served, and its place is free for the next. A second delivery changes nothing.</summary>
public sealed class CompleteTicket(Lines lines) : IConsumer<ReservationConfirmed>
{
    public Task Consume(ConsumeContext<ReservationConfirmed> context)
    {
        var booked = context.Message;
        return lines.CompleteAsync(booked.ConcertId, booked.UserId, booked.Ticket, context.CancellationToken);
    }
}
