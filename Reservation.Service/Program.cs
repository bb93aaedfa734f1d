using Contracts;
using Messaging;
using ReservationService;
using ReservationService.Features;
using ReservationService.Guard;
using ReservationService.Layouts;
using ServiceDefaults.Commands;
using ServiceDefaults.Database;
using ServiceDefaults.Idempotency;

if (HealthProbe.IsAsked(args))
    return await HealthProbe.RunAsync(args);

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults();
builder.AddRedisClient(ResourceNames.Redis);
builder.AddDatabase(ResourceNames.ReservationDb, typeof(IdempotencyStore).Assembly, typeof(OutboxMessage).Assembly, typeof(Program).Assembly);
builder.AddMessaging(messages =>
{
    messages.UseDatabase();
    messages.Consume(Topics.Payments, group: ResourceNames.Reservation, consumers =>
    {
        consumers.Add<ExtendHold>();
        consumers.Add<ReopenHold>();
        consumers.Add<ConfirmReservation>();
    });
});

builder.Services.AddOptions<HoldOptions>().BindConfiguration(HoldOptions.Section)
    .Validate(o => o.Duration > TimeSpan.Zero, "Holds:Duration must be positive.")
    .Validate(o => o.Grace >= TimeSpan.Zero, "Holds:Grace must not be negative.")
    .Validate(o => o.MostSeatsPerConcert is >= 1 and <= 100, "Holds:MostSeatsPerConcert must be between 1 and 100.")
    .ValidateOnStart();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ReservationJson.Default));
builder.Services.AddLayouts();
builder.Services
    .AddSingleton<ReservationMetrics>()
    .AddSingleton<SeatGuard>()
    .AddScoped<Confirmations>()
    .AddSingleton<SeatStore>()
    .AddSingleton<HoldSeats>()
    .AddHostedService<ExpireHolds>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDeadLetters();

var api = app.MapGroup("/api/v1");
HoldSeats.Map(api);
GetReservation.Map(api);
ListReservations.Map(api);
CancelReservation.Map(api);

await app.RunOrApplySchemaAsync(args);
return 0;
