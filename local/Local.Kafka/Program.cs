using System.Runtime.InteropServices;
using Local.Kafka;
using Microsoft.Extensions.Logging;

var (options, problem) = CommandLine.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync($"{problem}\n{CommandLine.Usage}");
    return 2;
}

using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

await using var server = new KafkaServer(options, loggers);
await server.StartAsync();
Console.WriteLine($"Kafka is listening on {server.BootstrapServers}");
await stop.Task;
await server.StopAsync();
return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // the process ends when everything is on disk
    stop.TrySetResult();
}
