// The smallest service: says what it was given, and dies on demand. The engine's tests run it.
using System.Collections;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();

app.MapGet("/health", () => "Healthy");
app.MapGet("/pid", () => Environment.ProcessId);
app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value));
app.MapPost("/crash", () =>
{
    Console.Error.WriteLine("last words");
    Environment.Exit(3);
});

await app.RunAsync();
