using System.Buffers.Binary;
using Contracts;
using MassTransit;
using Messaging;

namespace ConcertService;

/// <summary>Keeps the read model of seats up to date with what Reservation says.</summary>
public sealed class TrackAvailability(SeatClaims claims, MessageTransaction transaction, CacheMetrics metrics, TimeProvider time)
    : IConsumer<ReservationHeld>, IConsumer<ReservationReleased>, IConsumer<ReservationConfirmed>
{
    /// <summary>
    /// A hold that is told of this long after its end is over, whatever became of it. Well below <see cref="ForgetReleases.Retention"/>:
    /// nobody revives a hold whose release has been forgotten.
    /// </summary>
    public static readonly TimeSpan TooLate = TimeSpan.FromHours(12);

    public Task Consume(ConsumeContext<ReservationHeld> context)
    {
        var held = context.Message;
        if (time.GetUtcNow() - held.HeldUntil < TooLate)
            Claim(held.ScheduleId, held.SeatIds, held.ReservationId, ClaimState.Held);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<ReservationReleased> context)
    {
        var released = context.Message;
        Claim(released.ScheduleId, released.SeatIds, released.ReservationId, ClaimState.Released);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<ReservationConfirmed> context)
    {
        var confirmed = context.Message;
        Claim(confirmed.ScheduleId, confirmed.SeatIds, confirmed.ReservationId, ClaimState.Sold);
        return Task.CompletedTask;
    }

    private void Claim(long schedule, long[] seats, Guid reservation, ClaimState state)
    {
        if (claims.IsEmpty)
        {
            foreach (var command in claims.Commands)
                transaction.Enqueue(command, answered: _ => { });
        }

        claims.Add(schedule, seats, reservation, state, CreatedAt(transaction.MessageId));
        transaction.AfterCommit(() => metrics.SeatsBecame(state, seats.Length));
    }

    // A message's id is a UUIDv7: its first 48 bits are the millisecond of the event (RFC 9562, 5.7).
    private static long CreatedAt(Guid messageId)
    {
        Span<byte> bytes = stackalloc byte[16];
        messageId.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
    }
}
