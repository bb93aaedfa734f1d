using System.Text.Json;
using System.Text.Json.Serialization;

namespace ConcertService;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ConcertPage))]
[JsonSerializable(typeof(ConcertItem))]
[JsonSerializable(typeof(ScheduleItem))]
[JsonSerializable(typeof(SeatFace))]
[JsonSerializable(typeof(ConcertLayouts))]
public sealed partial class CatalogueJson : JsonSerializerContext;
