using Contracts;
using QueueService;
using QueueService.Features;
using ServiceDefaults.Commands;
using ServiceDefaults.Redis;

if (HealthProbe.IsAsked(args))
    return await HealthProbe.RunAsync(args);

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults();
builder.AddRedisClient(ResourceNames.Redis);
builder.AddMessaging(messages =>
    messages.Consume(Topics.Reservations, group: ResourceNames.Queue, consumers => consumers.Add<CompleteTicket>()));

LineOptions.Add(builder);
builder.Services.AddSingleton<LineScripts>();
builder.Services.AddSingleton<LineMemory>();
builder.Services.AddSingleton<Beat>();
builder.Services.AddSingleton<Lines>();
builder.Services.AddSingleton<Audience>();
builder.Services.AddSingleton<QueueMetrics>();
builder.Services.AddSingleton<PlaceClerk>();
builder.Services.AddSingleton<PlaceStream>();
builder.Services.AddHostedService<LineTicker>();
builder.Services.AddHostedService<RedisServerMetrics>();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, QueueJson.Default));

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDeadLetters();

var api = app.MapGroup("/api/v1");
IssueToken.Map(api);
CheckPosition.Map(api);
StreamPosition.Map(api);
LeaveLine.Map(api);
ShowLine.Map(api);
SetLineLimits.Map(api);
if (app.Environment.IsDevelopment())
    SignIn.Map(api);

await app.RunAsync();
return 0;
