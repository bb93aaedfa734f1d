using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ServiceDefaults.Metrics;

/// <summary>Answers <c>/metrics</c>: each scrape collects OpenTelemetry's aggregates at that moment and writes them as text.</summary>
internal sealed class PrometheusScrape : IDisposable
{
    private const string OpenMetrics = "application/openmetrics-text";
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly TextExporter _exporter = new();

    public PrometheusScrape() => Reader = new BaseExportingMetricReader(_exporter);

    public MetricReader Reader { get; }

    public async Task WriteAsync(HttpContext context)
    {
        var openMetrics = context.Request.Headers.Accept.ToString().Contains(OpenMetrics, StringComparison.OrdinalIgnoreCase);
        context.Response.ContentType = openMetrics ? $"{OpenMetrics}; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
        await WriteAsync(await CollectAsync(openMetrics, context.RequestAborted), context.Response.BodyWriter, context.RequestAborted);
    }

    private async Task<PrometheusText> CollectAsync(bool openMetrics, CancellationToken ct)
    {
        await _oneAtATime.WaitAsync(ct);
        try
        {
            _exporter.Text = new PrometheusText(openMetrics);
            Reader.Collect();
            return _exporter.Text;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    // Piece by piece: all of it in one string would be a large object at each scrape, and those are rarely collected.
    private static async Task WriteAsync(PrometheusText text, PipeWriter body, CancellationToken ct)
    {
        var encoder = Encoding.UTF8.GetEncoder();
        foreach (var piece in text.Pieces)
        {
            encoder.Convert(piece.Span, body, flush: false, out _, out _);
            await body.FlushAsync(ct);
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    // A metric point may only be read while it is exported, so the text is written there and then.
    private sealed class TextExporter : BaseExporter<Metric>
    {
        public PrometheusText? Text { get; set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            var metrics = new List<Metric>();
            foreach (var metric in batch)
                metrics.Add(metric);
            Text?.Write(ParentProvider.GetResource(), metrics);
            return ExportResult.Success;
        }
    }
}
