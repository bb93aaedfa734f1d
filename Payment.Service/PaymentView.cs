using System.Text.Json;
using Contracts;
using PaymentService.Domain;

namespace PaymentService;

/// <summary>A payment as its owner sees it.</summary>
public sealed record PaymentView(
    Guid Id, Guid ReservationId, long Amount, string Currency, string Method, string Status, DateTimeOffset CreatedAt,
    string? CardLastFour = null, string? FailureReason = null)
{
    public const string Pending = "pending";
    public const string Completed = "completed";
    public const string Failed = "failed";

    public static string NameOf(PaymentMethod method) => method is PaymentMethod.Points ? "points" : "card";

    public static PaymentView OfPoints(Guid id, Guid reservation, long amount, DateTimeOffset at)
        => new(id, reservation, amount, Won.Currency, NameOf(PaymentMethod.Points), Completed, at);

    public string ToJson() => JsonSerializer.Serialize(this, PaymentJson.Default.PaymentView);
}
