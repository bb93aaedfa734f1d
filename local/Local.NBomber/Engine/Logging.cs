using System.Globalization;
using Serilog;

namespace NBomber.Engine;

/// <summary>The logger that scenarios see.</summary>
internal static class Logging
{
    public static ILogger Create(SessionOptions options) =>
        (options.LoggerConfig?.Invoke() ?? new LoggerConfiguration().WriteTo.Console(formatProvider: CultureInfo.InvariantCulture))
            .MinimumLevel.Is(options.MinimumLogLevel)
            .CreateLogger();
}
