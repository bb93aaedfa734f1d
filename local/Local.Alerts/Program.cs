using Local.Alerts;

// Stands where a team's chat or pager would be: takes Alertmanager's notifications and writes them down.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<AlertLog>();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AlertJson.Default));
var app = builder.Build();

app.MapGet("/health", () => TypedResults.Text("Healthy"));

// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
app.MapPost("/api/v1/notifications", async (Notification notification, AlertLog log, CancellationToken ct) =>
{
    await log.WriteAsync(notification, ct);
    return TypedResults.NoContent();
});

app.MapGet("/api/v1/alerts", (AlertLog log) => TypedResults.Ok(log.Read()));

app.Run();
