using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Local.Dashboard.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Local.Dashboard.Console;

/// <summary>The lines of the console page: what there is, then what comes, as finished HTML; and all of it to keep.</summary>
internal static class ConsoleEndpoints
{
    /// <summary>So many lines stay on the page.</summary>
    internal const int MostShown = 5_000;

    private const int MostPerMessage = 500;
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    internal static void MapConsole(this IEndpointRouteBuilder app)
    {
        app.MapGet("/console/stream", StreamAsync);
        app.MapGet("/console/download", DownloadAsync);
    }

    private static async Task StreamAsync(HttpContext context, IResourceView resources, TimeProvider time, string? resource, string? q)
    {
        var gone = context.RequestAborted;
        // A page that cannot keep up loses old lines, not this process its memory.
        var lines = Channel.CreateBounded<ConsoleLine>(new BoundedChannelOptions(MostShown) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        resources.LineWritten += Offer;
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            // The subscription came first, so a line may be in both: each instance's numbers tell.
            var seen = new Dictionary<string, long>(StringComparer.Ordinal);
            var before = resources.Lines(NullIfEmpty(resource)).Where(Wanted).TakeLast(MostShown).ToList();
            await context.Response.WriteAsync("event: begin\ndata: \n\n", gone);
            foreach (var chunk in before.Where(New).Chunk(MostPerMessage))
                await SendAsync(context.Response, chunk, gone);
            while (true)
            {
                var batch = new List<ConsoleLine>();
                while (batch.Count < MostPerMessage && lines.Reader.TryRead(out var line))
                {
                    if (New(line))
                        batch.Add(line);
                }
                if (batch.Count > 0)
                    await SendAsync(context.Response, batch, gone);
                await context.Response.Body.FlushAsync(gone);
                await Task.Delay(AtMostEvery, time, gone);
                while (!await WaitAsync(lines.Reader, gone))
                {
                    await context.Response.WriteAsync(": still here\n\n", gone);
                    await context.Response.Body.FlushAsync(gone);
                }
            }

            bool New(ConsoleLine line)
            {
                if (seen.GetValueOrDefault(line.Instance) >= line.Number)
                    return false;
                seen[line.Instance] = line.Number;
                return true;
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The page was closed.
        }
        finally
        {
            resources.LineWritten -= Offer;
        }

        void Offer(ConsoleLine line)
        {
            if ((string.IsNullOrEmpty(resource) || line.Resource == resource) && Wanted(line))
                lines.Writer.TryWrite(line);
        }

        bool Wanted(ConsoleLine line) => string.IsNullOrEmpty(q) || AnsiText.Plain(line.Text).Contains(q, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<bool> WaitAsync(ChannelReader<ConsoleLine> lines, CancellationToken gone)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(gone);
        quiet.CancelAfter(Heartbeat);
        try
        {
            return await lines.WaitToReadAsync(quiet.Token);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return false;
        }
    }

    private static Task SendAsync(HttpResponse response, IReadOnlyCollection<ConsoleLine> lines, CancellationToken gone)
    {
        var message = new StringBuilder("data: ");
        foreach (var line in lines)
        {
            message.Append("<div class=\"").Append(ResourceColour.Of(line.Resource)).Append("\"><time>")
                .Append(line.At.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture))
                .Append("</time><b>").Append(WebUtility.HtmlEncode(line.Instance)).Append("</b><span>")
                .Append(AnsiText.ToHtml(line.Text.ReplaceLineEndings(" "))).Append("</span></div>");
        }
        return response.WriteAsync(message.Append("\n\n").ToString(), gone);
    }

    /// <summary>One process: its whole file. Several: what is in memory, in order of time.</summary>
    private static async Task DownloadAsync(HttpContext context, IResourceView resources, string? resource)
    {
        var gone = context.RequestAborted;
        context.Response.ContentType = "text/plain; charset=utf-8";
        var name = string.Concat((NullIfEmpty(resource) ?? "all").Where(c => char.IsAsciiLetterOrDigit(c) || c is '-'));
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}.log\"";
        await using var writer = new StreamWriter(context.Response.Body, new UTF8Encoding(false));
        if (resources.Current.FirstOrDefault(r => r.Name == resource)?.Replicas is [{ } only] && resources.ReadLog(only.Instance, gone) is { } file)
        {
            await foreach (var line in file)
                await writer.WriteLineAsync(AnsiText.Plain(line));
            return;
        }
        foreach (var line in resources.Lines(NullIfEmpty(resource)))
            await writer.WriteLineAsync($"{line.At.ToLocalTime():yyyy-MM-ddTHH:mm:ss.fffzzz} [{line.Instance}] {AnsiText.Plain(line.Text)}");
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
