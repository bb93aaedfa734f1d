using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoadTests.Booking;

internal sealed record SignInRequest(long UserId);

internal sealed record SignInAnswer(string Token);

internal sealed record TokenRequest(long ConcertId);

internal sealed record TokenAnswer(string Token, long Ticket, string Status, long Position, int PollAfterMs, string? Pass);

internal sealed record ReservationRequest(long ScheduleId, long[] SeatIds);

internal sealed record ReservationAnswer(Guid Id, long Amount, string Status, string HoldToken);

internal sealed record PaymentRequest(Guid ReservationId, string HoldToken, string Method, CardDetails? Card);

internal sealed record CardDetails(string Number, string Expiry, string Holder);

internal sealed record ChargeRequest(long Amount);

internal sealed record ConcertList(ConcertItem[] Items, int Total);

internal sealed record ConcertItem(long Id);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(SignInAnswer))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(ReservationRequest))]
[JsonSerializable(typeof(ReservationAnswer))]
[JsonSerializable(typeof(PaymentRequest))]
[JsonSerializable(typeof(ChargeRequest))]
[JsonSerializable(typeof(ConcertList))]
internal sealed partial class ApiJson : JsonSerializerContext;
