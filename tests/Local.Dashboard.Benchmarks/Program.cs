using System.Diagnostics;
using System.Globalization;
using Local.Dashboard;
using Local.Dashboard.Benchmarks;

// The dashboard in a process of its own takes what six services send; this process sends and measures the other.
// dotnet run -c Release --project tests/Local.Dashboard.Benchmarks [seconds] [spans/s] [logs/s]
if (args is ["serve", var port, var otlpPort, var grpcPort])
{
    var options = new DashboardOptions { Port = int.Parse(port, CultureInfo.InvariantCulture), OtlpPort = int.Parse(otlpPort, CultureInfo.InvariantCulture), OtlpGrpcPort = int.Parse(grpcPort, CultureInfo.InvariantCulture), BrowserToken = Load.Token };
    await using var dashboard = await DashboardHost.StartAsync(options, new NoResources(), CancellationToken.None);
    Console.WriteLine("ready");
    await Console.In.ReadLineAsync(); // Until the parent goes.
    return;
}

var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
var spans = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 20_000;
var logs = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5_000;
var (pages, otlp) = (Load.FreePort(), Load.FreePort());
using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, $"serve {pages} {otlp} {Load.FreePort()}") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
await child.StandardOutput.ReadLineAsync();
using var load = new Load(new Uri($"http://localhost:{otlp}"), new Uri($"http://localhost:{pages}"));
await load.SendPastMetricsAsync(TimeSpan.FromHours(1));
await load.SendTracesAsync(1_000);
await OpenAsync("with 1,000 traces", "/traces", "/map");
await load.RunAsync(5, spans, logs); // Until the code is compiled.
var (cpu, clock) = (Cpu(), Stopwatch.StartNew());
var sent = await load.RunAsync(seconds, spans, logs);
var (used, took) = (Cpu() - cpu, clock.Elapsed);
Console.WriteLine($"took {sent.Spans / took.TotalSeconds:#,0} spans/s and {sent.Logs / took.TotalSeconds:#,0} logs/s for {took.TotalSeconds:0} s");
Console.WriteLine($"CPU  {used / took * 100:0} % of one core, {used.TotalMicroseconds / (sent.Spans + sent.Logs):0.0} µs each");
Console.WriteLine($"memory {child.WorkingSet64 >> 20} MB, at most {child.PeakWorkingSet64 >> 20} MB");
await OpenAsync("with all that is kept", "/traces", "/traces?errors=true", "/structuredlogs", "/metrics", "/latency", "/map");
child.Refresh();
Console.WriteLine($"memory {child.WorkingSet64 >> 20} MB after the pages");
child.StandardInput.Close();
await child.WaitForExitAsync();

async Task OpenAsync(string of, params string[] paths)
{
    Console.WriteLine($"pages {of}: the first time, then");
    foreach (var path in paths)
    {
        var (first, usual) = await load.OpenAsync(path);
        Console.WriteLine($"{path,-22} {first,6:0} ms {usual,6:0} ms");
    }
}

TimeSpan Cpu()
{
    child.Refresh();
    return child.TotalProcessorTime;
}
