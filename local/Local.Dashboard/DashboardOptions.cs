namespace Local.Dashboard;

/// <summary>Where the dashboard listens and who may see it.</summary>
public sealed record DashboardOptions
{
    public const int DefaultPort = 18888;
    public const int DefaultOtlpPort = 4318;
    public const int DefaultOtlpGrpcPort = 4317;

    /// <summary>The pages.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>OTLP over HTTP: telemetry comes in here, nothing goes out.</summary>
    public int OtlpPort { get; init; } = DefaultOtlpPort;

    /// <summary>OTLP over gRPC, likewise.</summary>
    public int OtlpGrpcPort { get; init; } = DefaultOtlpGrpcPort;

    /// <summary>What telemetry has to show in its header <c>x-otlp-api-key</c>; null where all that comes is taken.</summary>
    public string? OtlpApiKey { get; init; }

    /// <summary>Opens the pages, once per browser.</summary>
    public required string BrowserToken { get; init; }

    public string ApplicationName { get; init; } = "AppHost";

    public string Url => $"http://localhost:{Port}";

    public string OtlpUrl => $"http://localhost:{OtlpPort}";

    public string OtlpGrpcUrl => $"http://localhost:{OtlpGrpcPort}";

    /// <summary>For the terminal: a click on it signs in.</summary>
    public string LoginUrl => $"{Url}/login?t={BrowserToken}";
}
