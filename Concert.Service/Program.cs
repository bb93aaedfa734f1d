using ConcertService;
using Contracts;
using Messaging;
using ServiceDefaults.Commands;
using ServiceDefaults.Database;

if (HealthProbe.IsAsked(args))
    return await HealthProbe.RunAsync(args);

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults();
builder.AddDatabase(ResourceNames.ConcertDb, typeof(OutboxMessage).Assembly, typeof(Program).Assembly);
builder.AddMessaging(messages =>
{
    messages.UseDatabase();
    messages.Consume(Topics.Reservations, group: ResourceNames.Concert, consumers => consumers.Add<TrackAvailability>());
});

builder.Services.AddOptions<VenueOptions>().BindConfiguration(VenueOptions.Section)
    .Validate(venue => VenueClock.Find(venue.TimeZone) is not null, "Venue:TimeZone must be the IANA name of a time zone.")
    .ValidateOnStart();
builder.Services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section)
    .Validate(cache => cache.MaxBytes is >= 1 << 20 and <= 1L << 34, "Cache:MaxBytes must be between 1 MiB and 16 GiB.")
    .ValidateOnStart();
builder.Services.AddOptions<DemoDataOptions>().BindConfiguration(DemoDataOptions.Section);

builder.Services
    .AddSingleton<CatalogueSeeder>()
    .AddSingleton<VenueClock>()
    .AddSingleton<DatabaseBreaker>()
    .AddSingleton<CacheMetrics>()
    .AddSingleton<ResponseCaches>()
    .AddSingleton<SeatFeed>()
    .AddSingleton<ListConcerts>()
    .AddSingleton<GetConcert>()
    .AddSingleton<ListSchedules>()
    .AddSingleton<ListSeats>()
    .AddSingleton<ListLayouts>()
    .AddScoped<SeatClaims>()
    .AddHostedService<LoadDemoData>()
    .AddHostedService<RehearseListSeats>()
    .AddHostedService<ForgetReleases>()
    .AddHostedService(services => services.GetRequiredService<SeatFeed>());

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDeadLetters();

var api = app.MapGroup("/api/v1");
ListConcerts.Map(api);
GetConcert.Map(api);
ListSchedules.Map(api);
ListSeats.Map(api);
ListLayouts.Map(app);

await app.RunOrApplySchemaAsync(args);
return 0;
