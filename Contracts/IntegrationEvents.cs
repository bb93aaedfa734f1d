using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Contracts;

/// <summary>Which events there are, and how each is written as JSON.</summary>
public static class IntegrationEvents
{
    private static readonly Dictionary<string, JsonTypeInfo> ByName = new JsonTypeInfo[]
    {
        EventJson.Default.ReservationHeld,
        EventJson.Default.ReservationExtended,
        EventJson.Default.ReservationConfirmed,
        EventJson.Default.ReservationReleased,
        EventJson.Default.ReservationRejected,
        EventJson.Default.PaymentPending,
        EventJson.Default.PaymentCompleted,
        EventJson.Default.PaymentFailed,
        EventJson.Default.PaymentRefunded,
    }.ToDictionary(info => info.Type.Name, StringComparer.Ordinal);

    /// <summary>The event of that name, or null when this version of the system does not know it.</summary>
    public static JsonTypeInfo? Find(string messageType) => ByName.GetValueOrDefault(messageType);

    public static string NameOf<T>() where T : class => typeof(T).Name;

    public static byte[] Serialize<T>(T integrationEvent) where T : class =>
        JsonSerializer.SerializeToUtf8Bytes(integrationEvent, ByName[typeof(T).Name]);
}

// A member that is missing makes a message unreadable; one that is added later needs a default, so that older messages stay readable.
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ReservationHeld))]
[JsonSerializable(typeof(ReservationExtended))]
[JsonSerializable(typeof(ReservationConfirmed))]
[JsonSerializable(typeof(ReservationReleased))]
[JsonSerializable(typeof(ReservationRejected))]
[JsonSerializable(typeof(PaymentPending))]
[JsonSerializable(typeof(PaymentCompleted))]
[JsonSerializable(typeof(PaymentFailed))]
[JsonSerializable(typeof(PaymentRefunded))]
internal sealed partial class EventJson : JsonSerializerContext;
