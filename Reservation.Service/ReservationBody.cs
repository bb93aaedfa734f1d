using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using ServiceDefaults.Tokens;

namespace ReservationService;

/// <summary>A reservation as its owner sees it.</summary>
public sealed record ReservationBody(
    Guid Id, long ScheduleId, long[] SeatIds, long Amount, string Currency, string Status, DateTimeOffset HeldUntil, string? HoldToken)
{
    public const string Won = "KRW";

    internal const string Columns = "id, schedule_id, seat_ids, amount, status, held_until, user_id";

    /// <summary>The receipt that Payment trusts is made anew as long as there is something to pay, so that an extended hold can be paid too.</summary>
    internal static ReservationBody Read(NpgsqlDataReader row, TokenSigner signer)
    {
        var (id, amount, status, until) = (row.GetGuid(0), row.GetInt64(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5));
        return new(
            id, row.GetInt64(1), row.GetFieldValue<long[]>(2), amount, Won, status, until,
            status is Statuses.Held or Statuses.Paying ? signer.Sign(new HoldToken(id, row.GetInt64(6), amount, until)) : null);
    }
}

public sealed record ReservationList(ReservationBody[] Items, int Page, int Size);

public sealed record HoldRequest(long ScheduleId, long[] SeatIds);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HoldRequest))]
[JsonSerializable(typeof(ReservationBody))]
[JsonSerializable(typeof(ReservationList))]
internal sealed partial class ReservationJson : JsonSerializerContext;
