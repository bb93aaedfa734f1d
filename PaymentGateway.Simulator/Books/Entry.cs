using System.Text.Json.Serialization;

namespace PaymentGatewaySimulator.Books;

/// <summary>What the gateway knows under one merchant's key.</summary>
/// <param name="Approvals">How often money was taken under this key: more than 1 would be a double charge.</param>
public sealed record Entry(string Key, string OrderId, long Amount, EntryStatus Status, string? DeclineReason = null, int Approvals = 0);

[JsonConverter(typeof(JsonStringEnumConverter<EntryStatus>))]
public enum EntryStatus
{
    [JsonStringEnumMemberName("approved")] Approved,
    [JsonStringEnumMemberName("declined")] Declined,
    [JsonStringEnumMemberName("cancelled")] Cancelled,
}
