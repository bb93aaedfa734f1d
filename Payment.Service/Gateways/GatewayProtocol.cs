using System.Net;
using System.Text.Json;

namespace PaymentService.Gateways;

internal sealed record ApprovalRequest(long Amount, string Currency, ApprovalCard Card, string OrderId);

internal sealed record ApprovalCard(string Number, string Expiry, string? Holder)
{
    public override string ToString() => "card";
}

internal sealed record CancellationRequest(string Key);

/// <summary>A gateway's entry of one key.</summary>
internal sealed record ApprovalEntry(string Status, string? DeclineReason);

/// <summary>Reads what gateways answer. Whatever is not clear is unknown, and never "not approved".</summary>
internal static class GatewayProtocol
{
    public static async Task<GatewayAnswer> ReadAsync(HttpResponseMessage response, CancellationToken ct) => response.StatusCode switch
    {
        // An entry of the key: 402 for a declined card, 409 for a key that was cancelled before.
        HttpStatusCode.OK or HttpStatusCode.PaymentRequired or HttpStatusCode.Conflict => Read(await ReadEntryAsync(response, ct)),
        HttpStatusCode.NotFound => GatewayOutcome.NotFound,
        // By the gateway's contract refused before anything was done.
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadRequest
            or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => GatewayOutcome.NotTaken,
        _ => GatewayOutcome.Unknown,
    };

    /// <summary>What a failed exchange leaves: certainty only where no connection came about.</summary>
    public static GatewayOutcome Read(HttpRequestException e)
        => e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            ? GatewayOutcome.NotTaken
            : GatewayOutcome.Unknown;

    private static GatewayAnswer Read(ApprovalEntry? entry) => entry?.Status switch
    {
        "approved" => GatewayOutcome.Approved,
        "declined" => new GatewayAnswer(GatewayOutcome.Declined, entry.DeclineReason),
        "cancelled" => GatewayOutcome.Cancelled,
        _ => GatewayOutcome.Unknown,
    };

    private static async Task<ApprovalEntry?> ReadEntryAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(PaymentJson.Default.ApprovalEntry, ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
