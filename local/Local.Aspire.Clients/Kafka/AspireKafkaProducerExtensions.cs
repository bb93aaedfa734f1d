using Aspire;
using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a Kafka producer (singleton) on <c>ConnectionStrings:&lt;connectionName&gt;</c>.</summary>
public static class AspireKafkaProducerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Producer";

    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName)
        => Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, null);

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings)
        => Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, null);

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, serviceKey: null, null, WithServices(configureBuilder));

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, serviceKey: null, null, configureBuilder);

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName,
        Action<KafkaProducerSettings>? configureSettings, Action<ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, serviceKey: null, configureSettings, WithServices(configureBuilder));

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName,
        Action<KafkaProducerSettings>? configureSettings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name)
        => Add<TKey, TValue>(builder, name, serviceKey: name, null, null);

    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings)
        => Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, null);

    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, name, serviceKey: name, null, WithServices(configureBuilder));

    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, name, serviceKey: name, null, configureBuilder);

    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name,
        Action<KafkaProducerSettings>? configureSettings, Action<ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, name, serviceKey: name, configureSettings, WithServices(configureBuilder));

    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name,
        Action<KafkaProducerSettings>? configureSettings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder, string connectionName, string? serviceKey,
        Action<KafkaProducerSettings>? configureSettings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        NativeKafkaLibrary.Require();
        var settings = Read(builder, connectionName, configureSettings);

        IProducer<TKey, TValue> Create(IServiceProvider services)
        {
            Validate(settings, connectionName);
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Aspire.Confluent.Kafka");
            var producer = new ProducerBuilder<TKey, TValue>(settings.Config);
            producer.SetLogHandler((_, message) => KafkaLog.Write(logger, message));
            configureBuilder?.Invoke(services, producer);
            return producer.Build();
        }

        if (serviceKey is null)
            builder.Services.AddSingleton(Create);
        else
            builder.Services.AddKeyedSingleton(serviceKey, (s, _) => Create(s));

        if (!settings.DisableHealthChecks)
            KafkaHealthCheck.Add(
                builder, serviceKey is null ? "Aspire.Confluent.Kafka.Producer" : $"Aspire.Confluent.Kafka.Producer_{connectionName}", settings.Config);
    }

    private static KafkaProducerSettings Read(
        IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings)
    {
        var settings = new KafkaProducerSettings();
        foreach (var section in new[] { builder.Configuration.GetSection(Section), builder.Configuration.GetSection($"{Section}:{connectionName}") })
        {
            section.Bind(settings);
            section.GetSection(nameof(settings.Config)).Bind(settings.Config);
        }
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);
        if (settings.ConnectionString is { } servers)
            settings.Config.BootstrapServers = servers;
        return settings;
    }

    private static void Validate(KafkaProducerSettings settings, string connectionName)
    {
        if (string.IsNullOrWhiteSpace(settings.Config.BootstrapServers))
            throw new InvalidOperationException(
                $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the 'ConnectionString' key in '{Section}'.");
    }

    private static Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? WithServices<TKey, TValue>(Action<ProducerBuilder<TKey, TValue>>? configure)
        => configure is null ? null : (_, builder) => configure(builder);
}
