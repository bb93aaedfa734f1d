using Microsoft.Extensions.Options;

namespace PaymentService.Gateways;

/// <summary>The gateways in the order in which a payment tries them.</summary>
public sealed class CardGateways : IDisposable
{
    public CardGateways(IOptions<PaymentGatewayOptions> options, IHttpClientFactory http, TimeProvider time, PaymentMetrics metrics)
    {
        Gateway Create(GatewayOptions gateway) => new(gateway, http.CreateClient(gateway.Name), time, metrics);
        InOrder = [Create(options.Value.Primary), Create(options.Value.Backup)];
    }

    public IReadOnlyList<Gateway> InOrder { get; }

    /// <summary>Null for a gateway that is no longer configured: what was asked there stays as it is until it is configured again.</summary>
    public Gateway? Find(string name) => InOrder.FirstOrDefault(g => g.Name == name);

    public void Dispose()
    {
        foreach (var gateway in InOrder)
            gateway.Dispose();
    }
}

internal static class GatewayRegistration
{
    public static void AddCardGateways(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PaymentGatewayOptions>().BindConfiguration(PaymentGatewayOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PaymentGatewayOptions>, ValidatePaymentGatewayOptions>();
        var options = new PaymentGatewayOptions();
        builder.Configuration.GetSection(PaymentGatewayOptions.Section).Bind(options);
        foreach (var gateway in new[] { options.Primary, options.Backup })
        {
            builder.Services.AddHttpClient(gateway.Name, client =>
            {
                client.BaseAddress = new Uri($"http://{gateway.Name}");
                // Each call has its own time-out, which tells a slow gateway from a cancelled request.
                client.Timeout = Timeout.InfiniteTimeSpan;
            }).UseSocketsHttpHandler((handler, _) => handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2))
                // One client lives as long as the service: the pooled connections are what is renewed.
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        }
        builder.Services.AddSingleton<CardGateways>();
    }
}
