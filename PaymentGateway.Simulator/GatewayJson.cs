using System.Text.Json;
using System.Text.Json.Serialization;
using PaymentGatewaySimulator.Books;
using PaymentGatewaySimulator.Faults;
using PaymentGatewaySimulator.Features;

namespace PaymentGatewaySimulator;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ApprovalRequest))]
[JsonSerializable(typeof(CancellationRequest))]
[JsonSerializable(typeof(Entry))]
[JsonSerializable(typeof(FaultSettings))]
[JsonSerializable(typeof(BooksPage))]
internal sealed partial class GatewayJson : JsonSerializerContext;
