using System.Text.Json;
using System.Text.Json.Serialization;
using PaymentService.Features;
using PaymentService.Gateways;

namespace PaymentService;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PaymentRequest))]
[JsonSerializable(typeof(PaymentView))]
[JsonSerializable(typeof(ChargeRequest))]
[JsonSerializable(typeof(WalletBalance))]
[JsonSerializable(typeof(WalletHistory))]
[JsonSerializable(typeof(ApprovalRequest))]
[JsonSerializable(typeof(ApprovalEntry))]
[JsonSerializable(typeof(CancellationRequest))]
internal sealed partial class PaymentJson : JsonSerializerContext;
