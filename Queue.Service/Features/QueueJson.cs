using System.Text.Json;
using System.Text.Json.Serialization;

namespace QueueService.Features;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(PlaceInLine))]
[JsonSerializable(typeof(LineAnswer))]
[JsonSerializable(typeof(LimitsRequest))]
[JsonSerializable(typeof(LimitsAnswer))]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(SignInAnswer))]
internal sealed partial class QueueJson : JsonSerializerContext;
